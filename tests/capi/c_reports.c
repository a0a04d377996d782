/* What is asked of reports, what stands behind a number, partials, refreshed snapshots, pages. */
#include "check.h"
#include "tests.h"

enum { kAccounts = 6 }; /* each with a lead and a deal */

/* Leads of two owners from two channels; deals of three in EUR, of three in USD, half of them won.
 */
static tl_ledger *busy_ledger(void) {
  char lines[2048];
  tl_ledger *ledger = memory_ledger();
  apply_json(ledger,
             "{\"fact\":\"owner.define\",\"kind\":\"rep\",\"side\":\"sales\",\"name\":\"Ann "
             "Bell\",\"external_ids\":[\"crm:U-1\"]}\n"
             "{\"fact\":\"owner.define\",\"kind\":\"rep\",\"side\":\"sales\",\"name\":\"Max\"}\n"
             "{\"fact\":\"exchange_rate.set\",\"at\":\"2023-01-01\",\"base\":\"USD\",\"quote\":"
             "\"EUR\",\"valid_from\":\"2023-"
             "01-01\",\"rate_e9\":500000000}\n");
  for (int i = 1; i <= kAccounts; ++i) {
    snprintf(lines, sizeof lines,
             "{\"fact\":\"account.open\",\"at\":\"2023-0%d-01\",\"name\":\"Acme "
             "%d\",\"external_ids\":[\"crm:A-%d\"]}\n"
             "{\"fact\":\"lead.open\",\"at\":\"2023-0%d-02\",\"account\":\"crm:A-%d\",\"source\":"
             "\"%s\",\"owner\":%d,\"external_ids\":[\"crm:L-%d\"]}\n"
             "{\"mode\":\"observe\",\"fact\":\"opportunity.open\",\"at\":\"2023-0%d-03\","
             "\"account\":\"crm:A-%d\","
             "\"leads\":[\"crm:L-%d\"],\"owner\":%d,\"amount\":\"100.00 "
             "%s\",\"external_ids\":[\"crm:O-%d\"]}\n",
             i, i, i, i, i, i % 2 ? "webinar" : "email", i % 3 ? 1 : 2, i, i, i, i, i % 3 ? 1 : 2,
             i % 2 ? "EUR" : "USD", i);
    apply_json(ledger, lines);
  }
  apply_json(ledger,
             "{\"mode\":\"observe\",\"fact\":\"opportunity.win\",\"at\":\"2023-09-01\","
             "\"opportunity\":\"crm:O-1\"}\n"
             "{\"mode\":\"observe\",\"fact\":\"opportunity.win\",\"at\":\"2023-09-02\","
             "\"opportunity\":\"crm:O-2\"}\n");
  return ledger;
}

static tl_snapshot *snapshot_of(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_snapshot *snapshot = NULL;
  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  return snapshot;
}

static tl_table *run(const tl_snapshot *snapshot, const char *name,
                     const tl_report_options *options) {
  SIZED(tl_error, error);
  tl_table *table = NULL;
  CHECK_OK(tl_report_run(snapshot, name, strlen(name), options, &table, &error));
  return table;
}

static tl_column column_named(const tl_table *table, const char *name) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  SIZED(tl_column, column);
  CHECK_OK(tl_table_get_info(table, &info, &error));
  for (int64_t i = 0; i < info.column_count; ++i) {
    CHECK_OK(tl_table_column(table, i, &column, &error));
    if (text_is(column.name, name)) return column;
  }
  fprintf(stderr, "there is no column %s\n", name);
  ++check_failures;
  memset(&column, 0, sizeof column);
  return column;
}

static double sum(const tl_table *table, const char *name) {
  const tl_column column = column_named(table, name);
  double total = 0;
  for (int64_t i = 0; i < column.row_count; ++i) {
    total += column.reals != NULL ? column.reals[i] : (double)column.integers[i];
  }
  return total;
}

static double sum_of(const tl_snapshot *snapshot, const char *report, const char *column,
                     const tl_report_options *options) {
  tl_table *table = run(snapshot, report, options);
  const double total = sum(table, column);
  tl_table_free(table);
  return total;
}

static void groups_and_filters(const tl_snapshot *snapshot) {
  SIZED(tl_report_options, options);
  const tl_text dimensions[] = {tl_text_of("owner"), tl_text_of("quarter")};
  options.group_by = (tl_texts){dimensions, 2};
  tl_table *table = run(snapshot, "sources", &options);
  CHECK(column_named(table, "owner").kind == TL_COLUMN_TEXT);
  CHECK(column_named(table, "source").row_count > 2);
  CHECK(sum(table, "leads") == kAccounts && sum(table, "won") == 2);
  tl_table_free(table);
  CHECK(sum_of(snapshot, "sources", "leads", NULL) == kAccounts);
  CHECK(sum_of(snapshot, "pipeline", "count", NULL) ==
        sum_of(snapshot, "pipeline", "count", &options));

  SIZED(tl_report_options, filtered);
  tl_report_filter filters[] = {{tl_text_of("owner"), tl_text_of("Ann Bell")},
                                {tl_text_of("source"), tl_text_of("webinar")},
                                {tl_text_of("source"), tl_text_of("email")}};
  filtered.filters = (tl_report_filters){filters, 1};
  CHECK(sum_of(snapshot, "sources", "leads", &filtered) == 4);
  filters[0].value = tl_text_of("crm:U-1");
  filtered.filters.count = 2;
  CHECK(sum_of(snapshot, "sources", "leads", &filtered) == 2);
  filtered.filters.count = 3; /* alternatives */
  CHECK(sum_of(snapshot, "sources", "leads", &filtered) == 4);
  filters[0] = (tl_report_filter){tl_text_of("team"), tl_text_of("(blank)")};
  CHECK(sum_of(snapshot, "sources", "leads", &filtered) == kAccounts);

  SIZED(tl_report_options, period);
  period.from = tl_date_days(19358); /* 2023-01-01 */
  period.to = tl_date_days(19416);   /* 2023-02-28 */
  CHECK(sum_of(snapshot, "sources", "leads", &period) == 2);
}

static void currencies(const tl_snapshot *snapshot) {
  SIZED(tl_report_options, options);
  CHECK(sum_of(snapshot, "sources", "pipeline_eur", NULL) == 200);
  CHECK(sum_of(snapshot, "sources", "pipeline_usd", NULL) == 200);
  options.currency = tl_text_of("EUR");
  CHECK(sum_of(snapshot, "sources", "pipeline_eur", &options) == 300);
}

static void bad_requests(const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  tl_table *table = NULL;
  const tl_text nonsense[] = {tl_text_of("nonsense"), {NULL, 1}};
  const tl_text owners[] = {tl_text_of("owner"), tl_text_of("team"), tl_text_of("month"),
                            tl_text_of("partner")};
  const tl_report_filter filters[] = {{tl_text_of("colour"), tl_text_of("red")},
                                      {tl_text_of("owner"), tl_text_of("Nobody")},
                                      {tl_text_of("owner"), {NULL, 3}}};
#define REFUSED_FOR(field, report, set)                                                     \
  do {                                                                                      \
    SIZED(tl_report_options, options);                                                      \
    set;                                                                                    \
    CHECK_FIELD(TL_INVALID_ARGUMENT, field,                                                 \
                tl_report_run(snapshot, report, strlen(report), &options, &table, &error)); \
    CHECK(table == NULL);                                                                   \
  } while (0)
  REFUSED_FOR("filters[0].dimension", "funnel",
              options.filters = ((tl_report_filters){filters, 1}));
  REFUSED_FOR("filters[0].value", "funnel",
              options.filters = ((tl_report_filters){filters + 1, 1}));
  REFUSED_FOR("filters[1].value", "funnel",
              options.filters = ((tl_report_filters){filters + 1, 2}));
  REFUSED_FOR("filters", "funnel", options.filters.count = 1);
  REFUSED_FOR("filters", "funnel", options.filters = ((tl_report_filters){filters, 1001}));
  REFUSED_FOR("group_by", "funnel", options.group_by = ((tl_texts){nonsense, 1}));
  REFUSED_FOR("group_by[1]", "funnel", options.group_by = ((tl_texts){nonsense, 2}));
  REFUSED_FOR("group_by", "funnel", options.group_by = ((tl_texts){owners, 4}));
  REFUSED_FOR("group_by", "coverage", options.group_by = ((tl_texts){owners, 1}));
  REFUSED_FOR("to", "funnel", options.from = tl_date_days(5); options.to = tl_date_days(4));
  REFUSED_FOR("from", "funnel", options.from = tl_date_days(INT32_MAX));
  REFUSED_FOR("to", "funnel", options.to.given = 7);
  REFUSED_FOR("currency", "sources", options.currency = tl_text_of("GBP")); /* without a rate */
  REFUSED_FOR("currency", "sources", options.currency = tl_text_of("euros"));
#undef REFUSED_FOR
}

static void behind_a_number(const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  tl_table *table = run(snapshot, "sources", NULL), *rows = NULL;
  const tl_column leads = column_named(table, "leads");
  for (int64_t row = 0; row < leads.row_count; ++row) {
    CHECK_OK(tl_report_rows(snapshot, "sources", 7, NULL, row, "leads", 5, &rows, &error));
    CHECK_OK(tl_table_get_info(rows, &info, &error));
    CHECK(info.row_count == leads.integers[row] && info.column_count == 3);
    CHECK(column_named(rows, "id").integers[0] > 0);
    CHECK(column_named(rows, "account").integers[0] > 0);
    CHECK(memcmp(column_named(rows, "kind").bytes, "lead", 4) == 0);
    tl_table_free(rows);
  }
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_report_rows(snapshot, "sources", 7, NULL, leads.row_count,
                                               "leads", 5, &rows, &error));
  CHECK_FIELD(TL_OUT_OF_RANGE, "index",
              tl_report_rows(snapshot, "sources", 7, NULL, -1, "leads", 5, &rows, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column",
              tl_report_rows(snapshot, "sources", 7, NULL, 0, "colour", 6, &rows, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column",
              tl_report_rows(snapshot, "sources", 7, NULL, 0, "source", 6, &rows, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column",
              tl_report_rows(snapshot, "coverage", 8, NULL, 0, "why", 3, &rows, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column",
              tl_report_rows(snapshot, "sources", 7, NULL, 0, NULL, 6, &rows, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "name",
              tl_report_rows(snapshot, "gossip", 6, NULL, 0, "leads", 5, &rows, &error));
  CHECK(rows == NULL);
  tl_table_free(table);
}

static void same_texts(const tl_table *table, const tl_table *other) {
  SIZED(tl_error, error);
  tl_string *texts[2] = {NULL, NULL};
  CHECK_OK(tl_table_csv(table, &texts[0], &error));
  CHECK_OK(tl_table_csv(other, &texts[1], &error));
  CHECK(strcmp(tl_string_data(texts[0]), tl_string_data(texts[1])) == 0);
  tl_string_free(texts[0]);
  tl_string_free(texts[1]);
}

static tl_text bytes_of(const tl_string *string) {
  const tl_text bytes = {tl_string_data(string), tl_string_size(string)};
  return bytes;
}

static void shards(const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  SIZED(tl_report_options, options);
  tl_string *partials[4] = {NULL, NULL, NULL, NULL}, *merged = NULL;
  tl_text bytes[4];
  tl_table *table = NULL, *whole = NULL;
  options.through = tl_optional_of(1690000000000000);
  options.currency = tl_text_of("EUR");
  for (int32_t i = 0; i < 4; ++i) {
    CHECK_OK(tl_report_partial(snapshot, "sources", 7, &options, i, 4, &partials[i], &error));
    bytes[i] = bytes_of(partials[i]);
  }
  CHECK_OK(tl_report_merge(bytes, 4, &merged, &error));
  CHECK_OK(tl_report_finish(tl_string_data(merged), tl_string_size(merged), &table, &error));
  whole = run(snapshot, "sources", &options);
  same_texts(table, whole);
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK(info.as_of.seq == 0);
  tl_table_free(whole);
  tl_table_free(table);
  tl_string_free(merged);
  for (int i = 0; i < 4; ++i) tl_string_free(partials[i]);
}

static void bad_partials(const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  tl_string *sources = NULL, *funnel = NULL, *merged = NULL;
  tl_table *table = NULL;
  CHECK_OK(tl_report_partial(snapshot, "sources", 7, NULL, 0, 1, &sources, &error));
  CHECK_OK(tl_report_partial(snapshot, "funnel", 6, NULL, 0, 1, &funnel, &error));
  tl_text bytes[] = {bytes_of(sources), bytes_of(funnel)};
  CHECK_FIELD(TL_INVALID_ARGUMENT, "shard",
              tl_report_partial(snapshot, "sources", 7, NULL, 4, 4, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "shard",
              tl_report_partial(snapshot, "sources", 7, NULL, 0, 0, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "shard_index",
              tl_report_partial(snapshot, "sources", 7, NULL, -1, 4, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "shard_count",
              tl_report_partial(snapshot, "sources", 7, NULL, 0, -4, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partials", tl_report_merge(NULL, 0, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partials", tl_report_merge(NULL, 1, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "count", tl_report_merge(bytes, -1, &merged, &error));
  bytes[1].size /= 2;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partials[1]", tl_report_merge(bytes, 2, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partial",
              tl_report_finish(bytes[1].data, bytes[1].size, &table, &error));
  bytes[1].data = NULL;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partials[1]", tl_report_merge(bytes, 2, &merged, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partial", tl_report_finish(NULL, 4, &table, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partial", tl_report_finish("", SIZE_MAX, &table, &error));
  bytes[1] = bytes_of(funnel);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "partials[1]", tl_report_merge(bytes, 2, &merged, &error));
  CHECK(merged == NULL && table == NULL);
  tl_string_free(sources);
  tl_string_free(funnel);
}

static void refreshes(tl_ledger *ledger, const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  SIZED(tl_snapshot_info, before);
  SIZED(tl_snapshot_info, after);
  tl_snapshot *same = NULL, *newer = NULL, *none = NULL;
  CHECK_OK(tl_snapshot_get_info(snapshot, &before, &error));
  CHECK(before.event_column_bytes > 0 && before.entity_bytes > 0);
  CHECK(before.dictionary_bytes > 0 && before.index_bytes > 0);
  CHECK_OK(tl_snapshot_refresh(snapshot, ledger, &same, &error));
  CHECK_OK(tl_snapshot_get_info(same, &after, &error));
  CHECK(memcmp(&before, &after, sizeof before) == 0);

  apply_json(ledger,
             "{\"fact\":\"lead.open\",\"at\":\"2023-10-01\",\"account\":\"crm:A-1\","
             "\"source\":\"fair\"}");
  CHECK_OK(tl_snapshot_refresh(same, ledger, &newer, &error));
  tl_snapshot_free(same); /* the newer one keeps what they share */
  CHECK_OK(tl_snapshot_get_info(newer, &after, &error));
  CHECK(after.seq == before.seq + 1 && after.events > before.events);
  CHECK(sum_of(newer, "sources", "leads", NULL) == kAccounts + 1);
  CHECK(sum_of(snapshot, "sources", "leads", NULL) == kAccounts);

  tl_ledger *other = memory_ledger();
  CHECK_FIELD(TL_INVALID_ARGUMENT, "store", tl_snapshot_refresh(snapshot, other, &none, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "snapshot", tl_snapshot_refresh(NULL, other, &none, &error));
  CHECK(none == NULL);
  tl_ledger_close(other);
  tl_snapshot_free(newer);
}

static void pages(const tl_snapshot *snapshot) {
  SIZED(tl_error, error);
  tl_string *page = NULL;
  tl_table *tables[] = {run(snapshot, "pipeline", NULL), run(snapshot, "funnel", NULL)};
  const tl_table *const given[] = {tables[0], tables[1], NULL};
  CHECK_OK(tl_table_html(tables[0], &page, &error));
  CHECK(strncmp(tl_string_data(page), "<!doctype html>", 15) == 0);
  CHECK(string_has(page, "<title>pipeline") && string_has(page, "<figure class=\"chart\">"));
  CHECK(string_has(page, "Open and parked records in each stage"));
  tl_string_free(page);
  CHECK_OK(tl_tables_html(given, 2, "Leads & deals", 13, &page, &error));
  CHECK(string_has(page, "<title>Leads &amp; deals") && string_has(page, "id=\"report-2\""));
  tl_string_free(page);
  CHECK_OK(tl_tables_html(NULL, 0, NULL, 0, &page, &error));
  tl_string_free(page);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "tables[2]", tl_tables_html(given, 3, "", 0, &page, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "count", tl_tables_html(given, -1, "", 0, &page, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "tables", tl_tables_html(NULL, 2, "", 0, &page, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "title", tl_tables_html(given, 2, NULL, 1, &page, &error));
  CHECK(page == NULL);
  tl_table_free(tables[0]);
  tl_table_free(tables[1]);
}

void c_reports(void) {
  tl_ledger *ledger = busy_ledger();
  tl_snapshot *snapshot = snapshot_of(ledger);
  groups_and_filters(snapshot);
  currencies(snapshot);
  bad_requests(snapshot);
  behind_a_number(snapshot);
  shards(snapshot);
  bad_partials(snapshot);
  refreshes(ledger, snapshot);
  pages(snapshot);
  tl_snapshot_free(snapshot);
  tl_ledger_close(ledger);
}
