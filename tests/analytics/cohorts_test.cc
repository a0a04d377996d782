#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"
#include "model/table_rows.h"

// Cohorts and win rates, by examples worked by hand.

namespace throughline {
namespace {

using ::testing::HasSubstr;

class CohortTest : public ReportTest {
 protected:
  // The cell of the row of a stage, or a quarter, and so many days.
  static Cell Of(const Table& table, std::string_view name, int64_t days, std::string_view column) {
    const auto place = [&](std::string_view wanted) {
      for (size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].name == wanted) return i;
      }
      return table.columns.size();
    };
    const size_t first = place("days") - 1;
    for (const auto& row : RowsOf(table)) {
      if (row[first] == Cell(std::string(name)) && row[first + 1] == Cell(days)) {
        return row.at(place(column));
      }
    }
    ADD_FAILURE() << "no row " << name << ", " << days;
    return {};
  }
  static double Share(const Table& table, std::string_view name, int64_t days,
                      std::string_view column = "went_on") {
    const Cell cell = Of(table, name, days, column);
    const auto* share = std::get_if<double>(&cell);
    return share == nullptr ? -1 : *share;
  }
};

// Of four, one goes on after 10 days, one is closed after 20, one is seen for 50 days only, one
// goes on after 80: 1/4, then of the half that is left and at risk of it one of one.
TEST_F(CohortTest, TheYoungCountForAsLongAsTheyAreSeen) {
  const int64_t quick = Lead("2024-01-01", "mql"), dead = Lead("2024-01-01", "mql"),
                slow = Lead("2024-01-01", "mql");
  Lead("2024-02-11", "mql");
  MoveLead(quick, "assigned", "2024-01-11");
  Close(dead, "dead", "no_response", "2024-01-21");
  MoveLead(slow, "assigned", "2024-03-21");
  ReportRequest request;
  request.as_of.through = *ParseTime("2024-04-01");
  const Table table = ledger.Run("cohorts", request);
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 30, "entrants")), 4);
  EXPECT_DOUBLE_EQ(Share(table, "mql", 30), 0.25);
  EXPECT_DOUBLE_EQ(Share(table, "mql", 90), 0.75);
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 30, "mature")), 1);
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 90, "mature")), 0) << "one is 50 days old";
  EXPECT_NEAR(Share(table, "mql", 30, "low"), 0.0456, 1e-4);
  EXPECT_NEAR(Share(table, "mql", 30, "high"), 0.6994, 1e-4);
  EXPECT_EQ(Of(table, "mql", 90, "low"), Cell()) << "an interval of the aged only";
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 30, "stepped")), 2);
  EXPECT_THAT(table.finding, HasSubstr("Too little data"));
}

TEST_F(CohortTest, ThePeriodCountsStepsWheneverTheyBegan) {
  const int64_t lead = Lead("2024-01-01", "mql");
  Lead("2024-03-01", "mql");
  MoveLead(lead, "assigned", "2024-03-05");
  const Table table = ledger.Run("cohorts", Period("2024-03-01", "2024-03-31"));
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 30, "entrants")), 1);
  EXPECT_EQ(std::get<int64_t>(Of(table, "mql", 30, "stepped")), 1);
  EXPECT_DOUBLE_EQ(Share(table, "mql", 30, "period_rate"), 1);
  EXPECT_DOUBLE_EQ(Share(table, "mql", 30), 0) << "the one of the period has not gone on";
}

TEST_F(CohortTest, CurvesEndWhereNobodyOfTheQuarterWasSeen) {
  Win(Deal("2024-01-10", "10 EUR"), "2024-03-10");
  Deal("2024-02-01", "10 EUR");
  ReportRequest request;
  request.as_of.through = *ParseTime("2024-07-01");
  const Table table = ledger.Run("cohort_curves", request);
  EXPECT_DOUBLE_EQ(Share(table, "2024-Q1", 45, "arrived"), 0);
  EXPECT_DOUBLE_EQ(Share(table, "2024-Q1", 60, "arrived"), 0.5);
  EXPECT_EQ(std::get<int64_t>(Of(table, "2024-Q1", 90, "mature")), 1);
  EXPECT_EQ(std::get<int64_t>(Of(table, "2024-Q1", 105, "mature")), 0);
  EXPECT_EQ(std::get<int64_t>(table.at(table.rows() - 1, 2)), 180)
      << "182 days since the quarter began";
}

TEST_F(CohortTest, WinRatesOfWhatClosedOfWhatWasAcceptedAndOfWhatOpened) {
  const int64_t accepted = Lead("2024-01-05"), early = Lead("2024-01-05");
  MoveLead(accepted, "accepted", "2024-01-06");
  Close(accepted, "dead", "no_budget", "2024-02-01");
  Close(early, "dead", "no_budget", "2024-02-01");
  Win(Deal("2023-11-01", "10 EUR"), "2024-01-10");
  Lose(Deal("2024-01-02", "10 EUR"), "2024-02-10");
  ledger.Must(
      OpportunityLose{.opportunity = OpportunityId{Deal("2024-01-02")}, .reason = "no_decision"},
      On("2024-02-11"));
  Deal("2024-02-02");
  Win(Deal("2024-02-02", "5 EUR", {}, OpportunityType::kRenewal), "2024-02-03");
  const Table table = ledger.Run("win_rate", Period("2024-01-01", "2024-03-31"));
  ASSERT_EQ(table.rows(), 1u);
  const auto cell = [&](std::string_view column) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == column) return table.at(0, i);
    }
    return Cell();
  };
  EXPECT_EQ(cell("won"), Cell(int64_t{1})) << "a renewal is no new business";
  EXPECT_EQ(cell("lost"), Cell(int64_t{2}));
  EXPECT_EQ(cell("no_decision"), Cell(int64_t{1}));
  EXPECT_EQ(cell("win_rate"), Cell(1.0 / 3));
  EXPECT_EQ(cell("closed_leads"), Cell(int64_t{1})) << "the other was never accepted";
  EXPECT_EQ(cell("full_rate"), Cell(0.25));
  EXPECT_EQ(cell("cohort"), Cell(int64_t{3}));
  EXPECT_EQ(cell("cohort_open"), Cell(int64_t{1}));
  EXPECT_EQ(cell("cohort_rate"), Cell(0.0));
}

TEST_F(CohortTest, AReopenedDealHasItsLastOutcomeAndAReengagedOneIsNew) {
  const int64_t reopened = Deal("2024-01-02", "10 EUR");
  Lose(reopened, "2024-01-20");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{reopened}, .stage = "discovery"},
              On("2024-02-01", Mode::kObserve));
  Win(reopened, "2024-02-20");
  const int64_t lost = Deal("2024-01-02", "10 EUR");
  Lose(lost, "2024-01-20");
  const int64_t again = ledger.Must(
      OpportunityOpen{.account = ledger.accounts().back(), .amount = *ParseMoney("10 EUR")},
      On("2024-03-01", Mode::kObserve));
  Win(again, "2024-03-20");
  const Table table = ledger.Run("win_rate");
  EXPECT_EQ(table.at(0, 0), Cell(int64_t{2}));
  EXPECT_EQ(table.at(0, 1), Cell(int64_t{1})) << "the old loss stays";
}

}  // namespace
}  // namespace throughline
