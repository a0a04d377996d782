/* A CRM that keeps its deals in an SQLite file of its own, with a ledger inside that file:
 *  - a deal and its lead move in one transaction, or neither does;
 *  - a thread follows the change feed and keeps the CRM's activity list;
 *  - everything is closed in order. */

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "throughline.h"

static const char kPath[] = "crm.db";

static void die(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(EXIT_FAILURE); /* NOLINT(concurrency-mt-unsafe): there is one thread */
}

/* --- SQLite. --- */

static sqlite3 *open_database(void) {
  sqlite3 *db = NULL;
  if (sqlite3_open(kPath, &db) != SQLITE_OK) die(kPath, sqlite3_errmsg(db));
  sqlite3_busy_timeout(db, 5000);
  return db;
}

static void run(sqlite3 *db, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) die(sql, sqlite3_errmsg(db));
}

/* Runs a statement with two numbers and a text; gives the first column of its first row, or 0. */
static int64_t query(sqlite3 *db, const char *sql, int64_t a, int64_t b, const char *text) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) die(sql, sqlite3_errmsg(db));
  sqlite3_bind_int64(statement, 1, a);
  sqlite3_bind_int64(statement, 2, b);
  sqlite3_bind_text(statement, 3, text, -1, SQLITE_STATIC);
  const int code = sqlite3_step(statement);
  const int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  if (code != SQLITE_ROW && code != SQLITE_DONE) die(sql, sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  return value;
}

/* --- The ledger in it. --- */

static tl_ledger *open_ledger(sqlite3 *db, int32_t create) {
  tl_error error = {.struct_size = sizeof error};
  const tl_sqlite_host host = {.struct_size = sizeof host,
                               .create = create,
                               .connection = db,
                               .libversion = sqlite3_libversion,
                               .prefix = tl_text_of("lead_ledger_")};
  tl_ledger *ledger = NULL;
  if (tl_open_on_sqlite(&host, NULL, &ledger, &error) != TL_OK) die("ledger", error.message);
  return ledger;
}

/* A new deal, with an account and a lead for it. */
static void open_deal(sqlite3 *db, tl_ledger *ledger, int64_t deal, const char *company) {
  tl_error error = {.struct_size = sizeof error};
  tl_receipt account = {.struct_size = sizeof account};
  tl_receipt lead = {.struct_size = sizeof lead};
  run(db, "BEGIN IMMEDIATE");
  const tl_account_open_args open = {.struct_size = sizeof open, .name = tl_text_of(company)};
  if (tl_account_open(ledger, &open, NULL, &account, &error) != TL_OK) die(company, error.message);
  const tl_lead_open_args start = {.struct_size = sizeof start, .account = tl_ref_id(account.id)};
  if (tl_lead_open(ledger, &start, NULL, &lead, &error) != TL_OK) die(company, error.message);
  query(db, "INSERT INTO deal(id, lead, company, stage) VALUES(?1, ?2, ?3, 'inquiry')", deal,
        lead.id, company);
  run(db, "COMMIT");
}

/* Moves a deal and its lead; 0 if one of them could not be moved, and then both are where they
 * were. */
static int move_deal(sqlite3 *db, tl_ledger *ledger, int64_t deal, const char *stage) {
  tl_error error = {.struct_size = sizeof error};
  run(db, "BEGIN IMMEDIATE");
  const int64_t lead = query(db, "SELECT lead FROM deal WHERE id = ?1", deal, 0, NULL);
  const tl_lead_move_args move = {
      .struct_size = sizeof move, .lead = tl_ref_id(lead), .stage = tl_text_of(stage)};
  const tl_status status = tl_lead_move(ledger, &move, NULL, NULL, &error);
  if (status == TL_OK) {
    query(db, "UPDATE deal SET stage = ?3 WHERE id = ?1 AND NOT locked", deal, 0, stage);
  }
  if (status == TL_OK && sqlite3_changes(db) == 1) {
    run(db, "COMMIT");
    printf("deal %d is now %s\n", (int)deal, stage);
    return 1;
  }
  printf("deal %d stays: %s\n", (int)deal, status == TL_OK ? "locked by its owner" : error.rule);
  run(db, "ROLLBACK"); /* the lead's move with it */
  return 0;
}

/* --- The follower: a thread with a connection, and so a ledger, of its own. --- */

static atomic_int stopping;

/* Adds events to the CRM's list, and how far it has come, in one transaction. Returns the last seq.
 */
static int64_t take_events(sqlite3 *db, const tl_events *events, int64_t after) {
  tl_error error = {.struct_size = sizeof error};
  tl_event event = {.struct_size = sizeof event};
  run(db, "BEGIN IMMEDIATE");
  for (int64_t i = 0; i < tl_events_count(events); ++i) {
    if (tl_events_at(events, i, &event, &error) != TL_OK) die("event", error.message);
    query(db, "INSERT INTO activity(event, account, what) VALUES(?1, ?2, ?3)", event.id,
          event.account, tl_name(TL_NAMES_EVENT, event.kind));
    after = event.seq;
  }
  query(db, "UPDATE feed SET seq = ?1", after, 0, NULL);
  run(db, "COMMIT");
  return after;
}

static void *follow(void *unused) {
  tl_error error = {.struct_size = sizeof error};
  sqlite3 *db = open_database();
  tl_ledger *ledger = open_ledger(db, 0);
  int64_t after = query(db, "SELECT seq FROM feed", 0, 0, NULL);
  int last_look = 0;
  while (!last_look) {
    last_look = atomic_load(&stopping); /* what was committed before is still taken */
    int64_t newest = 0;
    tl_events *events = NULL;
    if (tl_feed_wait(ledger, after, last_look ? 0 : 100000, &newest, &error) != TL_OK ||
        tl_feed_read(ledger, after, 1000, &events, &error) != TL_OK) {
      die("feed", error.message);
    }
    if (tl_events_count(events) > 0) after = take_events(db, events, after);
    tl_events_free(events);
  }
  tl_ledger_close(ledger);
  if (sqlite3_close(db) != SQLITE_OK) die("follower", "its connection is still in use");
  return unused;
}

/* --- The program. --- */

static int print_row(void *unused, int columns, char **values, char **names) {
  (void)unused;
  (void)names;
  for (int i = 0; i < columns; ++i) printf("%s%s", i == 0 ? "  " : " ", values[i]);
  printf("\n");
  return 0;
}

static void work(sqlite3 *db, tl_ledger *ledger) {
  open_deal(db, ledger, 1, "Acme");
  open_deal(db, ledger, 2, "Beta");
  run(db, "UPDATE deal SET locked = 1 WHERE id = 2");
  move_deal(db, ledger, 1, "mql");
  move_deal(db, ledger, 1, "dead"); /* the policy asks for a reason */
  move_deal(db, ledger, 2, "mql");  /* the CRM says no, after the ledger said yes */
}

static void report(sqlite3 *db) {
  puts("deals");
  sqlite3_exec(db, "SELECT id, company, stage FROM deal ORDER BY id", print_row, NULL, NULL);
  /* The ledger's tables may be read like any others. */
  puts("leads");
  sqlite3_exec(db, "SELECT lead, stage FROM lead_ledger_lead ORDER BY lead", print_row, NULL, NULL);
  puts("activity");
  sqlite3_exec(db, "SELECT account, what FROM activity ORDER BY event", print_row, NULL, NULL);
}

int main(void) {
  sqlite3 *db = open_database();
  run(db,
      "PRAGMA journal_mode = WAL;"
      "CREATE TABLE deal(id INTEGER PRIMARY KEY, lead INTEGER, company TEXT, stage TEXT,"
      " locked INTEGER DEFAULT 0);"
      "CREATE TABLE activity(event INTEGER PRIMARY KEY, account INTEGER, what TEXT);"
      "CREATE TABLE feed(seq INTEGER); INSERT INTO feed VALUES(0)");
  tl_ledger *ledger = open_ledger(db, 1);
  pthread_t follower;
  if (pthread_create(&follower, NULL, follow, NULL) != 0) die("follower", "no thread");
  work(db, ledger);
  atomic_store(&stopping, 1);
  pthread_join(follower, NULL);
  report(db);
  tl_ledger_close(ledger); /* before the connection it is on */
  if (sqlite3_close(db) != SQLITE_OK) die(kPath, "is still in use");
  return EXIT_SUCCESS;
}
