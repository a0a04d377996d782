/* Imports of files and batches. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static const char *const kFacts =
    "{\"fact\":\"account.open\",\"at\":\"2023-01-02\",\"name\":\"A\",\"external_ids\":[\"x:1\"]}\n"
    "{\"fact\":\"lead.open\",\"at\":\"2023-01-03\",\"account\":\"x:1\",\"external_ids\":[\"x:2\"]}"
    "\n"
    "{\"fact\":\"lead.move\",\"at\":\"2023-01-04\",\"lead\":\"x:2\",\"stage\":\"sql\"}\n"
    "{\"fact\":\"lead.move\",\"at\":\"2023-01-05\",\"lead\":\"x:9\",\"stage\":\"sql\"}\n";

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

static void check_report(const tl_import_report *report, int64_t imported, int64_t known) {
  SIZED(tl_error, error);
  SIZED(tl_import_counts, counts);
  tl_text name, sample;
  int64_t count = 0;
  CHECK_OK(tl_import_report_counts(report, &counts, &error));
  CHECK(counts.rows == 4 && counts.imported == imported && counts.known == known);
  CHECK(counts.rejected == 1 && counts.sample_count >= 1);
  CHECK_OK(tl_import_report_sample(report, 0, &sample, &error));
  CHECK(sample.size > 0);
  for (int64_t i = 0; i < counts.warning_count; ++i) {
    CHECK_OK(tl_import_report_warning(report, i, &name, &count, &error));
    CHECK(name.size > 0 && count > 0);
  }
  CHECK_STATUS(TL_OUT_OF_RANGE,
               tl_import_report_warning(report, counts.warning_count, &name, &count, &error));
  CHECK(name.data == NULL && count == 0);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_import_report_sample(report, -1, &sample, &error));
}

static void files(void) {
  SIZED(tl_error, error);
  SIZED(tl_import_options, options);
  tl_import_report *report = NULL;
  tl_ledger *ledger = memory_ledger();
  char name[4096];
  strcpy(name, test_path("facts.jsonl"));
  FILE *file = fopen(name, "wb");
  CHECK(file != NULL);
  if (file == NULL) return;
  fputs(kFacts, file);
  fclose(file);
  const tl_text paths[] = {tl_text_of(name)};
  options.progress = go_on;
  options.payload = &told;

  CHECK_OK(tl_import_files(ledger, paths, 1, NULL, 0, &options, &report, &error));
  check_report(report, 3, 0);
  CHECK(told > 0);
  tl_import_report_free(report);
  CHECK_OK(tl_import_files(ledger, paths, 1, NULL, 0, NULL, &report, &error));
  check_report(report, 0, 3); /* repeatable */
  tl_import_report_free(report);

  options.progress = stop;
  CHECK_STATUS(TL_CANCELLED, tl_import_files(ledger, paths, 1, NULL, 0, &options, &report, &error));
  CHECK(report == NULL);
  apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"still at work\"}");

  const tl_text missing[] = {tl_text_of(test_path("missing.jsonl"))};
  CHECK_STATUS(TL_NOT_FOUND, tl_import_files(ledger, missing, 1, NULL, 0, NULL, &report, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT,
               tl_import_files(ledger, paths, 1, "{\"no\": 1}", 9, NULL, &report, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path_count",
              tl_import_files(ledger, paths, -1, NULL, 0, NULL, &report, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "paths",
              tl_import_files(ledger, NULL, 1, NULL, 0, NULL, &report, &error));
  options.mode = 8;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.mode",
              tl_import_files(ledger, paths, 1, NULL, 0, &options, &report, &error));
  options.mode = 0;
  options.memory_bytes = -1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.memory_bytes",
              tl_import_files(ledger, paths, 1, NULL, 0, &options, &report, &error));
  remove(name);
  tl_ledger_close(ledger);
}

/* How many breaches an import of a move without its reason records, if the command says `mode`;
 * -1: it was refused. */
static int64_t breaches_of(int32_t mode, int32_t import_mode) {
  SIZED(tl_error, error);
  SIZED(tl_context, context);
  SIZED(tl_lead_close_args, dead);
  SIZED(tl_import_options, options);
  SIZED(tl_import_counts, counts);
  tl_import_report *report = NULL;
  tl_batch *batch = NULL;
  tl_ledger *ledger = filled_ledger();
  dead.command = TL_COMMAND_LEAD_CLOSE;
  dead.lead = tl_ref_key("crm", "L-1");
  dead.stage = tl_text_of("dead");
  context.mode = mode;
  context.occurred_at = tl_moment_at(1690000000000000);
  options.mode = import_mode;
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add(batch, TL_COMMAND(&dead), &context, &error));
  CHECK_OK(tl_import_batch(ledger, batch, &options, &report, &error));
  CHECK_OK(tl_import_report_counts(report, &counts, &error));
  tl_import_report_free(report);
  tl_batch_free(batch);
  tl_ledger_close(ledger);
  return counts.rejected > 0 ? -1 : counts.warning_count;
}

static void modes(void) {
  CHECK(breaches_of(TL_MODE_DEFAULT, TL_MODE_DEFAULT) == 1);
  CHECK(breaches_of(TL_MODE_DEFAULT, TL_MODE_OBSERVE) == 1);
  CHECK(breaches_of(TL_MODE_DEFAULT, TL_MODE_ENFORCE) == -1);
  CHECK(breaches_of(TL_MODE_OBSERVE, TL_MODE_ENFORCE) == 1);
  CHECK(breaches_of(TL_MODE_ENFORCE, TL_MODE_DEFAULT) == -1);
}

void c_import(void) {
  SIZED(tl_error, error);
  tl_import_report *report = NULL;
  tl_batch *batch = NULL;
  tl_ledger *ledger = memory_ledger();
  files();
  modes();
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add_json(batch, kFacts, strlen(kFacts), TL_MODE_DEFAULT, &error));
  CHECK_OK(tl_import_batch(ledger, batch, NULL, &report, &error));
  check_report(report, 3, 0);
  tl_import_report_free(report);
  CHECK_OK(tl_import_batch(ledger, batch, NULL, &report, &error));
  check_report(report, 0, 3);
  tl_import_report_free(report);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "batch", tl_import_batch(ledger, NULL, NULL, &report, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_report",
              tl_import_batch(ledger, batch, NULL, NULL, &error));
  tl_import_report_free(NULL);
  tl_batch_free(batch);
  tl_ledger_close(ledger);
}
