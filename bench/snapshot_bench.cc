#include <benchmark/benchmark.h>

#include "ratios.h"
#include "store/schema.h"
#include "throughline/report.h"
#include "workload.h"

// Taking a snapshot, and the reports of one.

namespace throughline {
namespace {

constexpr int64_t kEvents = 1'000'000;

void TakeOf(benchmark::State& state, const std::string& path) {
  auto store = Take(NewSqliteStore({.path = path}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  int64_t events = 0;
  SnapshotMemory memory;
  for (auto _ : state) {
    const auto snapshot = Take(Snapshot::Take(*store));
    events += snapshot->events();
    memory = snapshot->memory();
  }
  state.SetItemsProcessed(events);
  const double each = static_cast<double>(events) / static_cast<double>(state.iterations());
  const auto per_event = [&](int64_t bytes) { return static_cast<double>(bytes) / each; };
  state.counters["event_column_bytes"] = per_event(memory.event_columns);
  state.counters["entity_bytes"] = per_event(memory.entities);
  state.counters["dictionary_bytes"] = per_event(memory.dictionaries);
  state.counters["index_bytes"] = per_event(memory.indexes);
}

void BM_SnapshotOfImported(benchmark::State& state) { TakeOf(state, ImportedLedger(kEvents)); }
void BM_SnapshotOfSingle(benchmark::State& state) { TakeOf(state, CommitPerEventLedger(kEvents)); }
BENCHMARK(BM_SnapshotOfImported)->Iterations(3);
BENCHMARK(BM_SnapshotOfSingle)->Iterations(3);

void RunOf(benchmark::State& state, const std::string& name) {
  auto store = Take(NewSqliteStore({.path = ImportedLedger(kEvents)}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  static const auto snapshot = Take(Snapshot::Take(*store));
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
