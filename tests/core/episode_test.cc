#include <gtest/gtest.h>

#include "core/pure_ledger.h"

namespace throughline {
namespace {

class EpisodeTest : public ::testing::Test {
 protected:
  EpisodeTest() {
    account = AccountId{ledger.Must(AccountOpen{.name = "Acme"})};
    ann = ContactId{ledger.Must(ContactAdd{.account = account, .name = "A"})};
    bob = ContactId{ledger.Must(ContactAdd{.account = account, .name = "B"})};
  }

  void Touch(std::string kind, std::string channel, std::string_view when, ContactId who) {
    ledger.Must(TouchRecord{.account = account, .contact = who, .channel = channel, .kind = kind},
                On(when));
  }
  int64_t Lead(std::string_view when, std::string source = "") {
    return ledger.Must(LeadOpen{.account = account, .contact = ann, .source = source}, On(when));
  }
  int64_t Deal(std::string_view when, std::string source = "",
               OpportunityType type = OpportunityType::kNone) {
    return ledger.Must(
        OpportunityOpen{
            .account = account, .type = type, .source = source, .amount = *ParseMoney("10 EUR")},
        On(when));
  }
  void Kill(int64_t lead, std::string_view when) {
    ledger.Must(LeadClose{LeadId{lead}, "dead", "no_response"}, On(when));
  }
  Lineage LeadLineage(int64_t id) { return ledger.Lead(id).lineage; }
  Lineage DealLineage(int64_t id) { return ledger.Opportunity(id).lineage; }

  PureLedger ledger;
  AccountId account;
  ContactId ann, bob;
};

TEST_F(EpisodeTest, NothingAtAllIsAnEpisodeWithoutSource) {
  const Lineage lineage = LeadLineage(Lead("2023-01-10"));
  EXPECT_EQ(lineage.link, Link::kNone);
  EXPECT_EQ(lineage.episode, 1);
  EXPECT_EQ(lineage.original, Source{});
}

TEST_F(EpisodeTest, AClaimIsASourceOnlyWithoutTouches) {
  const Lineage lineage = LeadLineage(Lead("2023-01-10", "referral"));
  EXPECT_EQ(lineage.original.channel, "referral");
  EXPECT_FALSE(lineage.original.touch);
}

TEST_F(EpisodeTest, OpenWorkIsJoined) {
  const int64_t first = Lead("2023-01-10");
  const Lineage second = LeadLineage(Lead("2023-02-10"));
  EXPECT_EQ(second.link, Link::kJoins);
  EXPECT_EQ(second.previous_lead.value, first);
  EXPECT_EQ(second.episode, 1);
}

// The story that gave the library its name.
TEST_F(EpisodeTest, ADeadLeadThatComesBackThroughAnotherContactKeepsItsSource) {
  Touch("page_view", "organic_search", "2023-01-20", ann);
  Touch("webinar", "webinar", "2023-01-24", ann);
  const int64_t lead = Lead("2023-01-25");
  Kill(lead, "2023-03-30");
  Touch("call_in", "phone", "2024-02-01", bob);
  const Lineage back = DealLineage(Deal("2024-02-02", "sales"));
  EXPECT_EQ(back.link, Link::kReengages);
  EXPECT_EQ(back.previous_lead.value, lead);
  EXPECT_EQ(back.episode, 2);
  EXPECT_EQ(back.original.channel, "webinar");
  EXPECT_EQ(back.latest.channel, "phone");
  EXPECT_EQ(ledger.Account(account.value).first.channel, "organic_search");
}

TEST_F(EpisodeTest, BeyondTheWindowIsANewChain) {
  Touch("webinar", "webinar", "2020-01-24", ann);
  Kill(Lead("2020-01-25"), "2020-03-30");
  Touch("form", "paid_search", "2023-02-01", bob);
  const Lineage fresh = LeadLineage(Lead("2023-02-02"));
  EXPECT_EQ(fresh.link, Link::kNone);
  EXPECT_EQ(fresh.episode, 2);
  EXPECT_EQ(fresh.original.channel, "paid_search");
}

TEST_F(EpisodeTest, TheWindowEndsToTheDay) {
  Kill(Lead("2022-01-01"), "2022-01-10");
  EXPECT_EQ(LeadLineage(Lead("2024-01-10")).link, Link::kReengages);  // 730 days
  PureLedger other;
  std::swap(ledger, other);
  account = AccountId{ledger.Must(AccountOpen{.name = "Acme"})};
  ann = ContactId{ledger.Must(ContactAdd{.account = account, .name = "A"})};
  Kill(Lead("2022-01-01"), "2022-01-10");
  EXPECT_EQ(LeadLineage(Lead("2024-01-11")).link, Link::kNone);
}

TEST_F(EpisodeTest, AfterAWinItFollowsOn) {
  const int64_t deal = Deal("2023-01-10");
  ledger.Must(OpportunityWin{OpportunityId{deal}}, On("2023-03-10"));
  const int64_t next = Deal("2023-06-10");
  EXPECT_EQ(DealLineage(next).link, Link::kFollowsOn);
  EXPECT_EQ(DealLineage(next).previous_opportunity.value, deal);
  EXPECT_EQ(ledger.Opportunity(next).type, OpportunityType::kExpansion);
}

TEST_F(EpisodeTest, AnOpenExpansionIsNotOpenNewBusiness) {
  const int64_t deal = Deal("2023-01-10");
  ledger.Must(OpportunityWin{OpportunityId{deal}}, On("2023-03-10"));
  Deal("2023-06-10");
  EXPECT_EQ(LeadLineage(Lead("2023-07-01")).link, Link::kFollowsOn);
}

TEST_F(EpisodeTest, ALateTouchMovesTheSourceByAnEvent) {
  Touch("form", "paid_search", "2023-01-20", ann);
  const int64_t lead = Lead("2023-01-25");
  const size_t before = ledger.History(account.value).size();
  Touch("webinar", "webinar", "2023-01-10", ann);
  const auto& history = ledger.History(account.value);
  ASSERT_EQ(history.size(), before + 2);
  EXPECT_EQ(EventName(history.back().event.payload), "lead_relinked");
  EXPECT_EQ(LeadLineage(lead).original.channel, "webinar");
  EXPECT_EQ(LeadLineage(lead).original.touch, history[before].id);
  EXPECT_EQ(LeadLineage(lead).latest.channel, "paid_search");
}

TEST_F(EpisodeTest, ARetractedTouchEarnsNothing) {
  Touch("webinar", "webinar", "2023-01-10", ann);
  const EventId touch = ledger.History(account.value).back().id;
  Touch("form", "paid_search", "2023-01-20", ann);
  const int64_t lead = Lead("2023-01-25");
  Kill(lead, "2023-03-30");
  const int64_t deal = Deal("2023-06-01");
  ledger.Must(TouchRetract{.touch = {touch, ""}, .reason = "wrong_company"});
  EXPECT_EQ(LeadLineage(lead).original.channel, "paid_search");
  EXPECT_EQ(DealLineage(deal).original.channel, "paid_search");
  EXPECT_EQ(ledger.Account(account.value).touches, 1);
}

TEST_F(EpisodeTest, ATouchOfTheSameDayCountsBeforeAndOneAfterTheOpeningDoesNot) {
  Touch("form", "paid_search", "2023-01-25", ann);
  const int64_t lead = Lead("2023-01-25");
  EXPECT_EQ(LeadLineage(lead).original.channel, "paid_search");
  Touch("webinar", "webinar", "2023-01-25T10:00:00Z", ann);
  EXPECT_EQ(LeadLineage(lead).latest.channel, "paid_search");
}

}  // namespace
}  // namespace throughline
