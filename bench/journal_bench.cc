#include <benchmark/benchmark.h>

#include "event_row.h"
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

// Each event of the journal stands in the table, in order and whole.
void CheckRawEvents(RawLedger& raw, ReadTransaction& reader) {
  RawStatement scan(raw.db(), kScanEvents);
  EventHead head;
  Event row;
  Check(reader.ReadJournal(0, [&](const JournalEntry& entry) {
    Check(VisitEvents(entry.events, [&](const Event& event) {
      if (entry.account == 0) return true;
      if (!scan.Step()) Die("the table has fewer events than the journal");
      ReadEventRow(scan, head, row);
      if (head.account != entry.account || row != event) Die("the table's events are others");
      return true;
    }));
    return true;
  }));
  if (scan.Step()) Die("the table has more events than the journal");
}

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
  CheckRawEvents(raw, *reader);
  return *path;
}

void ReadRaw(benchmark::State& state) {
  RawLedger raw(RawEvents(), /*full_sync=*/false);
  RawStatement scan(raw.db(), kScanEvents);
  int64_t events = 0, sum = 0;
  EventHead head;
  Event event;
  for (auto _ : state) {
    while (scan.Step()) {
      ReadEventRow(scan, head, event);
      sum += event.occurred_at.micros + static_cast<int64_t>(event.payload.index());
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

const bool kExpected = (ExpectRatio("ReadImported", 5.0), ExpectRatio("ReadSingle", 1.3), true);

}  // namespace
}  // namespace throughline
