#include "analytics/reports/compared_periods.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace throughline {
namespace {

Calendar CalendarIn(const std::string& zone) {
  const std::string json = std::regex_replace(std::string(Policy::DefaultJson()),
                                              std::regex("\"time_zone\": *\"[^\"]*\""),
                                              "\"time_zone\": \"" + zone + "\"");
  return *Calendar::Of(**Policy::Parse(json));
}

// "from .. until", of the period before.
std::string Before(const Calendar& calendar, std::string_view from, std::string_view to) {
  const ComparedPeriods compared =
      ComparedPeriods::Of(*ParseDate(from), *ParseDate(to), *ParseTime("2025-01-01"), calendar);
  return FormatTime(compared.last().from) + " .. " + FormatTime(compared.last().until);
}

TEST(ComparedPeriodsTest, DaysAreDaysAlsoWhereClocksChange) {
  const Calendar calendar = CalendarIn("America/New_York");
  EXPECT_EQ(Before(calendar, "2024-03-04", "2024-03-10"),
            "2024-02-26T05:00:00Z .. 2024-03-04T05:00:00Z");
  EXPECT_EQ(Before(calendar, "2024-10-28", "2024-11-03"),
            "2024-10-21T04:00:00Z .. 2024-10-28T04:00:00Z");
}

TEST(ComparedPeriodsTest, WholeMonthsAreSetBesideWholeMonths) {
  const Calendar calendar = CalendarIn("Europe/Berlin");
  EXPECT_EQ(Before(calendar, "2024-03-01", "2024-03-31"),
            "2024-01-31T23:00:00Z .. 2024-02-29T23:00:00Z");
  EXPECT_EQ(Before(calendar, "2024-04-01", "2024-06-30"),
            "2023-12-31T23:00:00Z .. 2024-03-31T22:00:00Z");
}

TEST(ComparedPeriodsTest, AQuarterSoFarIsSetBesideAsMuchOfTheOneBefore) {
  const Calendar calendar = CalendarIn("UTC");
  const auto before = [&](std::string_view until) {
    const Time through{ParseTime(until)->micros - 1};
    const Period last = ComparedPeriods::Of({}, {}, through, calendar).last();
    return FormatTime(last.from) + " .. " + FormatTime(last.until);
  };
  EXPECT_EQ(before("2024-05-11T12:00:00Z"), "2024-01-01T00:00:00Z .. 2024-02-10T12:00:00Z");
  EXPECT_EQ(before("2024-07-01"), "2024-01-01T00:00:00Z .. 2024-04-01T00:00:00Z");
  EXPECT_EQ(before("2024-06-30"), "2024-01-01T00:00:00Z .. 2024-03-31T00:00:00Z");
}

TEST(ComparedPeriodsTest, WhatLiesBehindAllThatIsKnownIsEmpty) {
  const ComparedPeriods compared = ComparedPeriods::Of(*ParseDate("2040-01-01"), {},
                                                       *ParseTime("2025-01-01"), CalendarIn("UTC"));
  EXPECT_EQ(compared.period().from, compared.period().until);
  EXPECT_EQ(compared.last().from, compared.last().until);
}

}  // namespace
}  // namespace throughline
