#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "throughline/import.h"
#include "workload.h"

// Accounts with long histories, 10,000 events each: the trace of a deal (asked: under 20 ms), and
// two of them merged and parted again, which copies none of their events. And an account of many
// leads, as the one that takes whoever has no company.

namespace throughline {
namespace {

constexpr int64_t kEventsEach = 10'000;

Context Observed(int64_t minute) {
  Context context;
  context.mode = Mode::kObserve;
  context.occurred_at = Moment{Time{StartOf(Date{18'000}).micros + minute * 60 * 1'000'000}};
  return context;
}

// An account whose lead died half way, and whose deal opened at the end of it all; its id.
AccountId AddLongAccount(Ledger& ledger, OpportunityId& deal) {
  const AccountId account{Take(ledger.Execute(AccountOpen{.name = "Acme"}, Observed(0))).id};
  const LeadId lead{Take(ledger.Execute(LeadOpen{.account = account}, Observed(1))).id};
  std::vector<Request> requests;
  for (int64_t i = 0; i < kEventsEach - 4; ++i) {
    if (i == kEventsEach / 2) {
      requests.push_back({LeadClose{lead, "dead", "no_response"}, Observed(2 + i)});
    }
    requests.push_back(
        {TouchRecord{
             .account = account, .channel = "web", .kind = i % 10 == 0 ? "form" : "email_send"},
         Observed(2 + i)});
  }
  std::vector<absl::StatusOr<Receipt>> receipts;
  for (std::span<const Request> rest(requests); !rest.empty();) {
    const size_t count = std::min<size_t>(rest.size(), 4096);
    Check(ledger.ExecuteAll(rest.first(count), receipts));
    for (const absl::StatusOr<Receipt>& receipt : receipts) Check(receipt.status());
    rest = rest.subspan(count);
  }
  deal = OpportunityId{
      Take(ledger.Execute(OpportunityOpen{.account = account}, Observed(kEventsEach))).id};
  return account;
}

struct LongAccounts {
  LongAccounts()
      : ledger(CreateLedger(BenchFolder() + "/long.db", {.synchronous = SqliteOptions::kNormal})),
        one(AddLongAccount(*ledger, deal)),
        other(AddLongAccount(*ledger, other_deal)) {}

  std::unique_ptr<Ledger> ledger;
  OpportunityId deal, other_deal;
  AccountId one, other;
};

LongAccounts& Accounts() {
  static auto* const accounts = new LongAccounts();
  return *accounts;
}

void BM_TraceOfLongAccount(benchmark::State& state) {
  LongAccounts& accounts = Accounts();
  int64_t steps = 0;
  for (auto _ : state) {
    steps = std::ssize(Take(accounts.ledger->TraceOpportunity(accounts.deal)).steps);
  }
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(BM_TraceOfLongAccount)->UseRealTime()->Unit(benchmark::kMillisecond);

// What the two commands append to the journal is shown beside their time.
void BM_MergeAndUnmergeLongAccounts(benchmark::State& state) {
  LongAccounts& accounts = Accounts();
  int64_t events = 0;
  for (auto _ : state) {
    const int64_t before = Take(accounts.ledger->store().LastSeq());
    Check(accounts.ledger
              ->Execute(AccountMerge{.account = accounts.one, .merged = accounts.other}, {})
              .status());
    Check(accounts.ledger->Execute(AccountUnmerge{.account = accounts.other}, {}).status());
    state.PauseTiming();
    events = 0;
    const std::vector<Commit> commits = Take(accounts.ledger->ReadCommits(before, 100));
    for (const Commit& commit : commits) events += std::ssize(commit.events);
    state.ResumeTiming();
  }
  state.counters["events"] = static_cast<double>(events);
}
BENCHMARK(BM_MergeAndUnmergeLongAccounts)->UseRealTime()->Unit(benchmark::kMillisecond);

// Two leads an hour in one account, each with a touch; `late`: with the touches that were not known
// at first, each of a minute before its lead.
std::vector<Request> CrowdFacts(int64_t leads, bool late) {
  std::vector<Request> facts;
  uint64_t fact = late ? uint64_t{1} << 32 : 0;
  const auto add = [&](Command command, int64_t minute) {
    facts.push_back({std::move(command), Observed(minute)});
    facts.back().context.fact = ++fact;
  };
  const AccountRef crowd{"b", "crowd"};
  if (!late) add(AccountOpen{.name = "Crowd", .external_ids = {{"b", "crowd"}}}, 0);
  for (int64_t i = 1; i <= leads; ++i) {
    add(TouchRecord{.account = crowd, .channel = late ? "webinar" : "web", .kind = "form"},
        30 * i + (late ? 1 : 0));
    if (!late) add(LeadOpen{.account = crowd, .source = "web"}, 30 * i + 2);
  }
  return facts;
}

void BM_LateTouchesOfManyLeads(benchmark::State& state) {
  const int64_t leads = state.range(0);
  const std::vector<Request> facts = CrowdFacts(leads, false), late = CrowdFacts(leads, true);
  for (auto _ : state) {
    state.PauseTiming();
    const std::string path = BenchFolder() + "/crowd.db";
    RemoveDatabase(path);
    auto ledger = CreateLedger(path, {.synchronous = SqliteOptions::kNormal});
    Take(ImportFacts(*ledger, facts, {}));
    state.ResumeTiming();
    Take(ImportFacts(*ledger, late, {}));
  }
  state.SetItemsProcessed(state.iterations() * leads);
}
BENCHMARK(BM_LateTouchesOfManyLeads)
    ->Arg(500)
    ->Arg(1000)
    ->Arg(2000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace throughline
