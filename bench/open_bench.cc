#include <benchmark/benchmark.h>

#include <filesystem>

#include "ratios.h"
#include "workload.h"

// Opening a ledger of 1,000,000 events, up to the first answer: after a clean close (asked: under
// 3 ms), and as a killed process left it, with a write-ahead log to read.

namespace throughline {
namespace {

constexpr int64_t kEvents = 1'000'000;

void FirstAnswer(const std::string& path) {
  auto ledger = OpenLedger(path);
  Take(ledger->GetAccount(AccountId{1}));
}

void BM_OpenAfterClose(benchmark::State& state) {
  const std::string path = ImportedLedger(kEvents);
  for (auto _ : state) FirstAnswer(path);
}
BENCHMARK(BM_OpenAfterClose)->Iterations(50)->UseRealTime()->Unit(benchmark::kMillisecond);

// A file with its log copied while a writer has it open looks as a kill leaves it.
void BM_OpenAfterKill(benchmark::State& state) {
  const std::string live = BenchFolder() + "/live.db", killed = BenchFolder() + "/killed.db";
  CopyDatabase(ImportedLedger(kEvents), live);
  auto ledger = OpenLedger(live, {.synchronous = SqliteOptions::kNormal});
  for (int64_t i = 1; i <= 5000; ++i) {
    Check(ledger->Execute(AccountUpdate{.account = AccountId{i}, .name = "New name"}, {}).status());
  }
  double log_bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    CopyDatabase(live, killed);
    log_bytes = static_cast<double>(std::filesystem::file_size(killed + "-wal"));
    state.ResumeTiming();
    FirstAnswer(killed);
  }
  state.counters["wal_bytes"] = log_bytes;
}
BENCHMARK(BM_OpenAfterKill)->Iterations(5)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace throughline
