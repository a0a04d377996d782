#include <benchmark/benchmark.h>

#include "ratios.h"
#include "raw_sqlite.h"
#include "throughline/policy.h"
#include "workload.h"

// One lead move as its own commit, synchronous=NORMAL, over 20,000 leads of as many accounts.

namespace throughline {
namespace {

constexpr int64_t kLeads = 20'000;
constexpr int64_t kMoves = 20'000;

// There and back between two stages, so that every move is one that the policy allows.
struct Walk {
  int64_t working = Policy::Default()->FindStage("working")->id;
  int64_t sql = Policy::Default()->FindStage("sql")->id;
  int64_t step = 0;

  // A prime stride visits the leads in an order that no cache likes better than another.
  int64_t Lead() const { return step * 7919 % kLeads + 1; }
  bool Forward() const { return step / kLeads % 2 == 0; }
};

void BM_LeadMoveOurs(benchmark::State& state) {
  const std::string path = BenchFolder() + "/move_ours.db";
  CopyDatabase(LedgerOfLeads(kLeads), path);
  auto ledger = OpenLedger(path, {.synchronous = SqliteOptions::kNormal});
  Walk walk;
  LeadMove move;
  for (auto _ : state) {
    move.lead = LeadId{walk.Lead()};
    move.stage = walk.Forward() ? "sql" : "working";
    Check(ledger->Execute(move, {}).status());
    ++walk.step;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_LeadMoveOurs)->Name("BM_LeadMove/ours")->Iterations(kMoves)->UseRealTime();

void BM_LeadMoveRaw(benchmark::State& state) {
  const std::string path = BenchFolder() + "/move_raw.db";
  CopyDatabase(LedgerOfLeads(kLeads), path);
  RawLedger raw(path, /*full_sync=*/false);
  Walk walk;
  int64_t now = 4'000'000'000'000'000;
  for (auto _ : state) {
    raw.Begin();
    raw.MoveLead(walk.Lead(), walk.Forward() ? walk.sql : walk.working, ++now);
    raw.Commit();
    ++walk.step;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_LeadMoveRaw)->Name("BM_LeadMove/raw")->Iterations(kMoves)->UseRealTime();

const bool kExpected = (ExpectRatio("LeadMove", 0.7), true);

}  // namespace
}  // namespace throughline
