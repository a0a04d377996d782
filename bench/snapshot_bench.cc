#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iterator>

#include "analytics/snapshot/column.h"
#include "plain_tables.h"
#include "raw_sqlite.h"
#include "store/schema.h"
#include "throughline/report.h"
#include "workload.h"

// Taking a snapshot, and the reports of one.

namespace throughline {
namespace {

// A ledger of ten times as many takes minutes to import.
int64_t Events() {
  static const int64_t events = [] {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
    const char* const text = std::getenv("THROUGHLINE_BENCH_EVENTS");
    return text == nullptr ? int64_t{1'000'000} : std::strtoll(text, nullptr, 10);
  }();
  return events;
}

// Memory as a snapshot takes it, used and given back: a virtual machine may have to ask its host
// for what has long been free, which took up to 1.4 s of the 2 that a snapshot of 10,000,000 events
// takes. The journal's file has been read just before, too.
void WarmMemory(int64_t bytes) { Column<char>(static_cast<size_t>(bytes), 1); }

void TakeOf(benchmark::State& state, const std::string& path) {
  auto store = Take(NewSqliteStore({.path = path}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  int64_t events = 0;
  SnapshotMemory memory;
  for (auto _ : state) {
    state.PauseTiming();
    WarmMemory(Events() * 100);
    state.ResumeTiming();
    auto snapshot = Take(Snapshot::Take(*store));
    state.PauseTiming();
    events += snapshot->events();
    memory = snapshot->memory();
    snapshot.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(events);
  const double each = static_cast<double>(events) / static_cast<double>(state.iterations());
  const auto per_event = [&](int64_t bytes) { return static_cast<double>(bytes) / each; };
  state.counters["event_column_bytes"] = per_event(memory.event_columns);
  state.counters["entity_bytes"] = per_event(memory.entities);
  state.counters["dictionary_bytes"] = per_event(memory.dictionaries);
  state.counters["index_bytes"] = per_event(memory.indexes);
}

const Snapshot& ImportedSnapshot() {
  static const auto snapshot = [] {
    auto store = Take(NewSqliteStore({.path = ImportedLedger(Events())}));
    Check(store->Open(LedgerSchema(), /*create=*/false));
    return Take(Snapshot::Take(*store));
  }();
  return *snapshot;
}

// For comparison, how fast the machine is: plain SQLite reads the same journal and looks into no
// commit. The design measured 15 to 30 million events a second of an imported one, and 3.4 of one
// of a commit per event.
void PlainReadOf(benchmark::State& state, const std::string& path) {
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) Die(path);
  sqlite3_exec(db, "PRAGMA mmap_size=2147483648", nullptr, nullptr, nullptr);
  {
    RawStatement scan(db, "SELECT seq,account,recorded_at,events FROM journal ORDER BY seq");
    int64_t sum = 0;
    for (auto _ : state) {
      while (scan.Step()) {
        const std::string_view events = scan.BlobAt(3);
        sum += scan.IntAt(0) + scan.IntAt(1) + scan.IntAt(2) + std::ssize(events) + events.front();
      }
      scan.Reset();
    }
    benchmark::DoNotOptimize(sum);
  }
  sqlite3_close(db);
  state.SetItemsProcessed(state.iterations() * ImportedSnapshot().events());
}

void SnapshotPair(const std::string& name, const std::string& (*path)(int64_t)) {
  benchmark::RegisterBenchmark(("BM_" + name + "/raw").c_str(), [path](benchmark::State& state) {
    PlainReadOf(state, path(Events()));
  })->Iterations(3);
  benchmark::RegisterBenchmark(("BM_" + name + "/ours").c_str(), [path](benchmark::State& state) {
    TakeOf(state, path(Events()));
  })->Iterations(3);
}
[[maybe_unused]] const bool kSnapshotsRegistered = [] {
  SnapshotPair("SnapshotOfImported", ImportedLedger);
  SnapshotPair("SnapshotOfSingle", CommitPerEventLedger);
  return true;
}();

void RunOf(benchmark::State& state, const std::string& name) {
  const Snapshot* const snapshot = &ImportedSnapshot();
  for (auto _ : state) benchmark::DoNotOptimize(Take(RunReport(*snapshot, name, {})));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * snapshot->events());
}
[[maybe_unused]] const bool kRegistered = [] {
  for (const ReportInfo& info : Reports()) {
    const std::string name(info.name);
    benchmark::RegisterBenchmark(("BM_Report/" + name).c_str(), [name](benchmark::State& state) {
      RunOf(state, name);
    })->Unit(benchmark::kMillisecond);
  }
  return true;
}();

// The peers: the same numbers by hand-written SQL.
void QueryFor(benchmark::State& state, SqlEngine* engine, const std::string& report) {
  if (engine == nullptr) return state.SkipWithError("its library is not there");
  const std::vector<std::string>& queries = ReportQueries(report);
  for (auto _ : state) {
    for (const std::string& sql : queries) engine->Query(sql);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * ImportedSnapshot().events());
}
[[maybe_unused]] const bool kPeersRegistered = [] {
  using Engine = SqlEngine* (*)();
  static constexpr std::pair<const char*, Engine> kEngines[] = {
      {"sqlite",
       [] {
         static const auto e = SqliteTables(Events());
         return e.get();
       }},
      {"duckdb", [] {
         static const auto e = DuckdbTables(Events());
         return e.get();
       }}};
  for (const std::string report : {"pipeline", "funnel", "sources"}) {
    for (const auto& [engine, opens] : kEngines) {
      const auto open = opens;  // lambdas do not capture bindings
      const std::string pair = "BM_ReportBeside_" + std::string(engine) + "_" + report;
      benchmark::RegisterBenchmark((pair + "/raw").c_str(), [=](benchmark::State& state) {
        QueryFor(state, open(), report);
      })->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark((pair + "/ours").c_str(), [=](benchmark::State& state) {
        RunOf(state, report);
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

// Of a commit to an account of 1,000 events, each a commit.
void BM_SnapshotRefresh(benchmark::State& state) {
  static const auto ledger =
      CreateLedger(BenchFolder() + "/refresh.db", {.synchronous = SqliteOptions::kNormal});
  static const AccountId account{Take(ledger->Execute(AccountOpen{.name = "Acme"}, {})).id};
  const auto touch = [&] {
    Check(ledger->Execute(TouchRecord{.account = account, .channel = "web", .kind = "form"}, {})
              .status());
  };
  for (static int made = 0; made < 998; ++made) touch();
  auto snapshot = Take(Snapshot::Take(ledger->store()));
  for (auto _ : state) {
    state.PauseTiming();
    touch();
    state.ResumeTiming();
    snapshot = Take(snapshot->Refresh(ledger->store()));
  }
}
BENCHMARK(BM_SnapshotRefresh)->Iterations(100)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace throughline
