#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"

namespace throughline {
namespace {

using PipelineTest = ReportTest;

TEST_F(PipelineTest, HasOneRowPerStageInThePolicysOrder) {
  Lead("2024-02-01", "mql");
  const Table table = ledger.Run("pipeline");
  std::vector<std::string> stages;
  for (const Stage& stage : Policy::Default()->stages()) stages.push_back(stage.key);
  EXPECT_EQ(Keys(table), stages);
  EXPECT_EQ(IntegerAt(table, "mql", "count"), 1);
  EXPECT_EQ(At(table, "mql", "phase"), Cell("marketing"));
  EXPECT_EQ(At(table, "nurture", "kind"), Cell("parked"));
}

TEST_F(PipelineTest, KeepsCurrenciesApartAndUnknownAmountsOut) {
  Deal("2024-02-01", "100.50 EUR");
  Deal("2024-02-01", "200 EUR");
  Deal("2024-02-01", "50 USD");
  Deal("2024-02-01");
  Win(Deal("2024-02-01"), "2024-02-02");
  const Table table = ledger.Run("pipeline");
  EXPECT_EQ(IntegerAt(table, "discovery", "count"), 4);
  EXPECT_EQ(RealAt(table, "discovery", "amount_eur"), 300.5);
  EXPECT_EQ(RealAt(table, "discovery", "amount_usd"), 50);
  EXPECT_EQ(IntegerAt(table, "discovery", "unknown_amounts"), 1);
  EXPECT_TRUE(IsEmptyAt(table, "won", "amount_eur")) << "unknown is never zero";
  EXPECT_EQ(IntegerAt(table, "won", "unknown_amounts"), 1);
  EXPECT_EQ(RealAt(table, "proposal", "amount_eur"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "inquiry", "amount_eur")) << "leads have no amounts";
  EXPECT_TRUE(IsEmptyAt(table, "inquiry", "unknown_amounts"));
  EXPECT_EQ(
      table.finding,
      "0 leads and 4 opportunities are open or parked, the opportunities worth 300.50 EUR and "
      "50.00 USD; the amount of 1 more is not known.");
}

TEST_F(PipelineTest, TellsHowLongRecordsHaveWaited) {
  ledger.SetNow(*ParseTime("2024-03-31"));
  Lead("2024-03-01");
  Lead("2024-03-11");
  Lead("2024-03-21");
  Lead("2024-03-27");
  const Table table = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-04-01"));
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "oldest_days"), 30);
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "median_days"), 15);
  EXPECT_TRUE(IsEmptyAt(table, "mql", "median_days"));
  Win(Deal("2024-03-01", "1 EUR"), "2024-03-02");
  EXPECT_TRUE(IsEmptyAt(ledger.Run("pipeline"), "won", "oldest_days")) << "nobody waits there";
}

TEST_F(PipelineTest, CountsReopenedDealsWhereTheyStand) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  Win(deal, "2024-02-10");
  ledger.Must(OpportunityReopen{.opportunity = OpportunityId{deal}}, On("2024-03-01"));
  Table table = ledger.Run("pipeline");
  EXPECT_EQ(IntegerAt(table, "won", "count"), 0);
  EXPECT_EQ(IntegerAt(table, "discovery", "count"), 1);
  Lose(deal, "2024-04-01");
  EXPECT_EQ(IntegerAt(ledger.Run("pipeline"), "lost", "count"), 1);
}

}  // namespace
}  // namespace throughline
