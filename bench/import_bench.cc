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

// What is left of an import when nothing is read, sorted, looked up or decided: its commits and its
// rows, as they are in the end, put into an empty store. An import that keeps these tables is
// slower.
struct ImportedRows {
  struct Commit {
    JournalEntry entry;
    std::string events;
  };
  std::vector<Commit> commits;
  std::vector<std::vector<StoredRow>> tables;
};

const ImportedRows& RowsOfImported() {
  static auto* const rows = new ImportedRows();
  if (!rows->commits.empty()) return *rows;
  auto store = Take(NewSqliteStore({.path = ImportedLedger(kEvents)}));
  Check(store->Open(LedgerSchema(), /*create=*/false));
  auto reader = Take(store->BeginRead());
  Check(reader->ReadJournal(0, [&](const JournalEntry& entry) {
    rows->commits.push_back({entry, std::string(entry.events)});
    return true;
  }));
  rows->tables.resize(LedgerSchema().tables.size());
  for (size_t table = 0; table < rows->tables.size(); ++table) {
    Scan scan;
    scan.table = static_cast<TableNumber>(table);
    Check(reader->ScanRows(scan, [&](std::span<const Value> row) {
      rows->tables[table].emplace_back().Assign(row);
      return true;
    }));
  }
  return *rows;
}

// The part-th of `parts` parts of the items.
template <class Items>
auto PartOf(const Items& items, size_t part, size_t parts) {
  const size_t begin = items.size() * part / parts, end = items.size() * (part + 1) / parts;
  return std::span(items).subspan(begin, end - begin);
}

void PutPart(WriteTransaction& writer, const ImportedRows& rows, size_t part, size_t parts) {
  for (const auto& [entry, events] : PartOf(rows.commits, part, parts)) {
    JournalEntry commit = entry;
    commit.request = {};
    commit.events = events;
    Check(writer.Append(commit));
  }
  for (size_t table = 0; table < rows.tables.size(); ++table) {
    for (const StoredRow& row : PartOf(rows.tables[table], part, parts)) {
      Check(writer.Put(static_cast<TableNumber>(table), row.values()));
    }
  }
}

void BM_BulkImportUndecided(benchmark::State& state) {
  constexpr size_t kTransactions = 20;  // an import's hold 50,000 events
  const ImportedRows& rows = RowsOfImported();
  for (auto _ : state) {
    state.PauseTiming();
    const std::string path = BenchFolder() + "/import_undecided.db";
    RemoveDatabase(path);
    auto store = Take(NewSqliteStore({.path = path, .synchronous = SqliteOptions::kNormal}));
    Check(store->Open(LedgerSchema(), /*create=*/true));
    state.ResumeTiming();
    for (size_t part = 0; part < kTransactions; ++part) {
      auto writer = Take(store->BeginWrite());
      PutPart(*writer, rows, part, kTransactions);
      Check(writer->Commit());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(DecidedEvents().size()));
}
BENCHMARK(BM_BulkImportUndecided)
    ->Name("BM_BulkImport/undecided")
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
