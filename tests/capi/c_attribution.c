/* Credit for what was won: of columns, of files, of a ledger. */
#include "check.h"
#include "tests.h"

static tl_text text(const char *words) {
  tl_text made = {words, strlen(words)};
  return made;
}

static double real_at(const tl_table *table, int64_t row, const char *name) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  CHECK_OK(tl_table_get_info(table, &info, &error));
  for (int64_t place = 0; place < info.column_count; ++place) {
    SIZED(tl_column, column);
    CHECK_OK(tl_table_column(table, place, &column, &error));
    if (text_is(column.name, name) && column.kind == TL_COLUMN_REAL) return column.reals[row];
  }
  CHECK(!"the column is there");
  return 0;
}

/* a > b converts twice, b once and once not. */
static tl_path_columns few_columns(void) {
  static tl_text keys[2];
  static const uint64_t begins[] = {0, 2, 3};
  static const uint32_t touches[] = {0, 1, 1};
  static const double conversions[] = {2, 1}, nulls[] = {0, 1};
  SIZED(tl_path_columns, columns);
  keys[0] = text("a"), keys[1] = text("b");
  columns.keys.items = keys, columns.keys.count = 2;
  columns.begins = begins, columns.path_count = 2;
  columns.touches = touches, columns.touch_count = 3;
  columns.conversions = conversions, columns.nulls = nulls;
  return columns;
}

static tl_paths *few_paths(void) {
  SIZED(tl_error, error);
  tl_paths *paths = NULL;
  tl_path_columns columns = few_columns();
  CHECK_OK(tl_paths_of_columns(&columns, &paths, &error));
  return paths;
}

static void of_columns(void) {
  SIZED(tl_error, error);
  SIZED(tl_attribution_options, options);
  tl_paths *paths = few_paths();
  tl_table *table = NULL;
  int64_t path_count = 0, touch_count = 0;
  CHECK_OK(tl_paths_counts(paths, &path_count, &touch_count, &error));
  CHECK(path_count == 2 && touch_count == 3);
  CHECK_OK(tl_attribution_run(paths, NULL, &table, &error));
  CHECK(real_at(table, 0, "conversions") == 2 && real_at(table, 1, "conversions") == 1);
  tl_table_free(table);
  options.model = text("last");
  CHECK_OK(tl_attribution_run(paths, &options, &table, &error));
  CHECK(real_at(table, 0, "share") == 1);
  tl_table_free(table);
  options.model = text("nope");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "model", tl_attribution_run(paths, &options, &table, &error));
  CHECK(table == NULL);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "paths", tl_attribution_explain(paths, NULL, 1, &table, &error));
  tl_paths_free(paths);
}

static void bad_columns(void) {
  SIZED(tl_error, error);
  static const uint32_t far[] = {0, 1, 7};
  tl_paths *paths = NULL;
  tl_path_columns columns = few_columns();
  columns.touches = far;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "touches[2]", tl_paths_of_columns(&columns, &paths, &error));
  columns = few_columns();
  columns.conversions = NULL;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "conversions", tl_paths_of_columns(&columns, &paths, &error));
  CHECK_STATUS(TL_NOT_FOUND, tl_paths_read("none.csv", 8, NULL, &paths, &error));
}

static void weights(void) {
  SIZED(tl_error, error);
  SIZED(tl_attribution_options, options);
  tl_paths *paths = few_paths();
  tl_table *table = NULL;
  tl_weight items[2] = {{text("first"), 90}, {text("close"), 10}};
  options.model = text("custom");
  options.weights.items = items, options.weights.count = 2;
  CHECK_OK(tl_attribution_run(paths, &options, &table, &error));
  CHECK(real_at(table, 0, "conversions") == 1.8);
  tl_table_free(table);
  items[1].percent = 20;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "weights", tl_attribution_run(paths, &options, &table, &error));
  tl_paths_free(paths);
}

static void comparisons_and_partials(void) {
  SIZED(tl_error, error);
  SIZED(tl_attribution_options, options);
  tl_paths *paths = few_paths();
  tl_table *table = NULL;
  tl_string *partial = NULL, *merged = NULL;
  tl_text models[2] = {text("first"), text("linear")};
  options.models.items = models, options.models.count = 2;
  CHECK_OK(tl_attribution_compare(paths, &options, &table, &error));
  CHECK(real_at(table, 0, "first") > real_at(table, 1, "first"));
  tl_table_free(table);
  CHECK_OK(tl_attribution_validate(paths, &options, &table, &error));
  tl_table_free(table);
  CHECK_OK(tl_attribution_partial(paths, NULL, &partial, &error));
  tl_text both[2];
  both[0].data = tl_string_data(partial), both[0].size = tl_string_size(partial);
  both[1] = both[0];
  CHECK_OK(tl_attribution_merge(both, 2, &merged, &error));
  CHECK_OK(tl_attribution_finish(tl_string_data(merged), tl_string_size(merged), &table, &error));
  CHECK(real_at(table, 0, "conversions") == 4);
  tl_table_free(table);
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_attribution_finish("x", 1, &table, &error));
  tl_string_free(partial);
  tl_string_free(merged);
  tl_paths_free(paths);
  CHECK_OK(tl_attribution_models(&table, &error));
  tl_table_free(table);
}

static void of_a_ledger(void) {
  SIZED(tl_error, error);
  SIZED(tl_paths_options, options);
  tl_ledger *ledger = memory_ledger();
  tl_snapshot *snapshot = NULL;
  tl_paths *paths = NULL;
  tl_table *table = NULL;
  apply_json(ledger,
             "{\"fact\":\"account.open\",\"at\":\"2023-01-01\",\"name\":\"Acme\","
             "\"external_ids\":[\"crm:A-1\"]}\n"
             "{\"fact\":\"touch.record\",\"at\":\"2023-01-02\",\"account\":\"crm:A-1\","
             "\"channel\":\"webinar\",\"kind\":\"webinar\"}\n"
             "{\"mode\":\"observe\",\"fact\":\"opportunity.open\",\"at\":\"2023-02-01\","
             "\"account\":\"crm:A-1\",\"amount\":\"100.00 EUR\",\"external_ids\":[\"crm:O-1\"]}\n"
             "{\"mode\":\"observe\",\"fact\":\"opportunity.win\",\"at\":\"2023-03-01\","
             "\"opportunity\":\"crm:O-1\"}\n");
  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  CHECK_OK(tl_paths_assemble(snapshot, NULL, NULL, 0, 1, &paths, &error));
  CHECK_OK(tl_attribution_run(paths, NULL, &table, &error));
  CHECK(real_at(table, 0, "value") == 100);
  tl_table_free(table);
  CHECK_OK(tl_attribution_explain(paths, NULL, 1, &table, &error));
  CHECK(real_at(table, 0, "weight") == 1);
  tl_table_free(table);
  CHECK_STATUS(TL_NOT_FOUND, tl_attribution_explain(paths, NULL, 9, &table, &error));
  tl_paths_free(paths);
  options.window = text("yesterday");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "window",
              tl_paths_assemble(snapshot, NULL, &options, 0, 1, &paths, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "shard",
              tl_paths_assemble(snapshot, NULL, NULL, 1, 1, &paths, &error));
  tl_snapshot_free(snapshot);
  tl_ledger_close(ledger);
}

void c_attribution(void) {
  of_columns();
  bad_columns();
  weights();
  comparisons_and_partials();
  of_a_ledger();
}
