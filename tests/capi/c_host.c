/* A ledger in the host's own SQLite database, on the host's connection. */
#include <sqlite3.h>
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static sqlite3 *host;
static tl_ledger *ledger;
static int destroyed;

static void count_destroy(void *payload) {
  (void)payload;
  ++destroyed;
}

static const char *another_libversion(void) { return "9.9.9"; }

static sqlite3 *open_host(const char *path) {
  sqlite3 *db = NULL;
  CHECK(sqlite3_open(path, &db) == SQLITE_OK);
  sqlite3_busy_timeout(db, 20);
  CHECK(sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) == SQLITE_OK);
  return db;
}

static void run(const char *sql) {
  if (sqlite3_exec(host, sql, NULL, NULL, NULL) == SQLITE_OK) return;
  fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(host));
  ++check_failures;
}

static int64_t number(const char *sql) {
  sqlite3_stmt *statement = NULL;
  int64_t value = -1;
  CHECK(sqlite3_prepare_v2(host, sql, -1, &statement, NULL) == SQLITE_OK);
  if (sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

static tl_sqlite_host place(sqlite3 *db, int32_t create) {
  SIZED(tl_sqlite_host, at);
  at.create = create;
  at.connection = db;
  at.libversion = sqlite3_libversion;
  return at;
}

static const char kFacts[] =
    "{\"fact\":\"owner.define\",\"kind\":\"rep\",\"side\":\"sales\",\"name\":\"Ada\"}\n"
    "{\"fact\":\"account.open\",\"at\":\"2023-01-02\",\"name\":\"Acme\"}\n"
    "{\"fact\":\"lead.open\",\"at\":\"2023-01-04\",\"account\":1,\"external_ids\":[\"crm:L-1\"]}\n";

/* A host with a table of its own, and a ledger with a lead in it. */
static void begin_test(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  char path[4096];
  char name[4200];
  strcpy(path, test_path("host.db"));
  for (int i = 0; i < 3; ++i) {
    static const char *const kSuffixes[] = {"", "-wal", "-shm"};
    snprintf(name, sizeof name, "%s%s", path, kSuffixes[i]);
    remove(name);
  }
  host = open_host(path);
  run("CREATE TABLE deal(id INTEGER PRIMARY KEY, stage TEXT)");
  options.clock = ticking_clock;
  options.destroy = count_destroy;
  const tl_sqlite_host at = place(host, 1);
  CHECK_OK(tl_open_on_sqlite(&at, &options, &ledger, &error));
  apply_json(ledger, kFacts);
}

static void end_test(void) {
  tl_ledger_close(ledger);
  CHECK(sqlite3_get_autocommit(host) != 0);
  CHECK(sqlite3_close(host) == SQLITE_OK); /* nothing of the library is left on it */
}

static tl_status move_lead(const char *stage, tl_receipt *receipt, tl_error *error) {
  SIZED(tl_lead_move_args, args);
  args.lead = tl_ref_id(1);
  args.stage = tl_text_of(stage);
  return tl_lead_move(ledger, &args, NULL, receipt, error);
}

/* Whether the lead is in the stage. */
static int lead_is_in(const char *stage) {
  SIZED(tl_error, error);
  SIZED(tl_lead_record, lead);
  SIZED(tl_stage, found);
  tl_records *records = NULL;
  tl_policy *policy = NULL;
  const tl_ref ref = tl_ref_key("crm", "L-1");
  CHECK_OK(tl_lead_get(ledger, &ref, &records, &error));
  CHECK_OK(tl_records_lead(records, 0, &lead, &error));
  CHECK_OK(tl_policy_current(ledger, &policy, &error));
  CHECK_OK(tl_policy_stage_by_id(policy, lead.stage, &found, &error));
  const int same = text_is(found.key, stage);
  tl_policy_free(policy);
  tl_records_free(records);
  return same;
}

static int64_t newest_seq(void) {
  SIZED(tl_error, error);
  int64_t seq = -1;
  CHECK_OK(tl_feed_wait(ledger, 0, 0, &seq, &error));
  return seq;
}

static int64_t differences(void) {
  SIZED(tl_error, error);
  SIZED(tl_verify_counts, counts);
  tl_verify_report *report = NULL;
  CHECK_OK(tl_ledger_verify(ledger, &report, &error));
  CHECK_OK(tl_verify_report_counts(report, &counts, &error));
  tl_verify_report_free(report);
  return counts.differences;
}

static void refuses(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  tl_ledger *other = (tl_ledger *)&options;
  begin_test();
  tl_sqlite_host at = place(host, 1);
  CHECK_STATUS(TL_FAILED_PRECONDITION, tl_open_on_sqlite(&at, NULL, &other, &error));
  CHECK(other == NULL);
  tl_ledger_close(ledger);
  ledger = NULL;
  CHECK_STATUS(TL_ALREADY_EXISTS, tl_open_on_sqlite(&at, NULL, &other, &error));
  at.create = 0;
  CHECK_OK(tl_open_on_sqlite(&at, NULL, &ledger, &error));
  at.create = 1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_ledger", tl_open_on_sqlite(&at, NULL, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host", tl_open_on_sqlite(NULL, NULL, &other, &error));
  at.create = 2;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host.create", tl_open_on_sqlite(&at, NULL, &other, &error));
  at = place(NULL, 0);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host.connection", tl_open_on_sqlite(&at, NULL, &other, &error));
  at = place(host, 0);
  at.libversion = NULL;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host.libversion", tl_open_on_sqlite(&at, NULL, &other, &error));
  at.libversion = another_libversion;
  CHECK_STATUS(TL_FAILED_PRECONDITION, tl_open_on_sqlite(&at, NULL, &other, &error));
  CHECK(strstr(error.message, "another copy of SQLite (9.9.9)") != NULL);
  at = place(host, 0);
  at.prefix = tl_text_of("Bad-");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host.prefix", tl_open_on_sqlite(&at, NULL, &other, &error));
  at.prefix = tl_text_of("");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "host.prefix", tl_open_on_sqlite(&at, NULL, &other, &error));
  at.prefix = tl_text_of("other_");
  CHECK_STATUS(TL_NOT_FOUND, tl_open_on_sqlite(&at, NULL, &other, &error));
  at = place(host, 0);
  options.busy_timeout_ms = 1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.busy_timeout_ms",
              tl_open_on_sqlite(&at, &options, &other, &error));
  end_test();
}

static void stands_and_falls_with_the_host(void) {
  SIZED(tl_error, error);
  begin_test();
  const int64_t before = newest_seq();
  run("BEGIN; INSERT INTO deal VALUES(1, 'engaged')");
  CHECK_OK(move_lead("engaged", NULL, &error));
  CHECK(lead_is_in("engaged") && newest_seq() == before + 1);
  run("ROLLBACK");
  CHECK(number("SELECT count(*) FROM deal") == 0);
  CHECK(lead_is_in("inquiry") && newest_seq() == before);
  CHECK(differences() == 0);

  run("BEGIN; INSERT INTO deal VALUES(1, 'engaged')");
  CHECK_OK(move_lead("engaged", NULL, &error));
  /* What the policy refuses is undone alone. */
  SIZED(tl_lead_close_args, dead);
  dead.lead = tl_ref_id(1);
  dead.stage = tl_text_of("dead");
  CHECK_STATUS(TL_FAILED_PRECONDITION, tl_lead_close(ledger, &dead, NULL, NULL, &error));
  CHECK(strcmp(error.rule, "missing_reason") == 0);
  run("COMMIT");
  CHECK(number("SELECT count(*) FROM deal") == 1);
  CHECK(lead_is_in("engaged") && newest_seq() == before + 1);
  CHECK(differences() == 0);
  end_test();
}

/* What was known of the ledger is forgotten with what the host rolls back. */
static void forgets_what_was_rolled_back(void) {
  SIZED(tl_error, error);
  SIZED(tl_context, context);
  SIZED(tl_receipt, first);
  SIZED(tl_receipt, second);
  SIZED(tl_owner_define_args, owner);
  SIZED(tl_lead_assign_args, assign);
  const tl_external_id id = {tl_text_of("crm"), tl_text_of("U-9")};
  begin_test();
  owner.name = tl_text_of("Bob");
  owner.external_ids.items = &id;
  owner.external_ids.count = 1;
  assign.lead = tl_ref_id(1);
  assign.owner = tl_ref_key("crm", "U-9");
  context.request_id = tl_text_of("once");

  run("BEGIN");
  CHECK_OK(tl_owner_define(ledger, &owner, &context, &first, &error));
  CHECK_OK(tl_lead_assign(ledger, &assign, NULL, NULL, &error));
  run("ROLLBACK");
  CHECK_STATUS(TL_NOT_FOUND, tl_lead_assign(ledger, &assign, NULL, NULL, &error));
  CHECK_OK(tl_owner_define(ledger, &owner, &context, &second, &error));
  CHECK(second.repeated == 0 && second.id == first.id && second.seq == first.seq);
  CHECK_OK(tl_owner_define(ledger, &owner, &context, &second, &error));
  CHECK(second.repeated == 1);
  CHECK_OK(tl_lead_assign(ledger, &assign, NULL, NULL, &error));
  CHECK(differences() == 0);
  end_test();
}

/* The policy with another name for a stage. */
static char *renamed_policy(const char *name) {
  SIZED(tl_error, error);
  SIZED(tl_policy_info, info);
  tl_policy *policy = NULL;
  CHECK_OK(tl_policy_parse(NULL, 0, &policy, &error));
  CHECK_OK(tl_policy_get_info(policy, &info, &error));
  static const char old[] = "\"Inquiry\"";
  char *before = malloc(info.json.size + 1);
  snprintf(before, info.json.size + 1, "%.*s", (int)info.json.size, info.json.data);
  char *at = strstr(before, old);
  CHECK(at != NULL);
  if (at == NULL) at = before;
  const size_t size = info.json.size + strlen(name) + 3;
  char *json = malloc(size);
  snprintf(json, size, "%.*s\"%s\"%s", (int)(at - before), before, name, at + strlen(old));
  free(before);
  tl_policy_free(policy);
  return json;
}

static void policy_says(const char *name) {
  SIZED(tl_error, error);
  SIZED(tl_stage, stage);
  tl_policy *policy = NULL;
  CHECK_OK(tl_policy_current(ledger, &policy, &error));
  CHECK_OK(tl_policy_stage_by_key(policy, "inquiry", 7, &stage, &error));
  CHECK_TEXT(stage.name, name);
  tl_policy_free(policy);
}

static void forgets_policies(void) {
  SIZED(tl_error, error);
  begin_test();
  static const char *const kNames[] = {"First", "Second"};
  for (int i = 0; i < 2; ++i) {
    SIZED(tl_policy_set_args, set);
    char *json = renamed_policy(kNames[i]);
    set.json = tl_text_of(json);
    run("BEGIN");
    CHECK_OK(tl_policy_set(ledger, &set, NULL, NULL, &error));
    policy_says(kNames[i]);
    if (i == 0) {
      run("ROLLBACK");
      policy_says("Inquiry");
      CHECK_OK(move_lead("engaged", NULL, &error));
    } else {
      run("COMMIT"); /* the version that the first one had */
    }
    free(json);
  }
  policy_says("Second");
  CHECK(differences() == 0);
  end_test();
}

static void upkeep_works_in_a_transaction(void) {
  SIZED(tl_error, error);
  tl_snapshot *snapshot = NULL;
  tl_table *table = NULL;
  begin_test();
  run("BEGIN; INSERT INTO deal VALUES(1, 'engaged')");
  CHECK_OK(move_lead("engaged", NULL, &error));
  CHECK_OK(tl_ledger_rebuild(ledger, &error));
  CHECK(differences() == 0);
  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  CHECK_OK(tl_report_run(snapshot, "funnel", 6, NULL, &table, &error));
  tl_table_free(table);
  tl_snapshot_free(snapshot);
  apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"Beta\"}");
  run("ROLLBACK");
  CHECK(lead_is_in("inquiry") && differences() == 0);
  CHECK_OK(move_lead("engaged", NULL, &error));
  CHECK_OK(tl_ledger_rebuild(ledger, &error));
  CHECK(differences() == 0);
  end_test();
}

static void imports_with_the_host(void) {
  SIZED(tl_error, error);
  tl_batch *batch = NULL;
  tl_import_report *report = NULL;
  static const char kMore[] =
      "{\"fact\":\"account.open\",\"at\":\"2023-02-01\",\"name\":\"Beta\","
      "\"external_ids\":[\"crm:A-2\"]}\n"
      "{\"fact\":\"lead.open\",\"at\":\"2023-02-02\",\"account\":\"crm:A-2\","
      "\"external_ids\":[\"crm:L-2\"]}\n"
      "{\"fact\":\"lead.move\",\"at\":\"2023-02-03\",\"lead\":\"crm:L-1\",\"stage\":\"engaged\"}\n";
  begin_test();
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add_json(batch, kMore, sizeof kMore - 1, TL_MODE_OBSERVE, &error));
  run("BEGIN");
  CHECK_OK(tl_import_batch(ledger, batch, NULL, &report, &error));
  tl_import_report_free(report);
  CHECK(number("SELECT count(*) FROM throughline_lead") == 2);
  run("ROLLBACK");
  CHECK(number("SELECT count(*) FROM throughline_lead") == 1);
  CHECK_OK(tl_import_batch(ledger, batch, NULL, &report, &error));
  tl_import_report_free(report);
  CHECK(number("SELECT count(*) FROM throughline_lead") == 2);
  CHECK(lead_is_in("engaged") && differences() == 0);
  tl_batch_free(batch);
  end_test();
}

static void others_are_noticed(void) {
  SIZED(tl_error, error);
  tl_ledger *second = NULL;
  begin_test();
  sqlite3 *other = open_host(test_path("host.db"));
  tl_sqlite_host at = place(other, 0);
  CHECK_OK(tl_open_on_sqlite(&at, NULL, &second, &error));
  CHECK(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
  CHECK_STATUS(TL_UNAVAILABLE, move_lead("engaged", NULL, &error));
  apply_json(second, "{\"fact\":\"owner.define\",\"kind\":\"rep\",\"name\":\"Bob\"}");
  CHECK(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
  const int64_t seq = newest_seq();
  CHECK_OK(move_lead("engaged", NULL, &error));
  CHECK(newest_seq() == seq + 1);
  /* The feed of the other connection ends where the host's transaction begins. */
  int64_t seen = 0;
  run("BEGIN");
  CHECK_OK(move_lead("mql", NULL, &error));
  CHECK_OK(tl_feed_wait(second, seq + 1, 1000, &seen, &error));
  CHECK(seen == seq + 1);
  run("COMMIT");
  CHECK_OK(tl_feed_wait(second, seq + 1, 1000000, &seen, &error));
  CHECK(seen == seq + 2);
  tl_ledger_close(second);
  CHECK(sqlite3_close(other) == SQLITE_OK);
  end_test();
}

void c_host(void) {
  refuses();
  stands_and_falls_with_the_host();
  forgets_what_was_rolled_back();
  forgets_policies();
  upkeep_works_in_a_transaction();
  imports_with_the_host();
  others_are_noticed();
  CHECK(destroyed == 7);
}
