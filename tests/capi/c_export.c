/* Exports, and restoring them. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static int told;

static tl_status go_on(void *payload, const char *step, size_t step_size, int64_t done,
                       int64_t total) {
  CHECK(payload == &told && step != NULL && step_size > 0 && done >= 0 && total >= 0);
  ++told;
  return TL_OK;
}

static tl_status stop(void *payload, const char *step, size_t step_size, int64_t done,
                      int64_t total) {
  (void)payload, (void)step, (void)step_size, (void)done, (void)total;
  return TL_UNKNOWN;
}

/* The export of a ledger that has something of everything. */
static void export_to(const char *path) {
  SIZED(tl_error, error);
  SIZED(tl_export_options, options);
  SIZED(tl_export_counts, counts);
  tl_ledger *ledger = filled_ledger();
  options.progress = go_on;
  options.payload = &told;
  told = 0;
  CHECK_OK(tl_ledger_export(ledger, path, strlen(path), &options, &counts, &error));
  CHECK(counts.seq > 5 && counts.commits == counts.seq && counts.rows > 5 && told > 0);
  tl_ledger_close(ledger);
}

static void check_restored(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_verify_counts, counts);
  tl_verify_report *report = NULL;
  CHECK_OK(tl_ledger_verify(ledger, &report, &error));
  CHECK_OK(tl_verify_report_counts(report, &counts, &error));
  CHECK(counts.commits > 5 && counts.differences == 0);
  tl_verify_report_free(report);
  apply_json(ledger, "{\"fact\":\"lead.move\",\"lead\":\"crm:L-1\",\"stage\":\"accepted\"}");
}

static void restores(const char *file) {
  SIZED(tl_error, error);
  SIZED(tl_restore_source, source);
  tl_ledger *ledger = NULL;
  char path[4096];
  strcpy(path, test_path("restored.db"));
  remove(path);
  source.file = tl_text_of(file);
  source.progress = go_on;
  source.payload = &told;
  told = 0;
  CHECK_OK(tl_ledger_restore(path, strlen(path), &source, NULL, &ledger, &error));
  CHECK(told > 1);
  check_restored(ledger);
  tl_ledger_close(ledger);
  CHECK_STATUS(TL_ALREADY_EXISTS,
               tl_ledger_restore(path, strlen(path), &source, NULL, &ledger, &error));
  CHECK(ledger == NULL);
  remove(path);

  CHECK_OK(tl_ledger_restore_in_memory(&source, NULL, &ledger, &error));
  check_restored(ledger);
  tl_ledger_close(ledger);
  source.progress = stop;
  CHECK_STATUS(TL_CANCELLED, tl_ledger_restore_in_memory(&source, NULL, &ledger, &error));
}

static void refuses(const char *file) {
  SIZED(tl_error, error);
  SIZED(tl_restore_source, source);
  SIZED(tl_ledger_options, ledger_options);
  SIZED(tl_export_options, options);
  SIZED(tl_export_counts, counts);
  tl_ledger *ledger = NULL;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "source",
              tl_ledger_restore_in_memory(NULL, NULL, &ledger, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "source.file",
              tl_ledger_restore_in_memory(&source, NULL, &ledger, &error));
  source.file = tl_text_of(test_path("missing.jsonl"));
  CHECK_STATUS(TL_NOT_FOUND, tl_ledger_restore_in_memory(&source, NULL, &ledger, &error));
  source.file = tl_text_of(file);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path",
              tl_ledger_restore(NULL, 0, &source, NULL, &ledger, &error));
  ledger_options.policy_json = tl_text_of("{}");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.policy_json",
              tl_ledger_restore_in_memory(&source, &ledger_options, &ledger, &error));
  CHECK(ledger == NULL);

  ledger = memory_ledger();
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path", tl_ledger_export(ledger, "a\0b", 3, NULL, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "folder",
              tl_ledger_export_tables(ledger, NULL, 0, NULL, NULL, &error));
  options.reserved = 1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.reserved",
              tl_ledger_export(ledger, file, strlen(file), &options, NULL, &error));
  options.reserved = 0;
  options.progress = stop;
  counts.rows = 7;
  CHECK_STATUS(TL_CANCELLED,
               tl_ledger_export(ledger, file, strlen(file), &options, &counts, &error));
  CHECK(counts.rows == 0);
  tl_ledger_close(ledger);
}

static void tables(void) {
  SIZED(tl_error, error);
  SIZED(tl_export_counts, counts);
  char line[512] = "", folder[4096], path[4200];
  tl_ledger *ledger = filled_ledger();
  strcpy(folder, test_path("tables"));
  CHECK_OK(tl_ledger_export_tables(ledger, folder, strlen(folder), NULL, &counts, &error));
  CHECK(counts.commits == 0 && counts.rows > 5);
  CHECK_OK(tl_ledger_export_tables(ledger, folder, strlen(folder), NULL, NULL, &error));
  snprintf(path, sizeof path, "%s/contact.csv", folder);
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL && fgets(line, sizeof line, file) != NULL);
  CHECK(strcmp(line, "contact,account,revision,added_at,merged_into,aliases,erased_at\r\n") == 0);
  if (file != NULL) fclose(file);
  tl_ledger_close(ledger);
}

void c_export(void) {
  char file[4096];
  strcpy(file, test_path("export.jsonl"));
  export_to(file);
  restores(file);
  refuses(file);
  restores(file); /* what was cancelled left the file alone */
  tables();
  remove(file);
}
