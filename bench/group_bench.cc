#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>
#include <vector>

#include "ratios.h"
#include "raw_sqlite.h"
#include "store/fault_vfs.h"
#include "throughline/policy.h"
#include "workload.h"

// Eight threads that each move their own leads, a commit a move, synchronous=FULL; against one
// thread of hand-written code that commits eight moves at a time. Asked: at most 0.2 syncs per
// commit.

namespace throughline {
namespace {

constexpr int64_t kLeads = 20'000;
constexpr int64_t kThreads = 8;
constexpr int64_t kMovesPerThread = 500;

void MoveOwnLeads(Ledger& ledger, int64_t thread) {
  LeadMove move;
  for (int64_t i = 0; i < kMovesPerThread; ++i) {
    move.lead = LeadId{thread * (kLeads / kThreads) + i + 1};
    move.stage = "sql";
    Check(ledger.Execute(move, {}).status());
  }
}

void BM_GroupCommitOurs(benchmark::State& state) {
  const std::string path = BenchFolder() + "/group_ours.db";
  double syncs = 0;
  for (auto _ : state) {
    state.PauseTiming();
    CopyDatabase(LedgerOfLeads(kLeads), path);
    auto ledger = OpenLedger(path, {.vfs = fault_vfs::Name()});
    fault_vfs::ResetCounts();
    state.ResumeTiming();
    std::vector<std::thread> threads;
    for (int64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&ledger, t] { MoveOwnLeads(*ledger, t); });
    }
    for (std::thread& thread : threads) thread.join();
    syncs += static_cast<double>(fault_vfs::Counted().log_syncs);
  }
  const int64_t commits = state.iterations() * kThreads * kMovesPerThread;
  state.SetItemsProcessed(commits);
  state.counters["syncs_per_commit"] = syncs / static_cast<double>(commits);
}
BENCHMARK(BM_GroupCommitOurs)
    ->Name("BM_GroupCommit/ours")
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_GroupCommitRaw(benchmark::State& state) {
  const std::string path = BenchFolder() + "/group_raw.db";
  const int64_t sql = Policy::Default()->FindStage("sql")->id;
  for (auto _ : state) {
    state.PauseTiming();
    CopyDatabase(LedgerOfLeads(kLeads), path);
    RawLedger raw(path, /*full_sync=*/true, fault_vfs::Name().c_str());
    int64_t now = 4'000'000'000'000'000;
    state.ResumeTiming();
    for (int64_t i = 0; i < kMovesPerThread; ++i) {
      raw.Begin();
      for (int64_t t = 0; t < kThreads; ++t) {
        raw.MoveLead(t * (kLeads / kThreads) + i + 1, sql, ++now);
      }
      raw.Commit();
    }
  }
  state.SetItemsProcessed(state.iterations() * kThreads * kMovesPerThread);
}
BENCHMARK(BM_GroupCommitRaw)
    ->Name("BM_GroupCommit/raw")
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

const bool kExpected = (ExpectRatio("GroupCommit", 0.6), true);

}  // namespace
}  // namespace throughline
