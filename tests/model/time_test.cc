#include "throughline/time.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "model/random_value.h"

namespace throughline {
namespace {

using testing::RandomValues;
using testing::TestSeed;

std::string Parsed(std::string_view text) {
  const absl::StatusOr<Moment> moment = ParseMoment(text);
  return moment.ok() ? FormatMoment(*moment) : std::string(moment.status().message());
}

TEST(Time, ReadsIso8601) {
  EXPECT_EQ(Parsed("2024-03-31"), "2024-03-31");
  EXPECT_EQ(Parsed("2024-03-31T17:05:00Z"), "2024-03-31T17:05:00Z");
  EXPECT_EQ(Parsed("2024-03-31 17:05:00.25+02:00"), "2024-03-31T15:05:00.25Z");
  EXPECT_EQ(Parsed("2024-03-31T17:05:00-0530"), "2024-03-31T22:35:00Z");
  EXPECT_EQ(Parsed("2024-03-31T00:30+01"), "2024-03-30T23:30:00Z");
  EXPECT_EQ(Parsed("2024-03-31t17:05z"), "2024-03-31T17:05:00Z");
  EXPECT_EQ(Parsed("2024-03-31T17:05:00.123456"), "2024-03-31T17:05:00.123456Z");
  EXPECT_EQ(Parsed("2024-03-31T17:05:00.123456789Z"), "2024-03-31T17:05:00.123456Z");
  EXPECT_EQ(Parsed("2024-02-29"), "2024-02-29");
  EXPECT_EQ(Parsed("2000-02-29"), "2000-02-29");
}

TEST(Time, OnlyADateHasDayPrecision) {
  EXPECT_TRUE(ParseMoment("2024-03-31")->day);
  EXPECT_FALSE(ParseMoment("2024-03-31T00:00:00Z")->day);
  EXPECT_EQ(ParseMoment("2024-03-31")->at, ParseMoment("2024-03-31T00:00:00Z")->at);
  EXPECT_EQ(*ParseTime("2024-03-31"), *ParseTime("2024-03-31T00:00:00Z"));
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "2024",
                           "2024-3-31",
                           "2024-03-32",
                           "2024-02-30",
                           "2023-02-29",
                           "1900-02-29",
                           "2100-02-29",
                           "2024-00-10",
                           "2024-13-01",
                           "31.03.2024",
                           "03/31/2024",
                           "2024-03-31T",
                           "2024-03-31T24:00:00Z",
                           "2024-03-31T23:60:00Z",
                           "2024-03-31T23:59:60Z",
                           "2024-03-31T1:05",
                           "2024-03-31T17:05:00.",
                           "2024-03-31T17:05:00.1234567890",
                           "2024-03-31T17:05:00+",
                           "2024-03-31T17:05:00+2",
                           "2024-03-31T17:05:00+02:",
                           "2024-03-31T17:05:00+15:00",
                           "2024-03-31T17:05:00+02:60",
                           "2024-03-31T17:05:00ZZ",
                           "2024-03-31Z",
                           "2024-03-31 ",
                           " 2024-03-31",
                           "1899-12-31",
                           "2200-01-01",
                           "+024-03-31",
                           "-024-03-31",
                           "20a4-03-31",
                           "1900-01-01T00:00:00+01:00",
                           "2199-12-31T23:59:59-01:00",
                           "2024-03-31T17:05:00 Z"}) {
    EXPECT_EQ(ParseMoment(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ParseTime(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseDate("2024-03-31T17:05:00Z").ok());
  EXPECT_FALSE(ParseMoment(std::string_view("2024-03-31\0", 11)).ok());
  EXPECT_EQ(Parsed("31.03.2024"),
            "'31.03.2024' is not a time (2024-03-31, 2024-03-31T17:05:00Z) from 1900 to 2199");
}

TEST(Time, KnowsItsBounds) {
  EXPECT_EQ(FormatTime(kMinTime), "1900-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(kMaxTime), "2199-12-31T23:59:59.999999Z");
  EXPECT_EQ(*ParseTime("1900-01-01"), kMinTime);
  EXPECT_EQ(*ParseTime("2199-12-31T23:59:59.999999Z"), kMaxTime);
  EXPECT_FALSE(IsValid(Time{kMinTime.micros - 1}));
  EXPECT_FALSE(IsValid(Time{kMaxTime.micros + 1}));
}

TEST(Time, DaysBeginAtMidnightAlsoBefore1970) {
  EXPECT_EQ(DateOf(Time{0}).days, 0);
  EXPECT_EQ(DateOf(Time{-1}).days, -1);
  EXPECT_EQ(DateOf(Time{-kMicrosPerDay}).days, -1);
  EXPECT_EQ(DateOf(Time{-kMicrosPerDay - 1}).days, -2);
  EXPECT_EQ(FormatTime(Time{-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(StartOf(Date{-1}).micros, -kMicrosPerDay);
  EXPECT_EQ(FormatDate(Date{0}), "1970-01-01");
  EXPECT_EQ(*ParseDate("1969-12-31"), Date{-1});
}

TEST(Time, EveryDayComesBack) {
  const Date first = *ParseDate("1900-01-01");
  const Date last = *ParseDate("2199-12-31");
  std::string before;
  for (Date date = first; date <= last; ++date.days) {
    const std::string text = FormatDate(date);
    ASSERT_LT(before, text);
    ASSERT_EQ(*ParseDate(text), date) << text;
    ASSERT_EQ(DateOf(StartOf(date)), date);
    before = text;
  }
}

TEST(Time, EveryTimeComesBack) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  const auto range = static_cast<uint64_t>(kMaxTime.micros - kMinTime.micros);
  for (int i = 0; i < 10'000; ++i) {
    const Time time{kMinTime.micros + static_cast<int64_t>(random.Below(range))};
    ASSERT_EQ(*ParseTime(FormatTime(time)), time) << time.micros;
  }
}

// Damaged numbers may reach a formatter; they must not overflow.
TEST(Time, TakesTheWholeRangeOfIntegers) {
  for (const int64_t micros :
       {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    EXPECT_FALSE(FormatTime(Time{micros}).empty());
  }
  for (const int32_t days :
       {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()}) {
    EXPECT_FALSE(FormatDate(Date{days}).empty());
    EXPECT_FALSE(IsValid(StartOf(Date{days})));
  }
}

}  // namespace
}  // namespace throughline
