/* A C workload whose n-th allocation fails, for every n: an error comes back, nothing leaks, and
 * the ledger is whole. Under a sanitizer, which is slow, for every n at first, then for fewer. */
#include <errno.h>
#include <stdlib.h>

#include "allocation_parts.h"
#include "check.h"
#include "failing_new.h"

tl_error error;

static tl_status opens(tl_ledger *unused) {
  tl_ledger *ledger = NULL;
  (void)unused;
  const tl_status status = tl_ledger_create_in_memory(NULL, &ledger, &error);
  tl_ledger_close(ledger);
  return status;
}

static tl_status opens_a_file(tl_ledger *unused) {
  static char path[4096];
  tl_ledger *ledger = NULL;
  (void)unused;
  if (path[0] == 0) {
    strcpy(path, test_path("allocation.db"));
    remove(path);
    fail_allocation(0);
    CHECK(tl_ledger_create(path, strlen(path), NULL, &ledger, &error) == TL_OK);
    tl_ledger_close(ledger);
    return TL_OK;
  }
  const tl_status status = tl_ledger_open(path, strlen(path), NULL, &ledger, &error);
  tl_ledger_close(ledger);
  return status;
}

static tl_status reads_a_policy(tl_ledger *unused) {
  static const char kBroken[] =
      "{\"name\": [[1.5, {\"deep\": \"caf\\u00e9\"}]], \"name\": null, oops";
  tl_policy *policy = NULL;
  (void)unused;
  const tl_status status = tl_policy_parse(kBroken, sizeof kBroken - 1, &policy, &error);
  return status == TL_INVALID_ARGUMENT ? TL_OK : status;
}

static tl_status executes(tl_ledger *ledger) {
  SIZED(tl_touch_record_args, touch);
  touch.contact = tl_ref_key("crm", "C-1");
  touch.kind = tl_text_of("webinar");
  return tl_touch_record(ledger, &touch, NULL, NULL, &error);
}

static tl_status opens_a_lead(tl_ledger *ledger) {
  SIZED(tl_lead_open_args, lead);
  lead.account = tl_ref_key("crm", "A-1");
  return tl_lead_open(ledger, &lead, NULL, NULL, &error);
}

static tl_status is_refused(tl_ledger *ledger) {
  SIZED(tl_lead_close_args, close);
  close.lead = tl_ref_key("crm", "L-1");
  close.stage = tl_text_of("dead");
  const tl_status status = tl_lead_close(ledger, &close, NULL, NULL, &error);
  return status == TL_FAILED_PRECONDITION ? TL_OK : status;
}

static tl_status executes_all(tl_ledger *ledger) {
  static const char kLines[] =
      "{\"fact\":\"account.open\",\"name\":\"B\"}\n"
      "{\"fact\":\"touch.record\",\"account\":\"crm:A-1\",\"kind\":\"call\"}\n";
  tl_batch *batch = NULL;
  tl_outcomes *outcomes = NULL;
  tl_status status = tl_batch_create(&batch, &error);
  if (status == TL_OK) status = tl_batch_add_json(batch, kLines, sizeof kLines - 1, 0, &error);
  if (status == TL_OK) status = tl_execute_all(ledger, batch, 0, 2, &outcomes, &error);
  tl_outcomes_free(outcomes);
  tl_batch_free(batch);
  return status;
}

static tl_status adds_columns(tl_ledger *unused) {
  static const int64_t kLeads[] = {1, 2, 3};
  tl_batch *batch = NULL;
  (void)unused;
  SIZED(tl_input_column, lead);
  lead.name = tl_text_of("lead");
  lead.rows = 3;
  lead.integers = kLeads;
  tl_status status = tl_batch_create(&batch, &error);
  if (status == TL_OK) {
    status = tl_batch_add_columns(batch, TL_COMMAND_LEAD_MOVE, 3, &lead, 1, &error);
  }
  CHECK(tl_batch_count(batch) == (status == TL_OK ? 3 : 0));
  tl_batch_free(batch);
  return status;
}

static tl_status reads(tl_ledger *ledger) {
  const tl_ref account = tl_ref_key("crm", "A-1");
  tl_records *records = NULL;
  tl_events *events = NULL;
  tl_status status = tl_account_state(ledger, &account, NULL, &records, &error);
  if (status == TL_OK) status = tl_account_timeline(ledger, &account, NULL, &events, &error);
  tl_events_free(events);
  tl_records_free(records);
  return status;
}

static tl_status writes_json(tl_ledger *ledger) {
  tl_events *events = NULL;
  tl_string *text = NULL;
  tl_status status = tl_feed_read(ledger, 0, 100, &events, &error);
  if (status == TL_OK) status = tl_events_json(events, TL_ALL, &text, &error);
  tl_string_free(text);
  tl_events_free(events);
  return status;
}

static tl_status writes_timeline_json(tl_ledger *ledger) {
  const tl_ref account = tl_ref_key("crm", "A-1");
  tl_events *events = NULL;
  tl_string *text = NULL;
  tl_status status = tl_account_timeline(ledger, &account, NULL, &events, &error);
  if (status == TL_OK) status = tl_events_json(events, TL_ALL, &text, &error);
  tl_string_free(text);
  tl_events_free(events);
  return status;
}

/* A CSV file of facts that are new each time. One of them is refused. */
static tl_text csv_file(void) {
  static const char kRows[] =
      "id,company,at,stage,amount\n"
      "%d-1,Caf\xc3\xa9,2023-01-05,working,\"1.234,50\"\n"
      "%d-2,Bolt,2023-01-06,mql,7\n"
      "%d-2,Bolt,2023-01-04,nowhere,\n";
  static char path[4096];
  static int time;
  strcpy(path, test_path("allocation.csv"));
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  ++time;
  CHECK(fprintf(file, kRows, time, time, time) > 0);
  CHECK(fclose(file) == 0);
  return tl_text_of(path);
}

static tl_status imports_csv(tl_ledger *ledger) {
  static const char kMapping[] =
      "{\"files\": [{\"match\": \"*.csv\", \"decimal\": \",\", \"thousands\": \".\", \"facts\": ["
      "{\"fact\": \"account.open\", \"at\": \"{at}\", \"unique\": true, \"name\": \"{company}\","
      " \"external_ids\": [\"shop:{id}\"]},"
      "{\"fact\": \"lead.open\", \"at\": \"{at}\", \"account\": \"shop:{id}\","
      " \"external_ids\": [\"lead:{id}-{at}\"]},"
      "{\"fact\": \"lead.move\", \"at\": \"{at}\", \"lead\": \"lead:{id}-{at}\","
      " \"stage\": {\"value\": \"{stage}\", \"map\": {\"mql\": \"working\"}},"
      " \"when\": {\"value\": \"{stage}\", \"given\": true}},"
      "{\"fact\": \"opportunity.open\", \"at\": \"{at}\", \"account\": \"shop:{id}\","
      " \"amount\": {\"value\": \"{amount}\", \"currency\": \"EUR\"}}]}]}";
  const tl_text path = csv_file();
  SIZED(tl_import_options, options);
  SIZED(tl_import_counts, counts);
  tl_import_report *report = NULL;
  options.memory_bytes = 64 * 1024;
  tl_status status =
      tl_import_files(ledger, &path, 1, kMapping, sizeof kMapping - 1, &options, &report, &error);
  if (status == TL_OK) status = tl_import_report_counts(report, &counts, &error);
  if (status == TL_OK) CHECK(counts.imported == 10 && counts.rejected == 1);
  tl_import_report_free(report);
  return status;
}

/* A restored ledger is new each time. */
static tl_status exports(tl_ledger *ledger) {
  char path[4096];
  tl_ledger *restored = NULL;
  SIZED(tl_restore_source, source);
  strcpy(path, test_path("export.jsonl"));
  source.file = tl_text_of(path);
  tl_status status = tl_ledger_export(ledger, path, strlen(path), NULL, NULL, &error);
  if (status == TL_OK) status = tl_ledger_restore_in_memory(&source, NULL, &restored, &error);
  tl_ledger_close(restored);
  return status;
}

static tl_status reads_columns(tl_ledger *ledger) {
  tl_table *table = NULL;
  const tl_status status = tl_lead_columns(ledger, NULL, NULL, 0, &table, &error);
  tl_table_free(table);
  return status;
}

/* A number of errno.h, from a call of the stream that may be repeated. */
static tl_status status_of(struct ArrowArrayStream *stream, int result) {
  if (result == 0) return TL_OK;
  CHECK(result == ENOMEM && stream->get_last_error(stream) != NULL);
  return TL_NO_MEMORY;
}

static tl_status streams(tl_ledger *ledger) {
  static const tl_text kColumns[] = {
      {"lead", 4}, {"source", 6}, {"opened_at", 9}, {"return_on", 9}};
  tl_table *table = NULL;
  struct ArrowArrayStream stream = {0};
  struct ArrowSchema schema = {0};
  struct ArrowArray array = {0};
  tl_status status = tl_lead_columns(ledger, NULL, kColumns, 4, &table, &error);
  if (status == TL_OK) status = tl_table_arrow_stream(table, &stream, &error);
  tl_table_free(table);
  if (status == TL_OK) status = status_of(&stream, stream.get_schema(&stream, &schema));
  if (status == TL_OK) status = status_of(&stream, stream.get_next(&stream, &array));
  CHECK(status != TL_OK || (schema.n_children == 4 && array.n_children == 4));
  if (array.release != NULL) array.release(&array);
  if (schema.release != NULL) schema.release(&schema);
  if (stream.release != NULL) stream.release(&stream);
  return status;
}

static void ignore_commit(void *payload, int64_t seq) { (void)payload, (void)seq; }

static tl_status subscribes(tl_ledger *ledger) {
  tl_subscription *subscription = NULL;
  const tl_status status =
      tl_feed_subscribe(ledger, ignore_commit, NULL, NULL, &subscription, &error);
  tl_subscription_free(subscription);
  return status;
}

static void check_whole(tl_ledger *ledger, const char *name, int64_t n) {
  tl_verify_report *report = NULL;
  SIZED(tl_verify_counts, counts);
  CHECK(tl_ledger_verify(ledger, &report, &error) == TL_OK);
  CHECK(tl_verify_report_counts(report, &counts, &error) == TL_OK);
  if (counts.differences != 0) {
    fprintf(stderr, "%s: differences after allocation %lld failed\n", name, (long long)n);
    ++check_failures;
  }
  tl_verify_report_free(report);
}

static int64_t next_point(int64_t n) {
#ifdef __SANITIZE_ADDRESS__
  return n + 1 + n / 128;
#else
  return n + 1;
#endif
}

static int64_t fail_each(const char *name, part run, tl_ledger *ledger) {
  CHECK(run(ledger) == TL_OK);
  for (int64_t n = 1;; n = next_point(n)) {
    const int64_t before = live_allocations();
    fail_allocation(n);
    const tl_status status = run(ledger);
    const int failed = allocation_failed();
    fail_allocation(0);
    if (!failed) {
      CHECK(status == TL_OK);
      return n - 1;
    }
    /* A buffer that could be done without is no failure. Of a commit the outcome may be unknown. */
    if (status != TL_OK && TL_STATUS_CLASS(status) != TL_RESOURCE_EXHAUSTED &&
        status != TL_UNAVAILABLE) {
      fprintf(stderr, "%s: %s after allocation %lld failed: %s\n", name, tl_status_name(status),
              (long long)n, error.message);
      ++check_failures;
    }
    if (ledger == NULL && live_allocations() != before) {
      fprintf(stderr, "%s: %lld leaked after allocation %lld failed\n", name,
              (long long)(live_allocations() - before), (long long)n);
      ++check_failures;
    }
    if (check_failures > 20) exit(1);
  }
}

static const struct {
  const char *name;
  part run;
  int on_a_ledger;
} kParts[] = {
    {"opens", opens, 0},
    {"opens_a_file", opens_a_file, 0},
    {"adds_columns", adds_columns, 0},
    {"reads_a_policy", reads_a_policy, 0},
    {"executes", executes, 1},
    {"opens_a_lead", opens_a_lead, 1},
    {"is_refused", is_refused, 1},
    {"executes_all", executes_all, 1},
    {"reads", reads, 1},
    {"writes_json", writes_json, 1},
    {"writes_timeline_json", writes_timeline_json, 1},
    {"reports", reports, 1},
    {"finishes_a_report", finishes_a_report, 1},
    {"opens_numbers", opens_numbers, 1},
    {"attributes", attributes, 0},
    {"merges_attributions", merges_attributions, 0},
    {"explains_a_deal", explains_a_deal, 1},
    {"imports_csv", imports_csv, 1},
    {"reads_columns", reads_columns, 1},
    {"streams", streams, 1},
    {"subscribes", subscribes, 1},
    {"exports", exports, 1},
};

static void run_part(size_t i) {
  tl_ledger *ledger = kParts[i].on_a_ledger ? filled_ledger() : NULL;
  kParts[i].run(ledger); /* what is made once is made now */
  tl_ledger_close(ledger);
  const int64_t before = live_allocations();
  ledger = kParts[i].on_a_ledger ? filled_ledger() : NULL;
  const int64_t points = fail_each(kParts[i].name, kParts[i].run, ledger);
  if (ledger != NULL) check_whole(ledger, kParts[i].name, points);
  tl_ledger_close(ledger);
  if (live_allocations() != before) {
    fprintf(stderr, "%s: %lld leaked\n", kParts[i].name, (long long)(live_allocations() - before));
    ++check_failures;
  }
  printf("%s: %lld points\n", kParts[i].name, (long long)points);
}

int main(int argc, char **argv) {
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  tl_ledger_close(filled_ledger()); /* what is made once is made now */
  for (size_t i = 0; i < sizeof kParts / sizeof kParts[0]; ++i) {
    if (argc < 2 || strcmp(argv[1], kParts[i].name) == 0) run_part(i);
  }
  return check_failures == 0 ? 0 : 1;
}
