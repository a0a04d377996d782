#include <benchmark/benchmark.h>

#include "model/codec.h"
#include "ratios.h"
#include "raw_sqlite.h"
#include "store/schema.h"
#include "workload.h"

// Reading every event of 1,000,000: of a journal that was imported, and of one that was written a
// commit per event; against a scan of a table with a row per event.

namespace throughline {
namespace {

constexpr int64_t kEvents = 1'000'000;

void ReadOurs(benchmark::State& state, const std::string& path) {
  auto store = Take(NewSqliteStore({.path = path}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  int64_t events = 0, sum = 0;
  for (auto _ : state) {
    auto reader = Take(store->BeginRead());
    Check(reader->ReadJournal(0, [&](const JournalEntry& entry) {
      Check(VisitEvents(entry.events, [&](const Event& event) {
        sum += event.occurred_at.micros + static_cast<int64_t>(event.payload.index());
        ++events;
        return true;
      }));
      return true;
    }));
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(events);
}

// What a row of the event table becomes in memory: as much as an Event holds.
struct ReadEvent {
  int64_t seq, account, version, recorded_at, actor, policy, occurred_at, entered_at, fact, kind;
  int64_t subject, contact, campaign, owner, from_stage, to_stage, amount;
  std::string word, other_word;
};

const std::string& RawEvents() {
  static auto* const path = new std::string();
  if (!path->empty()) return *path;
  *path = BenchFolder() + "/raw_events.db";
  CreateLedger(*path).reset();
  RawLedger raw(*path, /*full_sync=*/false);
  raw.Begin();
  auto store = Take(NewSqliteStore({.path = ImportedLedger(kEvents)}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  auto reader = Take(store->BeginRead());
  Check(reader->ReadJournal(0, [&](const JournalEntry& entry) {
    Check(VisitEvents(entry.events, [&](const Event& event) {
      if (entry.account != 0) raw.Apply(entry.account, event);
      return true;
    }));
    return true;
  }));
  raw.Commit();
  return *path;
}

void ReadRaw(benchmark::State& state) {
  RawLedger raw(RawEvents(), /*full_sync=*/false);
  RawStatement scan(raw.db(), "SELECT * FROM event ORDER BY seq");
  int64_t events = 0, sum = 0;
  ReadEvent e;
  for (auto _ : state) {
    while (scan.Step()) {
      int64_t* const numbers[] = {&e.seq, &e.account, &e.version, &e.recorded_at, &e.actor,
                                  &e.policy, &e.occurred_at, &e.entered_at, &e.fact, &e.kind,
                                  &e.subject, &e.contact, &e.campaign, &e.owner, &e.from_stage,
                                  &e.to_stage, &e.amount};
      int column = 0;
      for (int64_t* number : numbers) *number = scan.IntAt(column++);
      e.word.assign(scan.TextAt(17));
      e.other_word.assign(scan.TextAt(18));
      sum += e.occurred_at + e.kind;
      ++events;
    }
    scan.Reset();
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(events);
}

void BM_ReadImportedOurs(benchmark::State& state) { ReadOurs(state, ImportedLedger(kEvents)); }
void BM_ReadSingleOurs(benchmark::State& state) { ReadOurs(state, CommitPerEventLedger(kEvents)); }
BENCHMARK(BM_ReadImportedOurs)->Name("BM_ReadImported/ours")->Iterations(2);
BENCHMARK(ReadRaw)->Name("BM_ReadImported/raw")->Iterations(2);
BENCHMARK(BM_ReadSingleOurs)->Name("BM_ReadSingle/ours")->Iterations(2);
BENCHMARK(ReadRaw)->Name("BM_ReadSingle/raw")->Iterations(2);

const bool kExpected =
    (ExpectRatio("ReadImported", 5.0), ExpectRatio("ReadSingle", 1.3), true);

}  // namespace
}  // namespace throughline
