/* Opening and closing, options, callbacks, errors, upkeep. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static int destroyed;
static char logged[256];
static tl_status called_back;
static tl_ledger *reentered;

static void count_destroy(void *payload) { destroyed += payload == &destroyed ? 1 : 100; }

static void keep_log(void *payload, int32_t level, const char *text, size_t text_size) {
  (void)payload;
  snprintf(logged, sizeof logged, "%d %.*s", (int)level, (int)text_size, text);
}

static tl_time reentering_clock(void *payload) {
  (void)payload;
  SIZED(tl_error, error);
  called_back = tl_ledger_rebuild(reentered, &error);
  tl_records_free(NULL); /* free functions and queries are allowed */
  CHECK(strcmp(tl_status_name(called_back), "REENTRANT") == 0);
  return 1700000000000000;
}

static void remove_ledger(const char *path) {
  char name[4200];
  remove(path);
  snprintf(name, sizeof name, "%s-wal", path);
  remove(name);
  snprintf(name, sizeof name, "%s-shm", path);
  remove(name);
}

static void opens_files(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  tl_ledger *ledger = NULL;
  char path[4096];
  strcpy(path, test_path("ledger.db"));
  remove_ledger(path);
  const size_t size = strlen(path);

  CHECK_STATUS(TL_NOT_FOUND, tl_ledger_open(path, size, NULL, &ledger, &error));
  CHECK(ledger == NULL);
  CHECK_OK(tl_ledger_create(path, size, NULL, &ledger, &error));
  tl_ledger_close(ledger);
  CHECK_STATUS(TL_ALREADY_EXISTS, tl_ledger_create(path, size, NULL, &ledger, NULL));
  options.synchronous = TL_SYNCHRONOUS_NORMAL;
  options.busy_timeout_ms = -1;
  options.idle_readers = -1;
  options.group_wait_us = -1;
  CHECK_OK(tl_ledger_open(path, size, &options, &ledger, &error));
  apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"Acme\"}");
  tl_ledger_close(ledger);

  options.read_only = 1;
  CHECK_OK(tl_ledger_open(path, size, &options, &ledger, &error));
  SIZED(tl_account_open_args, open);
  open.name = tl_text_of("Beta");
  CHECK_STATUS(TL_PERMISSION_DENIED, tl_account_open(ledger, &open, NULL, NULL, &error));
  tl_ledger_close(ledger);
  remove_ledger(path);
}

static void refuses_bad_options(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  tl_ledger *ledger = (tl_ledger *)&options;
  const char *path = test_path("never.db");
  const size_t size = strlen(path);

  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_ledger", tl_ledger_open(path, size, NULL, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path", tl_ledger_open(NULL, 4, NULL, &ledger, &error));
  CHECK(ledger == NULL);
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_ledger_open(NULL, 0, NULL, &ledger, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path", tl_ledger_open("a\0b", 3, NULL, &ledger, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "path", tl_ledger_open(path, SIZE_MAX, NULL, &ledger, &error));

  options.struct_size = 0;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.struct_size",
              tl_ledger_open(path, size, &options, &ledger, &error));
  options.struct_size = UINT32_MAX;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.struct_size",
              tl_ledger_open(path, size, &options, &ledger, &error));
  options.struct_size = sizeof options;
  options.read_only = 2;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.read_only",
              tl_ledger_open(path, size, &options, &ledger, &error));
  options.read_only = 0;
  options.synchronous = -1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.synchronous",
              tl_ledger_open(path, size, &options, &ledger, &error));
  options.synchronous = 0;
  options.group_limit = 5000;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.group_limit",
              tl_ledger_create_in_memory(&options, &ledger, &error));
  options.group_limit = 0;
  options.policy_json = tl_text_of("{}");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.policy_json",
              tl_ledger_open(path, size, &options, &ledger, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_ledger_create_in_memory(&options, &ledger, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_ledger", tl_ledger_create_in_memory(NULL, NULL, &error));
  tl_ledger_close(NULL);
}

/* Callers built with a longer struct: zeros behind what is known are fine, anything else is not. */
static void reads_longer_structs(void) {
  SIZED(tl_error, error);
  struct {
    tl_ledger_options options;
    int64_t later[2];
  } longer;
  tl_ledger *ledger = NULL;
  memset(&longer, 0, sizeof longer);
  longer.options.struct_size = sizeof longer;
  CHECK_OK(tl_ledger_create_in_memory(&longer.options, &ledger, &error));
  tl_ledger_close(ledger);
  longer.later[1] = 1;
  CHECK_STATUS(TL_UNIMPLEMENTED, tl_ledger_create_in_memory(&longer.options, &ledger, &error));
  CHECK(ledger == NULL);
}

static void errors_are_checked(void) {
  tl_error error;
  memset(&error, 0x5A, sizeof error);
  tl_ledger *ledger = memory_ledger();
  error.struct_size = 8;
  CHECK(tl_ledger_rebuild(ledger, &error) == TL_INVALID_ARGUMENT);
  CHECK(error.message[0] == 0x5A); /* nothing is written into a struct of unknown size */
  error.struct_size = sizeof error;
  CHECK(tl_ledger_rebuild(ledger, &error) == TL_OK);
  CHECK(error.code == TL_OK && error.message[0] == 0 && error.field[0] == 0);
  CHECK(tl_ledger_rebuild(NULL, &error) == TL_INVALID_ARGUMENT &&
        error.code == TL_INVALID_ARGUMENT);
  CHECK(strcmp(error.field, "ledger") == 0 && strstr(error.message, "NULL") != NULL);
  CHECK(tl_ledger_rebuild(NULL, NULL) == TL_INVALID_ARGUMENT);
  tl_ledger_close(ledger);
}

static void calls_back(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  tl_ledger *ledger = NULL;
  options.payload = &destroyed;
  options.destroy = count_destroy;
  options.log = keep_log;
  options.policy_json = tl_text_of("{");
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_ledger_create_in_memory(&options, &ledger, &error));
  CHECK(destroyed == 0); /* the payload stays the caller's */
  options.policy_json = tl_text_of(NULL);
  CHECK_OK(tl_ledger_create_in_memory(&options, &ledger, &error));
  tl_ledger_close(ledger);
  CHECK(destroyed == 1);

  options.clock = reentering_clock;
  CHECK_OK(tl_ledger_create_in_memory(&options, &reentered, &error));
  apply_json(reentered, "{\"fact\":\"account.open\",\"name\":\"Acme\"}");
  CHECK(called_back == TL_REENTRANT);
  tl_ledger_close(reentered);
  CHECK(destroyed == 2);
}

/* Damages the file under an open ledger: what an operator must see reaches the log. */
static void logs_what_operators_must_see(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  tl_ledger *ledger = NULL;
  char path[4096];
  strcpy(path, test_path("damaged.db"));
  remove_ledger(path);
  options.log = keep_log;
  CHECK_OK(tl_ledger_create(path, strlen(path), &options, &ledger, &error));
  tl_ledger_close(ledger);
  FILE *file = fopen(path, "r+b");
  CHECK(file != NULL);
  if (file != NULL) {
    char noise[4096];
    memset(noise, 0x7F, sizeof noise);
    fseek(file, 4096, SEEK_SET);
    for (int i = 0; i < 40; ++i) fwrite(noise, 1, sizeof noise, file);
    fclose(file);
  }
  tl_status status = tl_ledger_open(path, strlen(path), &options, &ledger, &error);
  if (status == TL_OK) {
    tl_verify_report *report = NULL;
    status = tl_ledger_verify(ledger, &report, &error);
    CHECK(status == TL_DATA_LOSS && strstr(logged, "2 DATA_LOSS") == logged);
    tl_verify_report_free(report);
  }
  CHECK(status == TL_DATA_LOSS);
  tl_ledger_close(ledger);
  remove_ledger(path);
}

static void verifies_and_rebuilds(void) {
  SIZED(tl_error, error);
  SIZED(tl_verify_counts, counts);
  tl_verify_report *report = NULL;
  tl_text sample;
  tl_ledger *ledger = filled_ledger();
  CHECK_OK(tl_ledger_rebuild(ledger, &error));
  CHECK_OK(tl_ledger_verify(ledger, &report, &error));
  CHECK_OK(tl_verify_report_counts(report, &counts, &error));
  CHECK(counts.commits > 8 && counts.rows > 8 && counts.differences == 0);
  CHECK(counts.sample_count == 0);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_verify_report_sample(report, 0, &sample, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_report", tl_ledger_verify(ledger, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "report", tl_verify_report_counts(NULL, &counts, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_counts", tl_verify_report_counts(report, NULL, &error));
  tl_verify_report_free(report);
  tl_verify_report_free(NULL);
  tl_ledger_close(ledger);
}

void c_ledger(void) {
  opens_files();
  refuses_bad_options();
  reads_longer_structs();
  errors_are_checked();
  calls_back();
  logs_what_operators_must_see();
  verifies_and_rebuilds();
}
