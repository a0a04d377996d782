/* Parts of the workload whose allocations fail: reports and attribution. */
#include "allocation_parts.h"
#include "check.h"

static tl_status writes_table(const tl_table *table) {
  tl_string *texts[3] = {NULL, NULL, NULL};
  tl_status status = tl_table_json(table, 2, &texts[0], &error);
  if (status == TL_OK) status = tl_table_csv(table, &texts[1], &error);
  if (status == TL_OK) status = tl_table_text(table, 80, &texts[2], &error);
  for (int i = 0; i < 3; ++i) tl_string_free(texts[i]);
  return status;
}

tl_status reports(tl_ledger *ledger) {
  static const char *const kReports[] = {"pipeline", "funnel", "sources"};
  tl_snapshot *snapshot = NULL;
  tl_status status = tl_snapshot_take(ledger, NULL, &snapshot, &error);
  for (size_t i = 0; i < sizeof kReports / sizeof kReports[0] && status == TL_OK; ++i) {
    tl_table *table = NULL;
    const char *name = kReports[i];
    status = tl_report_run(snapshot, name, strlen(name), NULL, &table, &error);
    if (status == TL_OK) status = writes_table(table);
    tl_table_free(table);
  }
  tl_snapshot_free(snapshot);
  return status;
}

/* Of few measures: each allocation that may fail is a run. */
tl_status finishes_a_report(tl_ledger *ledger) {
  static const tl_report_filter kAda = {{"owner", 5}, {"Ada", 3}};
  SIZED(tl_report_options, options);
  options.filters = (tl_report_filters){&kAda, 1};
  tl_snapshot *snapshot = NULL;
  tl_string *partial = NULL;
  tl_table *table = NULL;
  tl_status status = tl_snapshot_take(ledger, NULL, &snapshot, &error);
  if (status == TL_OK) {
    status = tl_report_partial(snapshot, "coverage", 8, &options, 0, 1, &partial, &error);
  }
  if (status == TL_OK) {
    status = tl_report_finish(tl_string_data(partial), tl_string_size(partial), &table, &error);
  }
  tl_string_free(partial);
  tl_table_free(table);
  tl_snapshot_free(snapshot);
  return status;
}

tl_status opens_numbers(tl_ledger *ledger) {
  tl_snapshot *snapshot = NULL, *refreshed = NULL;
  tl_table *rows = NULL;
  tl_string *page = NULL;
  tl_status status = tl_snapshot_take(ledger, NULL, &snapshot, &error);
  if (status == TL_OK) status = tl_snapshot_refresh(snapshot, ledger, &refreshed, &error);
  if (status == TL_OK) {
    status = tl_report_rows(refreshed, "funnel", 6, NULL, 0, "entered", 7, &rows, &error);
  }
  if (status == TL_OK) status = tl_table_html(rows, &page, &error);
  tl_string_free(page);
  tl_table_free(rows);
  tl_snapshot_free(refreshed);
  tl_snapshot_free(snapshot);
  return status;
}

/* a > b converts twice, b once and once not; c never. */
static tl_status makes_paths(tl_paths **out_paths) {
  static const tl_text kKeys[] = {{"a", 1}, {"b", 1}, {"c", 1}};
  static const uint64_t kBegins[] = {0, 2, 3, 4};
  static const uint32_t kTouches[] = {0, 1, 1, 2};
  static const double kConversions[] = {2, 1, 0}, kNulls[] = {0, 1, 1};
  SIZED(tl_path_columns, columns);
  columns.keys = (tl_texts){kKeys, 3};
  columns.begins = kBegins, columns.path_count = 3;
  columns.touches = kTouches, columns.touch_count = 4;
  columns.conversions = kConversions, columns.nulls = kNulls;
  return tl_paths_of_columns(&columns, out_paths, &error);
}

static tl_status attributes_by(const tl_paths *paths, const char *model) {
  tl_table *table = NULL;
  SIZED(tl_attribution_options, options);
  options.model = tl_text_of(model);
  options.minimum_conversions = (tl_optional){.value = 1, .given = 1};
  const tl_status status = tl_attribution_run(paths, &options, &table, &error);
  tl_table_free(table);
  return status;
}

tl_status attributes(tl_ledger *unused) {
  static const char *const kModels[] = {"position", "markov", "shapley", "shapley_rate"};
  tl_paths *paths = NULL;
  tl_status status = makes_paths(&paths);
  (void)unused;
  for (size_t i = 0; i < sizeof kModels / sizeof kModels[0] && status == TL_OK; ++i) {
    status = attributes_by(paths, kModels[i]);
  }
  tl_paths_free(paths);
  return status;
}

tl_status merges_attributions(tl_ledger *unused) {
  tl_paths *paths = NULL;
  tl_string *partial = NULL, *merged = NULL;
  tl_table *table = NULL;
  tl_text both[2];
  (void)unused;
  tl_status status = makes_paths(&paths);
  if (status == TL_OK) status = tl_attribution_partial(paths, NULL, &partial, &error);
  if (status == TL_OK) {
    both[0] = both[1] = (tl_text){tl_string_data(partial), tl_string_size(partial)};
    status = tl_attribution_merge(both, 2, &merged, &error);
  }
  if (status == TL_OK) {
    status = tl_attribution_finish(tl_string_data(merged), tl_string_size(merged), &table, &error);
  }
  tl_table_free(table);
  tl_string_free(merged);
  tl_string_free(partial);
  tl_paths_free(paths);
  return status;
}

tl_status explains_a_deal(tl_ledger *ledger) {
  tl_snapshot *snapshot = NULL;
  tl_paths *paths = NULL;
  tl_table *table = NULL;
  SIZED(tl_paths_options, options);
  options.credit = tl_text_of("pipeline");
  tl_status status = tl_snapshot_take(ledger, NULL, &snapshot, &error);
  if (status == TL_OK) status = tl_paths_assemble(snapshot, NULL, &options, 0, 1, &paths, &error);
  if (status == TL_OK) status = tl_attribution_explain(paths, NULL, 1, &table, &error);
  tl_table_free(table);
  tl_paths_free(paths);
  tl_snapshot_free(snapshot);
  return status;
}
