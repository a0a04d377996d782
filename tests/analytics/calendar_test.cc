#include "analytics/calendar.h"

#include <gtest/gtest.h>

#include <string>

namespace throughline {
namespace {

Calendar CalendarOf(const std::string& zone, int first_month) {
  std::string json(Policy::DefaultJson());
  const auto set = [&](const std::string& name, const std::string& value) {
    const size_t at = json.find("\"" + name + "\":") + name.size() + 3;
    json.replace(at, json.find_first_of(",\n}", at) - at, " " + value);
  };
  set("time_zone", "\"" + zone + "\"");
  set("fiscal_year_start_month", std::to_string(first_month));
  auto policy = Policy::Parse(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *Calendar::Of(**policy);
}

TEST(CalendarTest, DaysBeginWhereThePolicyLives) {
  const Calendar calendar = CalendarOf("America/New_York", 1);
  EXPECT_EQ(calendar.DayOf(*ParseTime("2024-03-01T04:59:59Z")), *ParseDate("2024-02-29"));
  EXPECT_EQ(calendar.StartOf(*ParseDate("2024-07-01")), *ParseTime("2024-07-01T04:00:00Z"));
  EXPECT_EQ(Calendar::MonthLabel(calendar.MonthOf(*ParseTime("2024-03-01T04:59:59Z"))), "2024-02");
}

TEST(CalendarTest, QuartersBeginWithTheFiscalYear) {
  const Calendar plain = CalendarOf("UTC", 1), fiscal = CalendarOf("UTC", 11);
  const auto label = [](const Calendar& calendar, std::string_view time) {
    return calendar.QuarterLabel(calendar.QuarterOf(calendar.MonthOf(*ParseTime(time))));
  };
  EXPECT_EQ(label(plain, "2024-03-31T23:00:00Z"), "2024-Q1");
  EXPECT_EQ(label(plain, "2024-10-01T00:00:00Z"), "2024-Q4");
  EXPECT_EQ(label(fiscal, "2024-10-31T00:00:00Z"), "FY2024-Q4");
  EXPECT_EQ(label(fiscal, "2024-11-01T00:00:00Z"), "FY2025-Q1");
  EXPECT_EQ(label(fiscal, "2025-01-31T00:00:00Z"), "FY2025-Q1");
  EXPECT_EQ(fiscal.StartOfQuarter(*ParseDate("2025-01-31")), *ParseDate("2024-11-01"));
}

TEST(CalendarTest, LabelsAreFoundAgain) {
  const Calendar calendar = CalendarOf("UTC", 4);
  for (const char* time : {"1900-01-01", "1999-12-31", "2024-04-01", "2199-12-31"}) {
    const uint32_t month = calendar.MonthOf(*ParseTime(time));
    const uint32_t quarter = calendar.QuarterOf(month);
    EXPECT_EQ(calendar.FindMonthOrQuarter(Calendar::MonthLabel(month), false), month) << time;
    if (quarter >= 1900 * 12) {
      EXPECT_EQ(calendar.FindMonthOrQuarter(calendar.QuarterLabel(quarter), true), quarter) << time;
    }
  }
  EXPECT_EQ(calendar.FindMonthOrQuarter("2024-13", false), 0u);
}

}  // namespace
}  // namespace throughline
