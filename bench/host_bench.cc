#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <memory>
#include <string>

#include "ratios.h"
#include "throughline/sqlite_host_store.h"
#include "workload.h"

// One lead move as its own commit, synchronous=NORMAL, over 20,000 leads: in a ledger on a host's
// connection ("ours"), against the same in a file of our own ("raw"). The connection is opened
// and tuned as the library does it with its own. "in_a_transaction": the host's, with a row of the
// host's before each move.

namespace throughline {
namespace {

constexpr int64_t kLeads = 20'000;
constexpr int64_t kMoves = 20'000;

void MoveNext(Ledger& ledger, int64_t step) {
  LeadMove move;
  move.lead = LeadId{step * 7919 % kLeads + 1};
  move.stage = step / kLeads % 2 == 0 ? "sql" : "working";
  Check(ledger.Execute(move, {}).status());
}

// A host's database with a ledger of leads in it.
class Host {
 public:
  explicit Host(const std::string& path) {
    RemoveDatabase(path);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &db_, flags, nullptr) != SQLITE_OK) Die("no " + path);
    Run("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA cache_size=-16384; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=1000;"
        "CREATE TABLE crm(lead INTEGER PRIMARY KEY, moved INTEGER NOT NULL)");
    ledger_ = Take(Ledger::Create(
        Take(NewSqliteHostStore({.connection = db_, .libversion = &sqlite3_libversion}))));
    ImportLeads(*ledger_, kLeads);
    Run("INSERT INTO crm SELECT lead, 0 FROM throughline_lead; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  ~Host() {
    ledger_ = nullptr;
    sqlite3_close(db_);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void Run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      Die(sql + ": " + sqlite3_errmsg(db_));
    }
  }
  Ledger& ledger() { return *ledger_; }

 private:
  sqlite3* db_ = nullptr;
  std::unique_ptr<Ledger> ledger_;
};

void BM_HostMovePlain(benchmark::State& state) {
  const std::string path = BenchFolder() + "/host_plain.db";
  CopyDatabase(LedgerOfLeads(kLeads), path);
  auto ledger = OpenLedger(path, {.synchronous = SqliteOptions::kNormal});
  int64_t step = 0;
  for (auto _ : state) MoveNext(*ledger, step++);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HostMovePlain)->Name("BM_HostMove/raw")->Iterations(kMoves)->UseRealTime();

void BM_HostMoveOurs(benchmark::State& state) {
  Host host(BenchFolder() + "/host_ours.db");
  int64_t step = 0;
  for (auto _ : state) MoveNext(host.ledger(), step++);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HostMoveOurs)->Name("BM_HostMove/ours")->Iterations(kMoves)->UseRealTime();

void BM_HostMoveInTransaction(benchmark::State& state) {
  Host host(BenchFolder() + "/host_rows.db");
  int64_t step = 0;
  for (auto _ : state) {
    host.Run("BEGIN IMMEDIATE; UPDATE crm SET moved=moved+1 WHERE lead=" +
             std::to_string(step * 7919 % kLeads + 1));
    MoveNext(host.ledger(), step++);
    host.Run("COMMIT");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HostMoveInTransaction)
    ->Name("BM_HostMove/in_a_transaction")
    ->Iterations(kMoves)
    ->UseRealTime();

const bool kExpected = (ExpectRatio("HostMove", 0.9), true);

}  // namespace
}  // namespace throughline
