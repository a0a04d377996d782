/* Batches: from structs, JSON lines and columns; executed in one commit or one by one. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static void from_structs(void) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  tl_ledger *ledger = filled_ledger();
  tl_batch *batch = NULL;
  tl_string *json = NULL;
  SIZED(tl_lead_move_args, move);
  move.command = TL_COMMAND_LEAD_MOVE;
  move.lead = tl_ref_key("crm", "L-1");
  move.stage = tl_text_of("accepted");

  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK(tl_batch_count(batch) == 0);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "batch",
              tl_execute_atomic(ledger, batch, NULL, &receipt, &error)); /* it is empty */
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  move.stage = tl_text_of("working");
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK_OK(tl_execute_atomic(ledger, batch, NULL, &receipt, &error));
  CHECK(receipt.events == 2);

  CHECK_OK(tl_batch_json(batch, 1, &json, &error));
  CHECK(string_has(json, "\"fact\"") && string_has(json, "working"));
  tl_string_free(json);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_batch_json(batch, 2, &json, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_batch_json(batch, -1, &json, &error));
  CHECK(json == NULL);

  /* The second of three is refused: nothing is done. */
  CHECK_OK(tl_batch_clear(batch, &error));
  move.stage = tl_text_of("sql");
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  move.stage = tl_text_of("dead");
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK_STATUS(TL_FAILED_PRECONDITION, tl_execute_atomic(ledger, batch, NULL, &receipt, &error));
  CHECK(strcmp(error.rule, "missing_reason") == 0 && receipt.seq == 0);

  /* Four commands as two parts of two: 0 2 1 3. */
  move.stage = tl_text_of("mql");
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  move.stage = tl_text_of("assigned");
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "parts", tl_batch_interleave(batch, 3, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "parts", tl_batch_interleave(batch, 0, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "parts", tl_batch_interleave(batch, -1, &error));
  CHECK_OK(tl_batch_interleave(batch, 2, &error));
  CHECK(tl_batch_count(batch) == 4);
  const char *const stages[] = {"sql", "mql", "dead", "assigned"};
  for (int i = 0; i < 4; i++) {
    CHECK_OK(tl_batch_json(batch, i, &json, &error));
    CHECK(string_has(json, stages[i]));
    tl_string_free(json);
  }

  move.command = 0;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "args.command",
              tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK(tl_batch_count(batch) == 4);
  tl_batch_free(batch);
  tl_batch_free(NULL);
  tl_ledger_close(ledger);
}

/* What one command opens, those after it can name. */
static void opened_before(void) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  tl_ledger *ledger = filled_ledger();
  tl_batch *batch = NULL;
  tl_records *leads = NULL;
  const tl_ref before = tl_ref_opened_before();
  SIZED(tl_account_open_args, open);
  open.command = TL_COMMAND_ACCOUNT_OPEN;
  open.name = tl_text_of("Bolt");
  SIZED(tl_lead_open_args, inquiry);
  inquiry.command = TL_COMMAND_LEAD_OPEN;
  inquiry.account = before;
  SIZED(tl_lead_move_args, move);
  move.command = TL_COMMAND_LEAD_MOVE;
  move.lead = before;
  move.stage = tl_text_of("mql");

  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK_FIELD(TL_NOT_FOUND, "commands[0].lead",
              tl_execute_atomic(ledger, batch, NULL, &receipt, &error));
  CHECK_OK(tl_batch_clear(batch, &error));
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&open), NULL, &error));
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&inquiry), NULL, &error));
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&move), NULL, &error));
  CHECK_OK(tl_execute_atomic(ledger, batch, NULL, &receipt, &error));
  CHECK(receipt.events == 3 && receipt.entity == TL_ENTITY_ACCOUNT);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lead", tl_lead_get(ledger, &before, &leads, &error));
  tl_batch_free(batch);
  tl_ledger_close(ledger);
}

static void from_json(void) {
  SIZED(tl_error, error);
  tl_batch *batch = NULL;
  const char *lines =
      "{\"fact\":\"account.open\",\"name\":\"A\"}\n\n  \r\n{\"fact\":\"account.open\",\"nam\":1}";
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lines[3].nam",
              tl_batch_add_json(batch, lines, strlen(lines), TL_MODE_DEFAULT, &error));
  CHECK(tl_batch_count(batch) == 0);
  CHECK_OK(tl_batch_add_json(batch, lines, 40, TL_MODE_OBSERVE, &error));
  CHECK(tl_batch_count(batch) == 1);
  CHECK_OK(tl_batch_add_json(batch, NULL, 0, 0, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "text", tl_batch_add_json(batch, NULL, 1, 0, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "default_mode", tl_batch_add_json(batch, "", 0, 9, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_batch_add_json(batch, "\xFF\xFE", 2, 0, &error));
  tl_batch_free(batch);
}

/* A text column of the strings given, one after the other. */
typedef struct text_column {
  int64_t offsets[8];
  char bytes[128];
} text_column;

static tl_input_column texts(const char *name, text_column *data, int64_t rows,
                             const char *const *strings) {
  SIZED(tl_input_column, column);
  int64_t size = 0;
  data->offsets[0] = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const size_t length = strlen(strings[i]);
    memcpy(data->bytes + size, strings[i], length);
    size += (int64_t)length;
    data->offsets[i + 1] = size;
  }
  column.name = tl_text_of(name);
  column.rows = rows;
  column.offsets = data->offsets;
  column.bytes = data->bytes;
  column.bytes_size = size;
  return column;
}

static tl_input_column numbers(const char *name, int64_t rows, const int64_t *values) {
  SIZED(tl_input_column, column);
  column.name = tl_text_of(name);
  column.rows = rows;
  column.integers = values;
  return column;
}

static void from_columns(void) {
  SIZED(tl_error, error);
  SIZED(tl_outcome_columns, columns);
  tl_ledger *ledger = filled_ledger();
  tl_batch *batch = NULL;
  tl_outcomes *outcomes = NULL;
  text_column keys, accounts, sources, domains, stages, more;
  const int64_t days[] = {19600, 19601, 19602};
  const char *const key_texts[] = {"crm:L-7", "crm:L-8", "crm:L-9"};
  const char *const account[] = {"crm:A-1"};
  const char *const source_texts[] = {"webinar", "", "event"};
  tl_input_column input[4];
  input[0] = texts("account", &accounts, 1, account); /* the same for all */
  input[1] = texts("external_ids", &keys, 3, key_texts);
  input[2] = texts("source", &sources, 3, source_texts);
  input[3] = numbers("at", 3, days);
  input[3].unit = TL_UNIT_DAYS;

  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add_columns(batch, TL_COMMAND_LEAD_OPEN, 3, input, 4, &error));
  CHECK(tl_batch_count(batch) == 3);
  tl_string *json = NULL;
  CHECK_OK(tl_batch_json(batch, 1, &json, &error));
  CHECK(string_has(json, "\"at\":\"2023-09-01\"") && string_has(json, "crm:L-8"));
  CHECK(!string_has(json, "source"));
  tl_string_free(json);
  CHECK_OK(tl_execute_all(ledger, batch, 0, 3, &outcomes, &error));
  CHECK_OK(tl_outcomes_columns(outcomes, &columns, &error));
  CHECK(columns.count == 3 && columns.accepted == 3 && columns.statuses[2] == TL_OK);
  int64_t leads[3];
  memcpy(leads, columns.ids, sizeof leads);
  CHECK(leads[0] > 0 && leads[1] == leads[0] + 1);
  CHECK(columns.seqs[1] > columns.seqs[0] && columns.accounts[0] > 0 && columns.versions[0] > 0);
  tl_outcomes_free(outcomes);

  /* The answer's ids are the next columns; one of three is refused. */
  const char *const stage_texts[] = {"mql", "won", "mql"};
  const uint8_t given[] = {1, 0, 1};
  CHECK_OK(tl_batch_clear(batch, &error));
  input[0] = numbers("lead", 3, leads);
  input[1] = texts("stage", &stages, 3, stage_texts);
  input[2] = texts("request_id", &keys, 3, key_texts);
  input[2].given = given;
  CHECK_OK(tl_batch_add_columns(batch, TL_COMMAND_LEAD_MOVE, 3, input, 3, &error));
  CHECK_OK(tl_execute_all(ledger, batch, 0, 3, &outcomes, &error));
  CHECK_OK(tl_outcomes_columns(outcomes, &columns, &error));
  CHECK(columns.accepted == 2 && columns.statuses[1] == TL_INVALID_ARGUMENT);
  SIZED(tl_receipt, receipt);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "stage", tl_outcomes_at(outcomes, 1, &receipt, &error));
  CHECK(receipt.seq == 0);
  CHECK_OK(tl_outcomes_at(outcomes, 2, &receipt, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_outcomes_at(outcomes, 3, &receipt, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_outcomes_at(outcomes, INT64_MIN, NULL, &error));
  tl_outcomes_free(outcomes);

  /* Lists take an item from each column of their name; attributes are named behind a dot. */
  const char *const domain_texts[] = {"a.example", "b.example"};
  const char *const more_texts[] = {"c.example", ""};
  CHECK_OK(tl_batch_clear(batch, &error));
  input[0] = texts("name", &stages, 2, domain_texts);
  input[1] = texts("domains", &domains, 2, domain_texts);
  input[2] = texts("domains", &more, 2, more_texts);
  input[3] = texts("attributes.industry", &sources, 1, account);
  CHECK_OK(tl_batch_add_columns(batch, TL_COMMAND_ACCOUNT_OPEN, 2, input, 4, &error));
  CHECK_OK(tl_batch_json(batch, 0, &json, &error));
  CHECK(string_has(json, "[\"a.example\",\"c.example\"]") && string_has(json, "industry"));
  tl_string_free(json);

  /* A whole fact key, money, times as text. */
  const char *const money[] = {"1234.50 EUR"};
  const char *const when[] = {"2023-05-06T07:08:09Z"};
  input[0] = texts("opportunity", &keys, 1, account);
  input[1] = texts("amount", &domains, 1, money);
  input[2] = texts("at", &more, 1, when);
  input[3] = texts("key", &sources, 1, account);
  CHECK_OK(tl_batch_add_columns(batch, TL_COMMAND_OPPORTUNITY_VALUE, 1, input, 4, &error));
  CHECK_OK(tl_batch_json(batch, 2, &json, &error));
  CHECK(string_has(json, "1234.50 EUR") && string_has(json, "07:08:09"));
  tl_string_free(json);
  tl_batch_free(batch);
  tl_ledger_close(ledger);
}

static void refuses_bad_columns(void) {
  SIZED(tl_error, error);
  tl_batch *batch = NULL;
  text_column data;
  const char *const stages[] = {"mql", "sql"};
  int64_t ids[] = {1, -7};
  CHECK_OK(tl_batch_create(&batch, &error));
#define COLUMNS(command, rows, input, count) \
  tl_batch_add_columns(batch, command, rows, input, count, &error)
  tl_input_column input[2];
  input[0] = numbers("lead", 2, ids);
  input[1] = texts("stage", &data, 2, stages);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lead[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  CHECK(tl_batch_count(batch) == 0);
  ids[1] = 2;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "command", COLUMNS(0, 2, input, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "command", COLUMNS(INT32_MAX, 2, input, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "rows", COLUMNS(TL_COMMAND_LEAD_MOVE, -1, input, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "rows", COLUMNS(TL_COMMAND_LEAD_MOVE, INT64_MAX, input, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[0]", COLUMNS(TL_COMMAND_LEAD_MOVE, 3, input, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "column_count", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, -1));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, INT64_MAX));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, NULL, 2));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_ASSIGN, 2, input, 2));
  input[1].struct_size = 12;
  CHECK_STATUS(TL_INVALID_ARGUMENT, COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  input[1].struct_size = sizeof input[1];
  input[1].unit = 5;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  input[1].unit = 0;
  data.offsets[1] = 99; /* not ascending */
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  data.offsets[1] = -1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  data.offsets[1] = 3;
  input[1].bytes_size = 5; /* ends before the last text */
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  input[1].bytes_size = INT64_MIN;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  input[1] = numbers("stage", 2, ids);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "stage[0]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  input[1].offsets = data.offsets;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "columns[1]", COLUMNS(TL_COMMAND_LEAD_MOVE, 2, input, 2));
  const int64_t wrapped[] = {(int64_t)1 << 32, 1}; /* 0 if it were cut to 32 bits */
  input[1] = numbers("side", 2, wrapped);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "side[0]", COLUMNS(TL_COMMAND_TOUCH_RECORD, 2, input, 2));
  input[1] = numbers("at", 2, wrapped);
  input[1].unit = TL_UNIT_DAYS;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "at[0]", COLUMNS(TL_COMMAND_TOUCH_RECORD, 2, input, 2));
  CHECK(tl_batch_count(batch) == 0);
  CHECK_OK(COLUMNS(TL_COMMAND_LEAD_MOVE, 0, NULL, 0));
#undef COLUMNS
  tl_batch_free(batch);
}

static void slices(void) {
  SIZED(tl_error, error);
  tl_ledger *ledger = memory_ledger();
  tl_batch *batch = NULL;
  tl_outcomes *outcomes = NULL;
  SIZED(tl_outcome_columns, columns);
  SIZED(tl_input_column, name);
  const int64_t offsets[] = {0, 1};
  name.name = tl_text_of("name");
  name.rows = 1;
  name.offsets = offsets;
  name.bytes = "A";
  name.bytes_size = 1;
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add_columns(batch, TL_COMMAND_ACCOUNT_OPEN, 9000, &name, 1, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "count",
              tl_execute_all(ledger, batch, 0, 8193, &outcomes, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "count",
              tl_execute_all(ledger, batch, 8999, 2, &outcomes, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "first",
              tl_execute_all(ledger, batch, -1, 2, &outcomes, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "first",
              tl_execute_all(ledger, batch, INT64_MAX, INT64_MAX, &outcomes, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "batch", tl_execute_atomic(ledger, batch, NULL, NULL, &error));
  CHECK_OK(tl_execute_all(ledger, batch, 8192, 808, &outcomes, &error));
  CHECK_OK(tl_outcomes_columns(outcomes, &columns, &error));
  CHECK(columns.accepted == 808 && columns.ids[807] == 808);
  tl_outcomes_free(outcomes);
  CHECK_OK(tl_execute_all(ledger, batch, 9000, 0, &outcomes, &error));
  CHECK_OK(tl_outcomes_columns(outcomes, &columns, &error));
  CHECK(columns.count == 0);
  tl_outcomes_free(outcomes);
  tl_outcomes_free(NULL);
  tl_batch_free(batch);
  tl_ledger_close(ledger);
}

void c_batch(void) {
  from_structs();
  opened_before();
  from_json();
  from_columns();
  refuses_bad_columns();
  slices();
}
