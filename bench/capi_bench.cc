#include <benchmark/benchmark.h>

#include <string>

#include "ratios.h"
#include "throughline.h"
#include "workload.h"

// One lead move as its own commit, synchronous=NORMAL, over 20,000 leads: by libthroughline.so's C
// interface ("ours"), against the same in C++ ("raw").

namespace throughline {
namespace {

constexpr int64_t kLeads = 20'000;
constexpr int64_t kMoves = 20'000;

// There and back between two stages, in an order that no cache likes better than another.
int64_t LeadOf(int64_t step) { return step * 7919 % kLeads + 1; }
const char* StageOf(int64_t step) { return step / kLeads % 2 == 0 ? "sql" : "working"; }

void BM_CommandOfCpp(benchmark::State& state) {
  const std::string path = BenchFolder() + "/command_cpp.db";
  CopyDatabase(LedgerOfLeads(kLeads), path);
  auto ledger = OpenLedger(path, {.synchronous = SqliteOptions::kNormal});
  int64_t step = 0;
  for (auto _ : state) {
    LeadMove move;
    move.lead = LeadId{LeadOf(step)};
    move.stage = StageOf(step);
    Check(ledger->Execute(move, {}).status());
    ++step;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_CommandOfCpp)->Name("BM_CommandOfC/raw")->Iterations(kMoves)->UseRealTime();

void CheckOk(tl_status status, const tl_error& error) {
  if (status != TL_OK) Die(error.message);
}

void BM_CommandOfC(benchmark::State& state) {
  const std::string path = BenchFolder() + "/command_c.db";
  CopyDatabase(LedgerOfLeads(kLeads), path);
  tl_error error{};
  error.struct_size = sizeof(error);
  tl_ledger_options options{};
  options.struct_size = sizeof(options);
  options.synchronous = TL_SYNCHRONOUS_NORMAL;
  tl_ledger* ledger = nullptr;
  CheckOk(tl_ledger_open(path.data(), path.size(), &options, &ledger, &error), error);
  int64_t step = 0;
  for (auto _ : state) {
    tl_lead_move_args move{};
    move.struct_size = sizeof(move);
    move.lead = tl_ref_id(LeadOf(step));
    move.stage = tl_text_of(StageOf(step));
    tl_receipt receipt{};
    receipt.struct_size = sizeof(receipt);
    CheckOk(tl_lead_move(ledger, &move, nullptr, &receipt, &error), error);
    ++step;
  }
  state.SetItemsProcessed(state.iterations());
  tl_ledger_close(ledger);
}
BENCHMARK(BM_CommandOfC)->Name("BM_CommandOfC/ours")->Iterations(kMoves)->UseRealTime();

const bool kExpected = (ExpectRatio("CommandOfC", 0.97), true);

}  // namespace
}  // namespace throughline
