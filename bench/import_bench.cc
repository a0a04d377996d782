#include <benchmark/benchmark.h>

#include <algorithm>

#include "generator/generator.h"
#include "model/codec.h"
#include "ratios.h"
#include "raw_sqlite.h"
#include "store/schema.h"
#include "throughline/import.h"
#include "workload.h"

// 1,000,000 generated facts over some 83,000 accounts. The raw code gets the decided events, sorted
// by account; it need not parse, match, decide or skip what it knows.

namespace throughline {
namespace {

constexpr int64_t kEvents = 1'000'000;

struct StreamEvent {
  int64_t account;
  Event event;
};

const std::vector<StreamEvent>& DecidedEvents() {
  static auto* const events = new std::vector<StreamEvent>();
  if (!events->empty()) return *events;
  auto store = Take(NewSqliteStore({.path = ImportedLedger(kEvents)}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  auto reader = Take(store->BeginRead());
  Check(reader->ReadJournal(0, [&](const JournalEntry& entry) {
    if (entry.account != 0) {
      Check(VisitEvents(entry.events, [&](const Event& event) {
        events->push_back({entry.account, event});
        return true;
      }));
    }
    return true;
  }));
  std::stable_sort(events->begin(), events->end(), [](const StreamEvent& a, const StreamEvent& b) {
    return a.account < b.account;
  });
  return *events;
}

void BM_BulkImportOurs(benchmark::State& state) {
  const std::vector<Request>& facts = GeneratedFacts(kEvents);
  int64_t events = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::string path = BenchFolder() + "/import_ours.db";
    RemoveDatabase(path);
    auto ledger = CreateLedger(path, {.synchronous = SqliteOptions::kNormal});
    state.ResumeTiming();
    events += Take(ImportFacts(*ledger, facts, {})).events;
  }
  state.SetItemsProcessed(events);
}
BENCHMARK(BM_BulkImportOurs)
    ->Name("BM_BulkImport/ours")
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_BulkImportRaw(benchmark::State& state) {
  const std::vector<StreamEvent>& events = DecidedEvents();
  for (auto _ : state) {
    state.PauseTiming();
    const std::string path = BenchFolder() + "/import_raw.db";
    RemoveDatabase(path);
    CreateLedger(path).reset();
    RawLedger raw(path, /*full_sync=*/false);
    state.ResumeTiming();
    for (size_t i = 0; i < events.size(); ++i) {
      if (i % 1000 == 0) raw.Begin();
      raw.Apply(events[i].account, events[i].event);
      if (i % 1000 == 999 || i + 1 == events.size()) raw.Commit();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(events.size()));
}
BENCHMARK(BM_BulkImportRaw)
    ->Name("BM_BulkImport/raw")
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// From JSON lines on disk to a durable ledger, synchronous=FULL. Asked: 150,000 facts/s on one
// core.
void BM_JsonLinesImport(benchmark::State& state) {
  const std::string facts = BenchFolder() + "/facts.jsonl";
  Take(WriteFacts({kEvents, 1}, facts));
  int64_t imported = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::string path = BenchFolder() + "/import_lines.db";
    RemoveDatabase(path);
    auto ledger = CreateLedger(path);
    state.ResumeTiming();
    imported += Take(ImportFiles(*ledger, {&facts, 1}, "", {})).imported;
  }
  state.SetItemsProcessed(imported);
}
BENCHMARK(BM_JsonLinesImport)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

const bool kExpected = (ExpectRatio("BulkImport", 4.0), true);

}  // namespace
}  // namespace throughline
