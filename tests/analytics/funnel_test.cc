#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

using FunnelTest = ReportTest;

TEST_F(FunnelTest, TellsEnteredFromReached) {
  const int64_t lead = Lead("2024-02-01", "inquiry");
  MoveLead(lead, "working", "2024-02-02");
  MoveLead(lead, "inquiry", "2024-02-03");
  MoveLead(lead, "dead", "2024-02-04");
  Lead("2024-02-01", "nurture");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "inquiry", "entered"), 1) << "twice there, counted once";
  EXPECT_EQ(IntegerAt(table, "mql", "entered"), 0);
  EXPECT_EQ(IntegerAt(table, "mql", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "working", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "sql", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "dead", "entered"), 1);
  EXPECT_EQ(IntegerAt(table, "dead", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "disqualified", "reached"), 0) << "dead is not behind it";
  EXPECT_EQ(IntegerAt(table, "nurture", "reached"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "working", "conversion"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "sql", "conversion")) << "a share of nobody";
  EXPECT_TRUE(IsEmptyAt(table, "converted", "conversion"));
  EXPECT_TRUE(IsEmptyAt(table, "dead", "conversion"));
}

TEST_F(FunnelTest, ConversionReachesAllOpenStages) {
  const int64_t lead = Lead("2024-02-01", "inquiry");
  Win(Deal("2024-03-01", "10 EUR", {LeadId{lead}}), "2024-04-01");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "sql", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "converted", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "entered"), 0);
  EXPECT_EQ(IntegerAt(table, "won", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "lost", "reached"), 0);
  EXPECT_DOUBLE_EQ(RealAt(table, "negotiation", "conversion"), 1);
}

TEST_F(FunnelTest, OfDealsWithoutLeadsHasNoLeads) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{deal}, .stage = "proposal"},
              On("2024-02-02"));
  Lose(deal, "2024-02-03");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "inquiry", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "converted", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "proposal", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "lost", "reached"), 1);
  EXPECT_THAT(table.finding, HasSubstr("Too little data: 0 leads and 1 opportunity."));
}

TEST_F(FunnelTest, FindsTheSteepestFall) {
  for (int i = 0; i < 40; ++i) {
    const int64_t lead = Lead("2024-02-01", "mql");
    if (i < 20) MoveLead(lead, "assigned", "2024-02-02");
    if (i < 4) Win(Deal("2024-02-03", "1 EUR", {LeadId{lead}}), "2024-02-04");
  }
  EXPECT_EQ(ledger.Run("funnel").finding,
            "Of 40 leads, 4 (10.0%) were converted; of 4 opportunities, 4 (100.0%) were won; the "
            "fewest went on from assigned: 4 of 20 (20.0%).");
}

// More stages than a record's state has bits for.
TEST(FunnelOfManyStagesTest, CountsEachOnce) {
  constexpr int kStages = 80;
  std::string stages, keys;
  for (int i = 0; i < kStages; ++i) {
    const std::string key = "\"step" + std::to_string(i) + "\"";
    stages += "{\"id\": " + std::to_string(100 + i) + ", \"key\": " + key + ", \"name\": " + key +
              R"(, "phase": "lead", "kind": "open"}, )";
    keys += key + ", ";
  }
  std::string json(Policy::DefaultJson());
  json.insert(json.find('[', json.find("\"stages\"")) + 1, stages);
  json.insert(json.find('[', json.find("\"*\"")) + 1, keys);
  auto policy = Policy::Parse(json);
  ASSERT_TRUE(policy.ok()) << policy.status();
  TestLedger ledger(*policy);
  ledger.Must(PolicyChange{.json = json});
  const LeadId lead{ledger.Must(LeadOpen{.account = ledger.OpenAccount()}, On("2024-02-01"))};
  for (const int i : {0, 1, 0}) {
    for (int step = i; step < kStages; ++step) {
      const std::string stage = "step" + std::to_string(step);
      ledger.Must(LeadMove{.lead = lead, .stage = stage}, On("2024-02-02", Mode::kObserve));
    }
  }
  const Table table = ledger.Run("funnel");
  for (int step = 0; step < kStages; ++step) {
    const std::string stage = "step" + std::to_string(step);
    EXPECT_EQ(IntegerAt(table, stage, "entered"), 1) << stage;
    EXPECT_EQ(IntegerAt(table, stage, "reached"), 1) << stage;
  }
  EXPECT_EQ(IntegerAt(table, "mql", "entered"), 0);
}

}  // namespace
}  // namespace throughline
