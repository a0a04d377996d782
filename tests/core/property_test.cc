#include <gtest/gtest.h>

#include <random>

#include "core/episode.h"
#include "core/pure_ledger.h"

namespace throughline {
namespace {

// Random commands on two accounts, legal and illegal, live and observed, late and corrected.
class RandomCommands {
 public:
  explicit RandomCommands(unsigned seed, bool merges = true) : random_(seed), merges_(merges) {
    for (int64_t i = 0; i < 2; ++i) {
      accounts_.push_back({ledger.Must(AccountOpen{.name = "A" + std::to_string(i)}), 0});
      for (int j = 0; j < 2; ++j) {
        ledger.Must(ContactAdd{.account = AccountId{accounts_.back().id}, .name = "C"});
      }
    }
    ledger.Must(OwnerDefine{});
    ledger.Must(OwnerDefine{.side = Side::kMarketing});
    ledger.Must(CampaignDefine{.name = "W", .channel = std::string("webinar")});
  }

  // One more command. True if it was accepted.
  bool Step() {
    Command command = Make();
    Context context;
    context.mode = Pick(3) == 0 ? Mode::kObserve : Mode::kEnforce;
    if (Pick(2) == 0) {
      context.occurred_at =
          Moment{Time{ledger.now().micros - Pick(400) * kMicrosPerDay}, Pick(4) == 0};
      if (context.occurred_at->day)
        context.occurred_at->at = StartOf(DateOf(context.occurred_at->at));
    }
    ledger.SetNow(Time{ledger.now().micros + Pick(5) * kMicrosPerDay});
    const absl::StatusOr<Decision> decision = ledger.Execute(command, context);
    if (!decision.ok()) return false;
    if (decision->entity == EntityKind::kLead) leads_ = decision->id;
    if (decision->entity == EntityKind::kOpportunity) deals_ = decision->id;
    return true;
  }

  PureLedger ledger;
  int64_t accounts() const { return static_cast<int64_t>(accounts_.size()); }

 private:
  struct Known {
    int64_t id, unused;
  };

  int64_t Pick(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }
  LeadRef Lead() { return LeadId{leads_ == 0 ? 1 : Pick(leads_) + 1}; }
  OpportunityRef Deal() { return OpportunityId{deals_ == 0 ? 1 : Pick(deals_) + 1}; }
  AccountId Account() { return AccountId{Pick(2) + 1}; }
  std::string StageKey() {
    const auto& stages = Policy::Default()->stages();
    return stages[static_cast<size_t>(Pick(std::ssize(stages)))].key;
  }
  EventRef AnyEvent(int64_t account) {
    const auto& history = ledger.History(account);
    return {history[static_cast<size_t>(Pick(std::ssize(history)))].id, ""};
  }

  Command Make() {
    switch (Pick(merges_ ? 20 : 16)) {
      case 16:
        return AccountMerge{.account = Account(), .merged = Account()};
      case 17:
        return AccountUnmerge{.account = Account()};
      case 18:
        return ContactMerge{.contact = ContactId{Pick(4) + 1}, .merged = ContactId{Pick(4) + 1}};
      case 19:
        return ContactUnmerge{.contact = ContactId{Pick(4) + 1}};
      case 0:
        return LeadOpen{.account = Account(), .source = "sales"};
      case 1:
        return LeadMove{Lead(), StageKey(), Pick(2) == 0 ? "other" : "", Date{20'000}};
      case 2:
        return LeadAssign{Lead(), OwnerId{Pick(2) + 1}};
      case 3:
        return LeadClose{Lead(), "dead", "no_response"};
      case 4:
        return LeadReopen{Lead()};
      case 5:
        return OpportunityOpen{.account = Account(), .amount = *ParseMoney("5.00 EUR")};
      case 6:
        return OpportunityOpen{.leads = {Lead()}};
      case 7:
        return OpportunityMove{Deal(), StageKey(), "other", Date{20'000}};
      case 8:
        return OpportunityWin{Deal(), *ParseMoney("7.00 EUR")};
      case 9:
        return OpportunityLose{Deal(), "price"};
      case 10:
        return LeadConvert{Lead(), Deal()};
      case 11: {
        const int64_t account = Account().value;
        return Void{.event = AnyEvent(account), .reason = "mistake"};
      }
      case 12: {
        const int64_t account = Account().value;
        return Amend{.event = AnyEvent(account),
                     .occurred_at = Moment{Time{ledger.now().micros - Pick(100) * kMicrosPerDay}},
                     .reason = "mistake"};
      }
      case 13: {
        const int64_t account = Account().value;
        return TouchRetract{.touch = AnyEvent(account)};
      }
      default: {
        static constexpr const char* kKinds[] = {"webinar", "form", "email_send", "call"};
        return TouchRecord{.account = Account(),
                           .contact = ContactId{Pick(4) + 1},
                           .campaign = CampaignId{Pick(2)},
                           .kind = kKinds[Pick(4)]};
      }
    }
  }

  std::mt19937 random_;
  bool merges_;
  std::vector<Known> accounts_;
  int64_t leads_ = 0, deals_ = 0;
};

template <class Row>
std::vector<Row> All(const RowSet<Row>& set) {
  std::vector<Row> rows;
  set.ForEach([&](const Row& row) { rows.push_back(row); });
  return rows;
}

void ExpectSame(const Rows& a, const Rows& b) {
  EXPECT_EQ(All(a.accounts), All(b.accounts));
  EXPECT_EQ(All(a.account_merges), All(b.account_merges));
  EXPECT_EQ(All(a.contacts), All(b.contacts));
  EXPECT_EQ(All(a.leads), All(b.leads));
  EXPECT_EQ(All(a.opportunities), All(b.opportunities));
  EXPECT_EQ(All(a.opportunity_leads), All(b.opportunity_leads));
}

class EvolveTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(EvolveTest, EqualsFold) {
  RandomCommands commands(GetParam());
  int accepted = 0;
  for (int i = 0; i < 400; ++i) {
    if (!commands.Step()) continue;
    ++accepted;
    for (int64_t account = 1; account <= commands.accounts(); ++account) {
      ExpectSame(commands.ledger.RowsOf(account), Fold(commands.ledger.History(account)));
    }
    if (HasFailure()) FAIL() << "after step " << i << " with seed " << GetParam();
  }
  EXPECT_GT(accepted, 100) << "seed " << GetParam();
}

// However late a fact comes, every record is linked as if all had been known when it opened.
TEST_P(EvolveTest, LineagesAreWhatTheHistorySays) {
  RandomCommands commands(GetParam() + 2000);
  for (int i = 0; i < 400; ++i) {
    if (!commands.Step()) continue;
    for (int64_t account = 1; account <= commands.accounts(); ++account) {
      const std::vector<RecordedEvent>& history = commands.ledger.History(account);
      const EffectiveHistory effective(history);
      for (const auto& group : effective.Groups()) {
        const std::vector<Relink> relinks = RelinksOf(group, *Policy::Default(), kMinTime);
        ASSERT_TRUE(relinks.empty()) << "after step " << i << " with seed " << GetParam()
                                     << ": lead " << relinks.front().lead.value
                                     << " or opportunity " << relinks.front().opportunity.value;
      }
    }
  }
}

// What was known then does not change by what came later.
TEST_P(EvolveTest, AnAsOfReadEqualsTheFoldOfThePrefix) {
  RandomCommands commands(GetParam() + 1000);
  for (int i = 0; i < 300; ++i) commands.Step();
  for (int64_t account = 1; account <= commands.accounts(); ++account) {
    const std::vector<RecordedEvent>& history = commands.ledger.History(account);
    for (size_t n = 0; n < history.size(); n += 7) {
      const Time known_at = history[n].recorded_at;
      size_t end = n;
      while (end < history.size() && history[end].recorded_at <= known_at) ++end;
      ExpectSame(Fold(history, {kMaxTime, known_at}), Fold(std::span(history).first(end)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, EvolveTest, ::testing::Range(1u, 21u));

}  // namespace
}  // namespace throughline
