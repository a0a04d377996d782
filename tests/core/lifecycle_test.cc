#include <gtest/gtest.h>

#include "core/pure_ledger.h"
#include "throughline/error.h"

namespace throughline {
namespace {

class LifecycleTest : public ::testing::Test {
 protected:
  LifecycleTest() {
    account = ledger.Must(AccountOpen{.name = "Acme", .domains = {"acme.com"}});
    contact = ledger.Must(ContactAdd{.account = AccountId{account}, .name = "A"});
    rep = ledger.Must(OwnerDefine{.kind = OwnerKind::kRep, .name = std::string("R")});
  }

  int64_t Open(std::string_view when, std::string stage = "", OwnerRef owner = {}) {
    return ledger.Must(LeadOpen{.account = AccountId{account},
                                .contact = ContactId{contact},
                                .owner = owner,
                                .stage = std::move(stage)},
                       On(when));
  }

  PureLedger ledger;
  int64_t account = 0, contact = 0, rep = 0;
};

// A lead or opportunity brought into a stage by observation, whatever the policy says.
struct Placed {
  int64_t lead = 0, opportunity = 0;
};

// Every (from, to) pair: a live move is accepted exactly if the policy has the transition.
TEST_F(LifecycleTest, EveryLeadTransitionIsAcceptedExactlyAsThePolicySays) {
  const auto policy = Policy::Default();
  int pairs = 0;
  for (const Stage& from : policy->stages()) {
    for (const Stage& to : policy->stages()) {
      const bool of_leads = from.phase <= Phase::kLead && to.phase <= Phase::kLead;
      if (!of_leads || from.kind == StageKind::kConverted || to.kind == StageKind::kConverted) {
        continue;
      }
      ++pairs;
      const int64_t lead = Open("2024-01-01", "", OwnerId{rep});
      if (from.key != "inquiry") {
        ledger.Must(LeadMove{LeadId{lead}, from.key}, On("2024-01-02", Mode::kObserve));
      }
      const std::string reason = to.reasons.empty() ? "" : to.reasons.front();
      const auto moved = ledger.Execute(
          LeadMove{LeadId{lead}, to.key, reason, *ParseDate("2024-06-01")}, On("2024-01-03"));
      const bool allowed = from.id != to.id && policy->Allows(from, to);
      EXPECT_EQ(moved.ok(), allowed) << from.key << " -> " << to.key << ": " << moved.status();
      EXPECT_EQ(ledger.Lead(lead).stage, allowed ? to.id : from.id);
      if (!moved.ok()) {
        EXPECT_EQ(moved.status().code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(DetailOf(moved.status()).rule, "transition");
      }
    }
  }
  EXPECT_EQ(pairs, 100);
}

TEST_F(LifecycleTest, EveryOpportunityTransitionIsAcceptedExactlyAsThePolicySays) {
  const auto policy = Policy::Default();
  int pairs = 0;
  for (const Stage& from : policy->stages()) {
    for (const Stage& to : policy->stages()) {
      if (from.phase < Phase::kOpportunity || to.phase < Phase::kOpportunity) continue;
      ++pairs;
      const int64_t deal = ledger.Must(
          OpportunityOpen{.account = AccountId{account}, .amount = Money{100, {{'E', 'U', 'R'}}}},
          On("2024-01-01"));
      if (from.key != "discovery") {
        ledger.Must(OpportunityMove{OpportunityId{deal}, from.key},
                    On("2024-01-02", Mode::kObserve));
      }
      const std::string reason = to.reasons.empty() ? "" : to.reasons.front();
      const auto moved = ledger.Execute(
          OpportunityMove{OpportunityId{deal}, to.key, reason, *ParseDate("2024-06-01")},
          On("2024-01-03"));
      const bool allowed = from.id != to.id && policy->Allows(from, to);
      EXPECT_EQ(moved.ok(), allowed) << from.key << " -> " << to.key << ": " << moved.status();
    }
  }
  EXPECT_EQ(pairs, 36);
}

TEST_F(LifecycleTest, RequirementsAreRefusedLiveAndRecordedWhenObserved) {
  struct Case {
    std::string stage;
    Breach breach;
  };
  for (const Case& c : {Case{"nurture", Breach::kMissingReturn},
                        {"dead", Breach::kMissingReason},
                        {"disqualified", Breach::kMissingReason},
                        {"assigned", Breach::kMissingOwner}}) {
    const int64_t lead = Open("2024-01-01");
    const auto live = ledger.Execute(LeadMove{LeadId{lead}, c.stage}, On("2024-01-02"));
    ASSERT_FALSE(live.ok()) << c.stage;
    EXPECT_EQ(DetailOf(live.status()).rule, NameOf(c.breach));
    const auto observed =
        ledger.Execute(LeadMove{LeadId{lead}, c.stage}, On("2024-01-02", Mode::kObserve));
    ASSERT_TRUE(observed.ok()) << observed.status();
    EXPECT_EQ(observed->streams[0].events[0].breaches, BreachBit(c.breach));
  }
}

TEST_F(LifecycleTest, AReasonMustBeOneOfTheStage) {
  const int64_t lead = Open("2024-01-01");
  const auto live =
      ledger.Execute(LeadClose{LeadId{lead}, "dead", "the dog ate it"}, On("2024-01-02"));
  EXPECT_EQ(DetailOf(live.status()).rule, "unknown_reason");
  EXPECT_EQ(ledger.Lead(lead).kind, StageKind::kOpen);
}

TEST_F(LifecycleTest, StageChangesGoForwardInTime) {
  const int64_t lead = Open("2024-02-01");
  ledger.Must(LeadMove{LeadId{lead}, "mql"}, On("2024-02-10"));
  EXPECT_EQ(DetailOf(ledger.Execute(LeadMove{LeadId{lead}, "sql"}, On("2024-02-09")).status()).rule,
            "out_of_order");
  EXPECT_EQ(DetailOf(ledger.Execute(LeadMove{LeadId{lead}, "sql"}, On("2024-01-09")).status()).rule,
            "before_open");
  ledger.Must(LeadMove{LeadId{lead}, "sql"}, On("2024-02-09", Mode::kObserve));
  EXPECT_EQ(FormatDate(DateOf(ledger.Lead(lead).stage_since)), "2024-02-10");
}

TEST_F(LifecycleTest, FirstAssignmentToSalesIsTheHandOff) {
  const int64_t marketer = ledger.Must(OwnerDefine{.side = Side::kMarketing});
  const int64_t lead = Open("2024-01-01", "mql");
  ledger.Must(LeadAssign{LeadId{lead}, OwnerId{marketer}}, On("2024-01-02"));
  EXPECT_FALSE(ledger.Lead(lead).handed_off_at);
  const auto handed = ledger.Execute(LeadAssign{LeadId{lead}, OwnerId{rep}}, On("2024-01-03"));
  ASSERT_TRUE(handed.ok());
  ASSERT_EQ(handed->streams[0].events.size(), 3u);
  EXPECT_EQ(EventName(handed->streams[0].events[1].payload), "lead_handed_off");
  EXPECT_EQ(ledger.Lead(lead).stage, Policy::Default()->hand_off_stage().id);
  const Time first = *ledger.Lead(lead).handed_off_at;
  const int64_t other = ledger.Must(OwnerDefine{});
  ledger.Must(LeadAssign{LeadId{lead}, OwnerId{other}}, On("2024-01-04"));
  EXPECT_EQ(*ledger.Lead(lead).handed_off_at, first);
}

TEST_F(LifecycleTest, OnlyAFollowUpAfterTheHandOffCounts) {
  const int64_t lead = Open("2024-01-01", "mql");
  const auto touch = [&](std::string kind, std::string_view when) {
    ledger.Must(TouchRecord{.contact = ContactId{contact}, .owner = OwnerId{rep}, .kind = kind},
                On(when));
  };
  touch("call", "2024-01-02");
  ledger.Must(LeadAssign{LeadId{lead}, OwnerId{rep}}, On("2024-01-03"));
  touch("email_send", "2024-01-04");
  EXPECT_FALSE(ledger.Lead(lead).followed_up_at);
  touch("call", "2024-01-06");
  touch("meeting", "2024-01-05");
  EXPECT_EQ(FormatTime(*ledger.Lead(lead).followed_up_at), "2024-01-05T00:00:00Z");
}

TEST_F(LifecycleTest, ClosingNeverBlocksReopening) {
  const int64_t lead = Open("2024-01-01", "", OwnerId{rep});
  ledger.Must(LeadMove{LeadId{lead}, "working"}, On("2024-01-02"));
  ledger.Must(LeadClose{LeadId{lead}, "dead", "no_response"}, On("2024-03-30"));
  EXPECT_TRUE(ledger.Lead(lead).closed_at);
  ledger.Must(LeadReopen{LeadId{lead}}, On("2024-05-01"));
  EXPECT_EQ(ledger.Lead(lead).stage, Policy::Default()->FindStage("working")->id);
  EXPECT_FALSE(ledger.Lead(lead).closed_at);
  EXPECT_EQ(DetailOf(ledger.Execute(LeadReopen{LeadId{lead}}, On("2024-05-02")).status()).rule,
            "transition");
}

TEST_F(LifecycleTest, AnOpportunityConvertsItsLeads) {
  const int64_t lead = Open("2024-01-01", "sql", OwnerId{rep});
  const int64_t deal = ledger.Must(OpportunityOpen{.leads = {LeadId{lead}}, .owner = OwnerId{rep}},
                                   On("2024-02-01"));
  EXPECT_EQ(ledger.Lead(lead).kind, StageKind::kConverted);
  EXPECT_EQ(ledger.Lead(lead).opportunity.value, deal);
  EXPECT_EQ(ledger.Opportunity(deal).lineage.link, Link::kConverts);
  EXPECT_EQ(ledger.Opportunity(deal).lineage.previous_lead.value, lead);
}

TEST_F(LifecycleTest, ALiveWinNeedsAnAmountAndAnObservedOneMayNotKnowIt) {
  const int64_t deal = ledger.Must(OpportunityOpen{.account = AccountId{account}});
  EXPECT_EQ(DetailOf(ledger.Execute(OpportunityWin{OpportunityId{deal}}).status()).rule,
            "missing_amount");
  Context observe;
  observe.mode = Mode::kObserve;
  ledger.Must(OpportunityWin{OpportunityId{deal}}, observe);
  EXPECT_EQ(ledger.Opportunity(deal).phase, Phase::kWon);
  EXPECT_FALSE(ledger.Opportunity(deal).amount);
}

TEST_F(LifecycleTest, ADealHasOneCurrency) {
  const int64_t deal = ledger.Must(
      OpportunityOpen{.account = AccountId{account}, .amount = *ParseMoney("10.00 EUR")});
  const auto mixed =
      ledger.Execute(OpportunityValue{OpportunityId{deal}, ParseMoney("5 USD").value()});
  EXPECT_EQ(mixed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(mixed.status()).field, "amount");
  const auto booked = ledger.Execute(
      OpportunityBook{OpportunityId{deal}, ParseMoney("5 USD").value(), *ParseDate("2024-03-01")});
  EXPECT_EQ(DetailOf(booked.status()).field, "amount");
}

TEST_F(LifecycleTest, ADealIsWorthNothingLessThanNothing) {
  const Money debt = *ParseMoney("-0.01 EUR");
  const int64_t deal = ledger.Must(OpportunityOpen{.account = AccountId{account}});
  const std::vector<Command> commands = {
      OpportunityOpen{.account = AccountId{account}, .amount = debt},
      OpportunityValue{OpportunityId{deal}, debt},
      OpportunityWin{.opportunity = OpportunityId{deal}, .amount = debt},
      OpportunityBook{OpportunityId{deal}, debt, *ParseDate("2024-03-01")}};
  for (const Command& command : commands) {
    const absl::Status refused = ledger.Execute(command).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << refused;
    EXPECT_EQ(DetailOf(refused).field, "amount");
  }
}

TEST_F(LifecycleTest, TheFutureIsRefused) {
  const Time later{ledger.now().micros + 301 * kMicrosPerSecond};
  Context context;
  context.occurred_at = Moment{later, false};
  const auto refused = ledger.Execute(LeadOpen{.account = AccountId{account}}, context);
  EXPECT_EQ(DetailOf(refused.status()).field, "occurred_at");
  context.occurred_at->at.micros -= 2 * kMicrosPerSecond;
  EXPECT_TRUE(ledger.Execute(LeadOpen{.account = AccountId{account}}, context).ok());
}

TEST_F(LifecycleTest, ReferencesOfTwoAccountsAreRefused) {
  const int64_t other = ledger.Must(AccountOpen{.name = "Other"});
  const auto mixed =
      ledger.Execute(LeadOpen{.account = AccountId{other}, .contact = ContactId{contact}});
  EXPECT_EQ(mixed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(mixed.status()).field, "contact");
}

TEST_F(LifecycleTest, AContactThatMovesLeavesItsPastBehind) {
  const int64_t other = ledger.Must(AccountOpen{.name = "Other"});
  const int64_t lead = Open("2024-01-01");
  ledger.Must(ContactMove{ContactId{contact}, AccountId{other}});
  EXPECT_EQ(ledger.Lead(lead).account.value, account);
  EXPECT_EQ(ledger.RowsOf(account).contacts.Find(ContactId{contact}), nullptr);
  EXPECT_EQ(ledger.RowsOf(other).contacts.Find(ContactId{contact})->account.value, other);
}

TEST_F(LifecycleTest, ExternalIdsAreUnique) {
  const ExternalId id{"crm", "1"};
  ledger.Must(LeadOpen{.account = AccountId{account}, .external_ids = {id}});
  const auto taken = ledger.Execute(LeadOpen{.account = AccountId{account}, .external_ids = {id}});
  EXPECT_EQ(taken.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(DetailOf(taken.status()).id, 1);
}

}  // namespace
}  // namespace throughline
