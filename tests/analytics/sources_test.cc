#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "analytics/history.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;

using SourcesTest = ReportTest;

TEST_F(SourcesTest, CountLeadsAndDealsByOriginalSource) {
  const int64_t lead = Lead("2024-02-01", "accepted", "web");
  Win(Deal("2024-03-01", "10 EUR", {LeadId{lead}}), "2024-04-01");
  Lead("2024-02-01", "mql", "web");
  Lead("2024-02-01", "inquiry", "unknown");
  Lead("2024-02-01", "inquiry");
  Lose(Deal("2024-02-01", "99 EUR"), "2024-02-02");
  const Table table = ledger.Run("sources");
  EXPECT_THAT(Keys(table), ElementsAre("web", "(blank)", "unknown")) << "leads, then name";
  EXPECT_EQ(IntegerAt(table, "web", "leads"), 2);
  EXPECT_EQ(IntegerAt(table, "web", "mql"), 2);
  EXPECT_EQ(IntegerAt(table, "web", "accepted"), 1);
  EXPECT_EQ(IntegerAt(table, "web", "opportunities"), 1);
  EXPECT_EQ(IntegerAt(table, "web", "won"), 1);
  EXPECT_EQ(RealAt(table, "web", "won_amount_eur"), 10);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "win_rate"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "won_per_lead"), 0.5);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 1);
  EXPECT_EQ(RealAt(table, "(blank)", "won_amount_eur"), 0) << "lost deals bring nothing";
  EXPECT_TRUE(IsEmptyAt(table, "unknown", "win_rate"));
  EXPECT_DOUBLE_EQ(RealAt(table, "unknown", "won_per_lead"), 0);
}

TEST_F(SourcesTest, GoByTheSourceAskedFor) {
  const AccountId account = ledger.OpenAccount();
  const ContactId ann{ledger.Must(ContactAdd{.account = account, .name = "Ann"})};
  const auto touch = [&](std::string channel, std::string kind, std::string_view when) {
    ledger.Must(TouchRecord{.account = account, .contact = ann, .channel = channel, .kind = kind},
                On(when));
  };
  touch("advert", "ad_impression", "2024-01-01");
  touch("webinar", "webinar", "2024-01-02");
  touch("search", "form", "2024-01-03");
  const int64_t lead = ledger.Must(LeadOpen{.account = account, .contact = ann}, On("2024-01-04"));
  ReportRequest request;
  EXPECT_THAT(Keys(ledger.Run("sources", request)), ElementsAre("webinar"));
  request.source = SourceChoice::kLatest;
  EXPECT_THAT(Keys(ledger.Run("sources", request)), ElementsAre("search"));
  request.source = SourceChoice::kFirst;
  const Table table = ledger.Run("sources", request);
  EXPECT_THAT(Keys(table), ElementsAre("advert"));
  EXPECT_THAT(table.parameters,
              ElementsAre(std::pair<std::string, std::string>("source", "first")));
  EXPECT_EQ(ledger.Lead(lead).lineage.original.channel, "webinar");
}

TEST_F(SourcesTest, OfAReengagedLeadAreThoseOfItsChain) {
  const AccountId account = ledger.OpenAccount();
  const int64_t lead =
      ledger.Must(LeadOpen{.account = account, .source = "webinar"}, On("2024-01-04"));
  ledger.Must(LeadClose{.lead = LeadId{lead}, .stage = "dead", .reason = "no_response"},
              On("2024-03-30"));
  ledger.Must(LeadOpen{.account = account, .source = "call_in"}, On("2024-06-01"));
  EXPECT_EQ(IntegerAt(ledger.Run("sources"), "webinar", "leads"), 2);
}

TEST_F(SourcesTest, CountReopenedDealsOnce) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  Lose(deal, "2024-02-10");
  ledger.Must(OpportunityReopen{.opportunity = OpportunityId{deal}}, On("2024-03-01"));
  Win(deal, "2024-03-02");
  const Table table = ledger.Run("sources");
  EXPECT_EQ(IntegerAt(table, "(blank)", "won"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "(blank)", "won_per_lead")) << "deals without leads";
}

TEST_F(SourcesTest, KeepFollowOnBusinessApart) {
  Win(Deal("2024-02-01", "10 EUR"), "2024-02-10");
  Win(Deal("2024-02-01", "90 EUR", {}, OpportunityType::kRenewal), "2024-02-10");
  Lose(Deal("2024-02-01", "", {}, OpportunityType::kExpansion), "2024-02-10");
  const Table table = ledger.Run("sources");
  EXPECT_EQ(IntegerAt(table, "(blank)", "opportunities"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "won"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 0);
  EXPECT_EQ(RealAt(table, "(blank)", "won_amount_eur"), 10);
  EXPECT_EQ(IntegerAt(table, "(blank)", "follow_on"), 2);
  EXPECT_EQ(IntegerAt(table, "(blank)", "follow_on_won"), 1);
}

TEST_F(SourcesTest, NameTheMostAndTheBest) {
  for (int i = 0; i < 30; ++i) Lead("2024-02-01", "mql", "web");
  for (int i = 0; i < 10; ++i) {
    const int64_t lead = Lead("2024-02-01", "mql", "fair");
    if (i < 5) Win(Deal("2024-02-03", "1 EUR", {LeadId{lead}}), "2024-02-04");
  }
  EXPECT_EQ(ledger.Run("sources").finding,
            "web brought the most leads, 30 of 40 (75.0%), and 0 of 5 won deals; fair won the "
            "most per lead, 5 of 10 (50.0%).");
}

TEST(SourcesPolicyTest, MilestonesThatAPolicyLacksAreEmpty) {
  std::string json(Policy::DefaultJson());
  json = std::regex_replace(json, std::regex("\"mql\""), "\"hot\"");
  json = std::regex_replace(json, std::regex("\"MQL\""), "\"Hot\"");
  json = std::regex_replace(json, std::regex("\"marketing qualified lead\", "), "");
  auto policy = Policy::Parse(json);
  ASSERT_TRUE(policy.ok()) << policy.status();
  JournalStore store;
  Event set, opened;
  set.payload = PolicySet{1, json};
  LeadOpened lead;
  lead.lead = LeadId{1};
  lead.stage = {3, Phase::kMarketing, StageKind::kOpen};
  opened.payload = lead;
  store.Append(kNoAccount, "2024-01-01", std::vector<Event>{set});
  store.Append(AccountId{1}, "2024-01-02", std::vector<Event>{opened});
  auto snapshot = Snapshot::Take(store);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Table table = *RunReport(**snapshot, "sources", {});
  EXPECT_TRUE(IsEmptyAt(table, "(blank)", "mql"));
  EXPECT_EQ(IntegerAt(table, "(blank)", "accepted"), 0);
  EXPECT_EQ(IntegerAt(*RunReport(**snapshot, "pipeline", {}), "hot", "count"), 1);
}

}  // namespace
}  // namespace throughline
