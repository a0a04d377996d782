#include <benchmark/benchmark.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ratios.h"
#include "workload.h"

// Opening a ledger of 1,000,000 events, up to the first answer: after a clean close (asked: under
// 3 ms), and as a killed process left it, with a write-ahead log to read. Closing is not timed.

namespace throughline {
namespace {

constexpr int64_t kEvents = 1'000'000;

// The most that the store lets a log grow to, with a reader in the way of emptying it.
constexpr int64_t kLogBytes = 16 << 20;

std::unique_ptr<Ledger> FirstAnswer(const std::string& path) {
  auto ledger = OpenLedger(path);
  Take(ledger->GetAccount(AccountId{1}));
  return ledger;
}

int64_t LogBytes(const std::string& path) {
  return static_cast<int64_t>(std::filesystem::file_size(path + "-wal"));
}

void BM_OpenAfterClose(benchmark::State& state) {
  const std::string path = ImportedLedger(kEvents);
  for (auto _ : state) {
    auto ledger = FirstAnswer(path);
    state.PauseTiming();
    ledger.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(BM_OpenAfterClose)->Iterations(50)->UseRealTime()->Unit(benchmark::kMillisecond);

// A file with its log, copied while a writer has it open, looks as a kill leaves it.
void KilledWithLog(const std::string& live) {
  CopyDatabase(ImportedLedger(kEvents), live);
  auto ledger = OpenLedger(live, {.synchronous = SqliteOptions::kNormal});
  auto reader = Take(ledger->store().BeginRead());
  for (int64_t i = 1; i == 1 || LogBytes(live) < kLogBytes; ++i) {
    Check(ledger->Execute(AccountUpdate{.account = AccountId{i}, .name = "New name"}, {}).status());
  }
  const std::string killed = live + ".killed";
  CopyDatabase(live, killed);
  reader.reset();
  ledger.reset();
  CopyDatabase(killed, live);
}

void BM_OpenAfterKill(benchmark::State& state) {
  static const std::string* const left = [] {
    auto* const path = new std::string(BenchFolder() + "/live.db");
    KilledWithLog(*path);
    return path;
  }();
  const std::string path = BenchFolder() + "/reopened.db";
  for (auto _ : state) {
    state.PauseTiming();
    CopyDatabase(*left, path);
    state.ResumeTiming();
    auto ledger = FirstAnswer(path);
    state.PauseTiming();
    ledger.reset();
    state.ResumeTiming();
  }
  state.counters["wal_bytes"] = static_cast<double>(LogBytes(*left));
}
BENCHMARK(BM_OpenAfterKill)->Iterations(10)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace throughline
