#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"
#include "throughline/error.h"

// What the end of a quarter does, by examples worked by hand.

namespace throughline {
namespace {

using ::testing::HasSubstr;
using QuarterEndTest = ReportTest;

// In a quarter of 91 days (the second of 2024), ten leads are closed on its other 77 days and
// four on its last.
TEST_F(QuarterEndTest, ClosuresAreHeldAgainstTheOtherDays) {
  for (int i = 0; i < 10; ++i) {
    Close(Lead("2024-04-01"), "dead", "no_response", "2024-05-1" + std::to_string(i));
  }
  std::vector<int64_t> last;
  for (int i = 0; i < 4; ++i) last.push_back(Lead("2024-04-02"));
  for (const int64_t lead : last) Close(lead, "dead", "no_response", "2024-06-30");
  MoveLead(last[0], "working", "2024-07-20");
  ledger.Must(LeadOpen{.account = ledger.accounts()[11]}, On("2024-08-01", Mode::kObserve));
  ledger.Must(LeadOpen{.account = ledger.accounts()[12]}, On("2024-11-01", Mode::kObserve));
  Win(Deal("2024-04-01", "5 EUR"), "2024-06-29");
  const Table table = ledger.Run("quarter_end", Period("2024-04-01", "2024-06-30"));
  ASSERT_EQ(table.rows(), 15u);
  EXPECT_EQ(IntegerAt(table, "0", "days"), 1);
  EXPECT_EQ(IntegerAt(table, "earlier", "days"), 77);
  EXPECT_EQ(IntegerAt(table, "0", "closed"), 4) << "also the one that was reopened since";
  EXPECT_EQ(IntegerAt(table, "earlier", "closed"), 10);
  EXPECT_DOUBLE_EQ(RealAt(table, "0", "closed_expected"), 10.0 / 77);
  EXPECT_EQ(IntegerAt(table, "0", "closed_low"), 0);
  EXPECT_EQ(IntegerAt(table, "0", "closed_high"), 1);
  EXPECT_EQ(IntegerAt(table, "0", "came_back"), 2) << "one was reopened, one re-engaged in time";
  EXPECT_EQ(IntegerAt(table, "1", "won"), 1);
  EXPECT_TRUE(IsEmptyAt(table, "earlier", "won_expected"));
  EXPECT_THAT(table.finding, HasSubstr("4 leads were closed"));
  EXPECT_THAT(table.finding, HasSubstr("2 of them came back"));
}

TEST_F(QuarterEndTest, HowLongTheEndIsAndHowSoonALeadComesBackCanBeAsked) {
  const int64_t lead = Lead("2024-04-01");
  Close(lead, "dead", "no_response", "2024-06-28");
  Close(Lead("2024-04-01"), "dead", "no_response", "2024-06-25");
  MoveLead(lead, "working", "2024-07-08");
  ReportRequest request = Period("2024-04-01", "2024-06-30");
  request.last_days = 3;
  request.return_days = 9;
  const Table table = ledger.Run("quarter_end", request);
  ASSERT_EQ(table.rows(), 4u);
  EXPECT_EQ(IntegerAt(table, "earlier", "days"), 88);
  EXPECT_EQ(IntegerAt(table, "earlier", "closed"), 1);
  EXPECT_EQ(IntegerAt(table, "2", "closed"), 1);
  EXPECT_EQ(IntegerAt(table, "2", "came_back"), 0) << "after ten days";
  request.return_days = 10;
  EXPECT_EQ(IntegerAt(ledger.Run("quarter_end", request), "2", "came_back"), 1);
}

TEST_F(QuarterEndTest, DaysOutOfRangeAndOfOtherReportsAreRefused) {
  const auto refused = [&](std::string_view report, const ReportRequest& request) {
    const absl::StatusOr<Table> table = RunReport(*ledger.Take(), report, request);
    return table.ok() ? std::string() : DetailOf(table.status()).field;
  };
  ReportRequest request;
  request.last_days = 14;
  EXPECT_EQ(refused("quarter_end", request), "");
  EXPECT_EQ(refused("slippage", request), "last_days");
  request.last_days = 0;
  EXPECT_EQ(refused("quarter_end", request), "last_days");
  request.last_days.reset();
  request.return_days = 367;
  EXPECT_EQ(refused("quarter_end", request), "return_days");
  request.return_days.reset();
  request.late_days = 366;
  EXPECT_EQ(refused("slippage", request), "");
  EXPECT_EQ(refused("pipeline", request), "late_days");
}

TEST_F(QuarterEndTest, WithoutClosingsThereIsNothingToSay) {
  EXPECT_THAT(ledger.Run("quarter_end").finding, HasSubstr("Too little data"));
  Lead("2024-04-01");
  const Table table = ledger.Run("quarter_end");
  EXPECT_TRUE(table.rows() == 0);
}

TEST_F(QuarterEndTest, SlippageTellsWhatIsLatePushedAndLeftOver) {
  ledger.SetNow(*ParseTime("2024-03-20T12:00:00Z"));
  const int64_t late = Deal("2024-03-01", "5 EUR"), pushed = Deal("2024-03-19", "5 EUR");
  const auto expect = [&](int64_t deal, std::string_view date, std::string_view when) {
    ledger.Must(
        OpportunityValue{.opportunity = OpportunityId{deal}, .close_date = *ParseDate(date)},
        On(when, Mode::kObserve));
  };
  ledger.SetNow(*ParseTime("2024-12-31T12:00:00Z"));
  expect(late, "2024-05-01", "2024-03-02");
  expect(late, "2024-04-20", "2024-03-04");  // sooner is no push
  expect(pushed, "2024-03-31", "2024-03-20");
  expect(pushed, "2024-04-10", "2024-03-21");
  expect(pushed, "2024-05-01", "2024-03-22");
  const int64_t converted = Lead("2024-02-01"), within = Lead("2024-02-01"),
                closed = Lead("2024-02-01");
  Lead("2024-02-01");
  Deal("2024-05-01", "", {LeadRef(LeadId{converted})});
  Close(within, "dead", "no_response", "2024-03-01");
  Close(closed, "dead", "no_response", "2024-04-01");
  ReportRequest request = Period("2024-01-01", "2024-03-31");
  const Table table = ledger.Run("slippage", request);
  request.late_days = 20;
  EXPECT_EQ(IntegerAt(ledger.Run("slippage", request), "logged_late", "count"), 0);
  EXPECT_EQ(IntegerAt(table, "logged_late", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "logged_late", "of"), 2);
  EXPECT_NEAR(RealAt(table, "logged_late", "median_days"), 19.5, 1e-6);
  EXPECT_EQ(IntegerAt(table, "pushed", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "pushed", "of"), 2);
  EXPECT_DOUBLE_EQ(RealAt(table, "pushed", "median_days"), 31);
  EXPECT_EQ(IntegerAt(table, "pushed_twice", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "pushed_over_quarter", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "crossed_quarter", "count"), 3);
  EXPECT_EQ(IntegerAt(table, "crossed_quarter", "of"), 4);
  EXPECT_EQ(IntegerAt(table, "crossed_converted", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "crossed_closed", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "crossed_open", "count"), 1);
}

TEST_F(QuarterEndTest, ALeadThatWasClosedOverAQuartersEndWasNotOpenOverIt) {
  const int64_t never = Lead("2024-02-01"), later = Lead("2024-02-01");
  for (const int64_t lead : {never, later}) {
    Close(lead, "dead", "no_response", "2024-03-20");
    MoveLead(lead, "working", "2024-04-10");
  }
  Close(never, "dead", "no_response", "2024-06-20");
  Close(later, "dead", "no_response", "2024-07-20");
  const auto crossed = [&](std::string_view through) {
    ReportRequest request;
    request.as_of.through = *ParseTime(through);
    return IntegerAt(ledger.Run("slippage", request), "crossed_quarter", "count");
  };
  EXPECT_EQ(crossed("2024-04-05"), 0);
  EXPECT_EQ(crossed("2024-06-25"), 0);
  EXPECT_EQ(crossed("2024-07-05"), 1);
  EXPECT_EQ(crossed("2024-08-05"), 1);
}

}  // namespace
}  // namespace throughline
