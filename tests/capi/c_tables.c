/* Snapshots, reports, records as columns, tables. */
#include "check.h"
#include "tests.h"

static tl_column column_of(const tl_table *table, const char *name) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  SIZED(tl_column, column);
  CHECK_OK(tl_table_get_info(table, &info, &error));
  for (int64_t i = 0; i < info.column_count; ++i) {
    CHECK_OK(tl_table_column(table, i, &column, &error));
    if (text_is(column.name, name)) return column;
  }
  CHECK(!"the table has the column");
  memset(&column, 0, sizeof column);
  return column;
}

static void reports(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_snapshot_info, info);
  SIZED(tl_table_info, table_info);
  SIZED(tl_report_options, options);
  SIZED(tl_cell, cell);
  SIZED(tl_column, column);
  tl_snapshot *snapshot = NULL;
  tl_table *table = NULL;
  tl_string *text = NULL;
  tl_policy *policy = NULL;
  tl_text name, value;

  CHECK_OK(tl_report_list(&table, &error));
  CHECK_OK(tl_table_get_info(table, &table_info, &error));
  CHECK(table_info.row_count > 3 && table_info.column_count == 2);
  tl_table_free(table);

  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  CHECK_OK(tl_snapshot_get_info(snapshot, &info, &error));
  CHECK(info.seq > 8 && info.events > 8 && info.recorded_at > 0);
  CHECK_OK(tl_snapshot_policy(snapshot, &policy, &error));
  CHECK_OK(tl_report_run(snapshot, "sources", 7, NULL, &table, &error));
  SIZED(tl_snapshot_options, until);
  tl_snapshot *earlier = NULL;
  SIZED(tl_snapshot_info, earlier_info);
  until.seq = tl_optional_of(info.seq - 1);
  CHECK_OK(tl_snapshot_take(ledger, &until, &earlier, &error));
  CHECK_OK(tl_snapshot_get_info(earlier, &earlier_info, &error));
  CHECK(earlier_info.seq == info.seq - 1 && earlier_info.events < info.events);
  tl_snapshot_free(earlier);
  until.seq.value = info.seq + 1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "seq", tl_snapshot_take(ledger, &until, &earlier, &error));
  tl_snapshot_free(snapshot); /* neither the table nor the policy needs it */
  SIZED(tl_stage, stage);
  CHECK_OK(tl_policy_stage(policy, 0, &stage, &error));
  tl_policy_free(policy);

  CHECK_OK(tl_table_get_info(table, &table_info, &error));
  CHECK_TEXT(table_info.report, "sources");
  CHECK(table_info.finding.size > 0 && table_info.as_of.seq == info.seq);
  CHECK(table_info.row_count == 1);
  const tl_column source = column_of(table, "source");
  CHECK(source.kind == TL_COLUMN_TEXT && source.offsets[1] == 7 && source.integers == NULL);
  CHECK(memcmp(source.bytes, "webinar", 7) == 0 && source.definition.size > 0);
  const tl_column leads = column_of(table, "leads");
  CHECK(leads.kind == TL_COLUMN_INTEGER && leads.integers[0] == 1 && leads.reals == NULL);
  CHECK_TEXT(leads.unit, "leads");
  const tl_column rate = column_of(table, "win_rate");
  CHECK(rate.kind == TL_COLUMN_REAL && rate.given != NULL && rate.given[0] == 0);

  CHECK_OK(tl_table_cell(table, 0, 0, &cell, &error));
  CHECK(cell.kind == TL_COLUMN_TEXT);
  CHECK_TEXT(cell.text, "webinar");
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_table_cell(table, 1, 0, &cell, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_table_cell(table, 0, INT64_MAX, &cell, &error));
  CHECK(cell.kind == 0 && cell.text.data == NULL);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_table_column(table, -1, &column, &error));
  for (int64_t i = 0; i < table_info.parameter_count; ++i) {
    CHECK_OK(tl_table_parameter(table, i, &name, &value, &error));
  }
  CHECK_STATUS(TL_OUT_OF_RANGE,
               tl_table_parameter(table, table_info.parameter_count, &name, &value, &error));

  CHECK_OK(tl_table_text(table, 100, &text, &error));
  CHECK(string_has(text, "webinar"));
  tl_string_free(text);
  CHECK_OK(tl_table_text(table, INT32_MIN, &text, &error));
  tl_string_free(text);
  CHECK_OK(tl_table_csv(table, &text, &error));
  CHECK(strncmp(tl_string_data(text), "source,leads,", 13) == 0);
  tl_string_free(text);
  CHECK_OK(tl_table_json(table, -1, &text, &error));
  CHECK(string_has(text, "\"source\":\"webinar\""));
  tl_string_free(text);
  CHECK_OK(tl_table_json(table, INT32_MAX, &text, &error));
  tl_string_free(text);
  tl_table_free(table);
  tl_table_free(NULL);

  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "name",
              tl_report_run(snapshot, "gossip", 6, NULL, &table, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_report_run(snapshot, NULL, 6, NULL, &table, &error));
  options.through = tl_optional_of(7000000000000000);
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_report_run(snapshot, "funnel", 6, &options, &table, &error));
  options.through = tl_optional_of(1673308800000000);
  options.source = TL_SOURCE_FIRST;
  CHECK_OK(tl_report_run(snapshot, "funnel", 6, &options, &table, &error));
  tl_table_free(table);
  CHECK_OK(tl_report_run(snapshot, "pipeline", 8, &options, &table, &error));
  tl_table_free(table);
  options.source = 44;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "source",
              tl_report_run(snapshot, "funnel", 6, &options, &table, &error));
  CHECK(table == NULL);
  tl_snapshot_free(snapshot);
  tl_snapshot_free(NULL);
}

static void copies(const tl_table *table, int64_t rows) {
  SIZED(tl_error, error);
  int64_t integers[8];
  double reals[8];
  uint8_t given[8];
  CHECK_OK(tl_table_copy_integers(table, 0, 1, rows - 1, integers, given, &error));
  CHECK(integers[0] == 2 && given[0] == 1);
  CHECK_OK(tl_table_copy_integers(table, 2, 0, rows, integers, given, &error));
  CHECK(given[0] == 1 && given[1] == 0 && integers[1] == 0);
  CHECK_OK(tl_table_copy_reals(table, 0, 0, rows, reals, NULL, &error));
  CHECK(reals[1] == 2.0);
  CHECK_OK(tl_table_copy_reals(table, 0, rows, 0, NULL, NULL, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_table_copy_reals(table, 0, 1, rows, reals, NULL, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE,
               tl_table_copy_integers(table, 0, INT64_MAX, INT64_MAX, integers, given, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_table_copy_integers(table, 0, -1, 1, integers, given, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_values",
              tl_table_copy_integers(table, 0, 0, 1, NULL, given, &error));
  CHECK_STATUS(TL_FAILED_PRECONDITION,
               tl_table_copy_integers(table, 1, 0, 1, integers, given, &error));
  CHECK_STATUS(TL_FAILED_PRECONDITION, tl_table_copy_reals(table, 1, 0, 1, reals, given, &error));
}

static void columns(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  SIZED(tl_filter, filter);
  tl_table *table = NULL;
  tl_string *text = NULL;
  apply_json(ledger, "{\"fact\":\"lead.open\",\"account\":\"crm:A-1\",\"source\":\"event\"}");
  const tl_text names[] = {tl_text_of("lead"), tl_text_of("source"), tl_text_of("owner"),
                           tl_text_of("opened_at")};
  CHECK_OK(tl_lead_columns(ledger, NULL, names, 4, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK_TEXT(info.report, "leads");
  CHECK(info.row_count == 2 && info.column_count == 4 && info.as_of.seq > 0);
  copies(table, 2);
  CHECK(column_of(table, "opened_at").kind == TL_COLUMN_TIME);
  const tl_column sources = column_of(table, "source");
  CHECK(sources.offsets[2] == 12 && memcmp(sources.bytes, "webinarevent", 12) == 0);
  CHECK_OK(tl_table_csv(table, &text, &error));
  CHECK(string_has(text, "1,webinar,1,2023-01-04T00:00:00Z"));
  tl_string_free(text);
  tl_table_free(table);

  CHECK_OK(tl_lead_columns(ledger, NULL, NULL, 0, &table, &error));
  CHECK(column_of(table, "original_channel").kind == TL_COLUMN_TEXT);
  CHECK(column_of(table, "return_on").kind == TL_COLUMN_DATE);
  tl_table_free(table);

  filter.source = tl_text_of("webinar");
  CHECK_OK(tl_lead_columns(ledger, &filter, names, 2, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK(info.row_count >= 1);
  tl_table_free(table);
  filter.stage = tl_text_of("inquiry");
  CHECK_OK(tl_lead_columns(ledger, &filter, names, 2, &table, &error));
  tl_table_free(table);
  CHECK_OK(tl_opportunity_columns(ledger, NULL, NULL, 0, &table, &error));
  CHECK(column_of(table, "amount_minor").integers[0] == 4800000);
  CHECK(column_of(table, "amount_currency").bytes[0] == 'E');
  tl_table_free(table);

  const tl_text bad[] = {tl_text_of("lead"), tl_text_of("no_such")};
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]",
              tl_lead_columns(ledger, NULL, bad, 2, &table, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns",
              tl_lead_columns(ledger, NULL, NULL, 2, &table, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column_count",
              tl_lead_columns(ledger, NULL, names, -2, &table, &error));
  filter.stage = tl_text_of("no_such");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "filter.stage",
              tl_opportunity_columns(ledger, &filter, NULL, 0, &table, &error));
  CHECK(table == NULL);
}

static void matches(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  tl_table *table = NULL;
  tl_identity who[2];
  memset(who, 0, sizeof who);
  who[0].struct_size = who[1].struct_size = (uint32_t)sizeof who[0];
  who[0].email = tl_text_of("somebody@gmail.com");
  who[1].company = tl_text_of("No such company Ltd");
  CHECK_OK(tl_match(ledger, who, 2, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK(info.row_count == 2 && info.column_count == 7);
  CHECK(column_of(table, "opens_account").kind == TL_COLUMN_BOOLEAN);
  CHECK(column_of(table, "opens_account").integers[1] == 1);
  CHECK(column_of(table, "opens_contact").integers[1] == 0);
  tl_table_free(table);
  CHECK_OK(tl_match(ledger, NULL, 0, &table, &error));
  tl_table_free(table);
  who[1].company = tl_text_of("");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "identities[1]", tl_match(ledger, who, 2, &table, &error));
  who[1].struct_size = 8;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "identities[1].struct_size",
              tl_match(ledger, who, 2, &table, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "count", tl_match(ledger, who, -1, &table, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "identities", tl_match(ledger, NULL, 1, &table, &error));

  apply_json(ledger,
             "{\"fact\":\"account.open\",\"name\":\"Twin\",\"external_ids\":[\"crm:T-1\"]}");
  apply_json(ledger,
             "{\"fact\":\"account.distinct\",\"account\":\"crm:T-1\",\"other\":\"crm:A-1\"}");
  CHECK_OK(tl_reviews(ledger, TL_REVIEW_OPEN, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK(info.row_count == 0);
  tl_table_free(table);
  CHECK_OK(tl_reviews(ledger, TL_REVIEW_NONE, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK_TEXT(info.report, "review");
  CHECK(info.row_count == 1);
  tl_table_free(table);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "state", tl_reviews(ledger, 9, &table, &error));
}

void c_tables(void) {
  tl_ledger *ledger = filled_ledger();
  reports(ledger);
  columns(ledger);
  matches(ledger);
  tl_ledger_close(ledger);
}
