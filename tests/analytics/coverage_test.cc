#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

using CoverageTest = ReportTest;

std::string TextAt(const Table& table, std::string_view key, std::string_view column) {
  const Cell cell = At(table, key, column);
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? "" : *text;
}

TEST_F(CoverageTest, AnEmptyLedgerCarriesNothing) {
  const Table table = ledger.Run("coverage");
  EXPECT_EQ(TextAt(table, "funnel", "supported"), "not");
  EXPECT_EQ(TextAt(table, "funnel", "why"), "there are no leads");
}

TEST_F(CoverageTest, MovesGiveTheFunnelItsDates) {
  MoveLead(Lead("2024-02-01", "inquiry"), "working", "2024-02-02");
  Lead("2024-02-01", "inquiry");
  EXPECT_EQ(TextAt(ledger.Run("coverage"), "funnel", "supported"), "exactly");
  Lead("2024-02-01", "sql");
  const Table table = ledger.Run("coverage");
  EXPECT_EQ(TextAt(table, "funnel", "supported"), "partly");
  EXPECT_THAT(TextAt(table, "funnel", "why"), HasSubstr("1 of 3 leads begins in a later stage"));
  Lead("2024-02-01", "sql");
  EXPECT_THAT(TextAt(ledger.Run("coverage"), "funnel", "why"),
              HasSubstr("2 of 4 leads begin in a later stage"));
}

TEST_F(CoverageTest, AmountsAndSourcesAreCounted) {
  Win(Deal("2024-03-01", "10 EUR"), "2024-04-01");
  Table table = ledger.Run("coverage");
  EXPECT_EQ(TextAt(table, "pipeline: counts and amounts", "supported"), "exactly");
  EXPECT_EQ(TextAt(table, "sources: won amounts", "supported"), "exactly");
  EXPECT_EQ(TextAt(table, "sources: leads and deals", "supported"), "not");
  EXPECT_THAT(TextAt(table, "sources: leads and deals", "why"),
              HasSubstr("1 of 1 opportunity has no known source"));
  EXPECT_THAT(table.finding, HasSubstr("questions can be answered exactly"));
}

TEST_F(CoverageTest, WorkIsCoveredIfItIsRecorded) {
  const OwnerId ann = Owner("Ann");
  const int64_t lead = Lead("2024-02-01"), closed = Lead("2024-02-02");
  MoveLead(lead, "accepted", "2024-02-03");
  Table table = ledger.Run("coverage");
  EXPECT_EQ(TextAt(table, "follow_up and whereabouts", "supported"), "not");
  EXPECT_THAT(TextAt(table, "follow_up and whereabouts", "why"),
              HasSubstr("1 of 1 accepted lead was never handed off"));
  EXPECT_EQ(TextAt(table, "reps", "supported"), "not");
  EXPECT_EQ(TextAt(table, "slippage: pushed close dates", "why"), "there are no opportunities");
  Assign(lead, ann, "2024-02-04");
  Close(closed, "dead", "no_response", "2024-02-05");
  table = ledger.Run("coverage");
  EXPECT_THAT(TextAt(table, "follow_up and whereabouts", "why"),
              HasSubstr("1 of 1 lead handed off has no follow-up"));
  EXPECT_EQ(TextAt(table, "reps", "supported"), "exactly");
  EXPECT_EQ(TextAt(table, "fall_off", "supported"), "exactly");
  EXPECT_EQ(TextAt(table, "campaigns", "supported"), "not") << "no lead has a campaign";
}

TEST_F(CoverageTest, AttributionNeedsTouchesOfWhatWasWon) {
  Win(Deal("2024-03-01", "10 EUR"), "2024-04-01");
  EXPECT_THAT(TextAt(ledger.Run("coverage"), "attribution", "why"),
              HasSubstr("1 of 1 won deal is of an account without touches"));
  const AccountId account = ledger.OpenAccount();
  ledger.Must(TouchRecord{.account = account, .channel = "web", .kind = "form"}, On("2024-04-01"));
  Win(ledger.Must(OpportunityOpen{.account = account, .amount = *ParseMoney("30 EUR")},
                  On("2024-04-02", Mode::kObserve)),
      "2024-05-20");
  EXPECT_THAT(TextAt(ledger.Run("coverage"), "attribution", "why"),
              HasSubstr("1 of 2 won deals is of an account without touches"));
}

}  // namespace
}  // namespace throughline
