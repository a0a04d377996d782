#include "ledger/import/value_parser.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

constexpr NumberFormat kEnglish{'.', ','};
constexpr NumberFormat kGerman{',', '.'};
constexpr NumberFormat kPlain{};

int64_t Value(std::string_view text, const NumberFormat& format = kPlain, int digits = 2) {
  const absl::StatusOr<int64_t> value = ParseDecimal(text, format, digits);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.value_or(-999'999);
}

std::string WhyNot(std::string_view text, const NumberFormat& format = kPlain, int digits = 2) {
  const absl::StatusOr<int64_t> value = ParseDecimal(text, format, digits);
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(value.status().message());
}

TEST(ParseDecimalTest, ReadsBothConventions) {
  EXPECT_EQ(Value("1234.56"), 123'456);
  EXPECT_EQ(Value("1.234,56", kGerman), 123'456);
  EXPECT_EQ(Value("1,234.56", kEnglish), 123'456);
  EXPECT_EQ(Value("1234,5", {',', 0}), 123'450);
  EXPECT_EQ(Value("12.345.678", kGerman), 1'234'567'800);
  EXPECT_EQ(Value("1'234'567.89", {'.', '\''}), 123'456'789);
  EXPECT_EQ(Value("1\u2019234.00", {'.', '\''}), 123'400);
  EXPECT_EQ(Value("1 234,5", {',', ' '}), 123'450);
  EXPECT_EQ(Value("1\u00A0234\u202F567,5", {',', ' '}), 123'456'750);
}

TEST(ParseDecimalTest, ReadsSignsSpacesAndBareForms) {
  EXPECT_EQ(Value("-3"), -300);
  EXPECT_EQ(Value("+3.1"), 310);
  EXPECT_EQ(Value(" 3 \r"), 300);
  EXPECT_EQ(Value(".5"), 50);
  EXPECT_EQ(Value("-0.05"), -5);
  EXPECT_EQ(Value("007"), 700);
  EXPECT_EQ(Value("15", kPlain, 0), 15);
  EXPECT_EQ(Value("1.0842", kPlain, kRateDigits), 1'084'200'000);
  EXPECT_EQ(Value("0,000000001", kGerman, kRateDigits), 1);
}

TEST(ParseDecimalTest, RefusesWhatIsNotANumber) {
  for (const char* text : {"", " ", "-", "+-1", "1-", "--1", ".", "1.", "1.2.3", "1,5", "1 5",
                           "abc", "12 EUR", "1e5", "0x10", "1_000", "NaN", "\xD9\xA1"}) {
    EXPECT_THAT(WhyNot(text), HasSubstr("is not a number")) << text;
  }
  EXPECT_EQ(WhyNot("1.234,56"),
            "\"1.234,56\" is not a number with decimal \".\" and no thousands separator");
  EXPECT_THAT(WhyNot("1,234.56", kGerman), HasSubstr("decimal \",\" and thousands \".\""));
}

TEST(ParseDecimalTest, ThousandsStandInThrees) {
  for (const char* text :
       {"1,5", "12,34", "1234,567", "1,2345", ",123", "1,,234", "1,234,", "1,"}) {
    EXPECT_THAT(WhyNot(text, kEnglish), HasSubstr("is not a number")) << text;
  }
  EXPECT_EQ(Value("123,456", kEnglish), 12'345'600);
  EXPECT_EQ(Value("1234567", kEnglish), 123'456'700) << "they may be missing";
}

TEST(ParseDecimalTest, RefusesDecimalsItCannotKeep) {
  EXPECT_EQ(WhyNot("1.234"), "\"1.234\" has 3 decimals, at most 2 are possible");
  WhyNot("1.2345", kEnglish);
  WhyNot("0.1", kPlain, 0);
  EXPECT_EQ(Value("12.5000"), 1250) << "zeros are nothing to keep";
  EXPECT_EQ(Value("1500.00", kPlain, 0), 1500);
  WhyNot("1.500");
  WhyNot("1.000", kPlain, 0);
  EXPECT_EQ(Value("1.500", kEnglish), 150) << "the thousands separator is another";
  EXPECT_EQ(Value("1.500", kPlain, 3), 1500);
}

TEST(ParseDecimalTest, RefusesOverflow) {
  EXPECT_EQ(Value("92233720368547758.07"), INT64_MAX);
  EXPECT_EQ(Value("-92233720368547758.08"), INT64_MIN);
  EXPECT_THAT(WhyNot("92233720368547758.08"), HasSubstr("too great"));
  EXPECT_THAT(WhyNot("-92233720368547758.09"), HasSubstr("too great"));
  EXPECT_THAT(WhyNot(std::string(40, '9')), HasSubstr("too great"));
  EXPECT_EQ(Value(std::string(40, '0') + "1"), 100);
  EXPECT_THAT(WhyNot("10", kPlain, 18), HasSubstr("too great"));
}

TEST(ParseDecimalTest, IsExact) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const int64_t value = static_cast<int64_t>(random() >> (1 + random() % 63));
    const int digits = static_cast<int>(random() % 10);
    std::string text = std::to_string(value);
    const auto places = static_cast<size_t>(digits);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    std::string grouped = text.substr(0, text.size() - places);
    for (size_t at = grouped.size(); at > 3; at -= 3) grouped.insert(at - 3, ".");
    if (digits > 0) grouped += "," + text.substr(text.size() - places);
    ASSERT_EQ(Value("-" + grouped, kGerman, digits), -value) << grouped;
  }
}

TEST(ParseDecimalTest, ShowsLongValuesCut) {
  const std::string why = WhyNot("x" + std::string(50'000, 'y') + "\n");
  EXPECT_LT(why.size(), 200u);
  EXPECT_THAT(why, HasSubstr("yyy...\""));
  std::string accents;
  for (int i = 0; i < 40; ++i) accents += "é";
  EXPECT_THAT(WhyNot("x" + accents), HasSubstr("é...\"")) << "not within a character";
  EXPECT_THAT(WhyNot("a\nb"), HasSubstr("a\\nb"));
}

TEST(CheckNumberFormatTest, KnowsWhatCanBeTold) {
  EXPECT_TRUE(CheckNumberFormat(kPlain).ok());
  EXPECT_TRUE(CheckNumberFormat(kGerman).ok());
  EXPECT_TRUE(CheckNumberFormat({',', ' '}).ok());
  EXPECT_FALSE(CheckNumberFormat({';', 0}).ok());
  EXPECT_FALSE(CheckNumberFormat({'.', '.'}).ok());
  EXPECT_FALSE(CheckNumberFormat({'.', '0'}).ok());
}

TEST(ParseBoolTest, KnowsSixWords) {
  for (const char* text : {"true", "TRUE", "Yes", " 1 "}) EXPECT_TRUE(ParseBool(text).value());
  for (const char* text : {"false", "False", "NO", "0"}) EXPECT_FALSE(ParseBool(text).value());
  for (const char* text : {"", "2", "y", "truee", "01", "on"}) {
    EXPECT_FALSE(ParseBool(text).ok()) << text;
  }
}

// What `format` makes of `text`, as FormatMoment would write it; or the error.
std::string Read(std::string_view format, std::string_view text, std::string_view zone = "") {
  const absl::StatusOr<TimeFormat> compiled = TimeFormat::Compile(format, zone);
  if (!compiled.ok()) return std::string(compiled.status().message());
  const absl::StatusOr<Moment> moment = compiled->Parse(text);
  if (!moment.ok()) return std::string(moment.status().message());
  return FormatMoment(*moment);
}

TEST(TimeFormatTest, ReadsIsoForms) {
  for (const char* format : {"", "auto", "iso"}) {
    EXPECT_EQ(Read(format, "2024-03-31"), "2024-03-31");
    EXPECT_EQ(Read(format, " 2024-03-31\t"), "2024-03-31");
    EXPECT_EQ(Read(format, "2024-03-31T17:05"), "2024-03-31T17:05:00Z");
    EXPECT_EQ(Read(format, "2024-03-31 17:05:09"), "2024-03-31T17:05:09Z");
    EXPECT_EQ(Read(format, "2024-03-31T17:05:09.25Z"), "2024-03-31T17:05:09.25Z");
    EXPECT_EQ(Read(format, "2024-03-31T17:05:09,1234567"), "2024-03-31T17:05:09.123456Z");
    EXPECT_EQ(Read(format, "2024-03-31 17:05+02:00"), "2024-03-31T15:05:00Z");
    EXPECT_EQ(Read(format, "2024-03-31 23:05:00 -0530"), "2024-04-01T04:35:00Z");
    EXPECT_EQ(Read(format, "2024-03-31 17:05:00 UTC"), "2024-03-31T17:05:00Z");
    EXPECT_EQ(Read(format, "1969-12-31T23:59:59.999999Z"), "1969-12-31T23:59:59.999999Z");
  }
}

TEST(TimeFormatTest, AutoAsksForAFormat) {
  for (const char* text : {"03/04/2024", "31.03.2024", "2024-3-31", "20240331", "2024/03/31",
                           "March 31, 2024", "1711843200", "2024-03-31 5:00", "2024-03", ""}) {
    EXPECT_THAT(Read("", text), HasSubstr("state the format in the mapping")) << text;
    EXPECT_THAT(Read("iso", text), HasSubstr("is not an ISO date")) << text;
  }
}

TEST(TimeFormatTest, ReadsStatedFormats) {
  EXPECT_EQ(Read("%d/%m/%Y", "03/04/2024"), "2024-04-03");
  EXPECT_EQ(Read("%m/%d/%Y", "03/04/2024"), "2024-03-04");
  EXPECT_EQ(Read("%m/%d/%Y", "3/4/2024"), "2024-03-04");
  EXPECT_EQ(Read("%d.%m.%Y", "31.12.2023"), "2023-12-31");
  EXPECT_EQ(Read("%d.%m.%Y %H:%M", "31.12.2023 7:05"), "2023-12-31T07:05:00Z");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S", "2018-02-26 19:58:54"), "2018-02-26T19:58:54Z");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S", "2018-02-26 19:58:54.5+01"), "2018-02-26T18:58:54.5Z");
  EXPECT_EQ(Read("%Y%m%d", "20240304"), "2024-03-04");
  EXPECT_EQ(Read("%Y%m%dT%H%M%S", "20240304T050607Z"), "2024-03-04T05:06:07Z");
  EXPECT_EQ(Read("%H:%M, %d.%m.%Y", "07:05, 31.12.2023"), "2023-12-31T07:05:00Z");
  EXPECT_EQ(Read("%m/%d/%Y %I:%M %p", "3/4/2024 2:05 PM"), "2024-03-04T14:05:00Z");
  EXPECT_EQ(Read("%m/%d/%Y %I:%M:%S%p", "3/4/2024 12:05:01am"), "2024-03-04T00:05:01Z");
  EXPECT_EQ(Read("%m/%d/%Y %I:%M %p", "3/4/2024 12:05 pm"), "2024-03-04T12:05:00Z");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M%z", "2024-03-04 05:06+01:00"), "2024-03-04T04:06:00Z");
}

TEST(TimeFormatTest, RefusesWhatDoesNotMatch) {
  for (const char* text : {"2024-03-04", "03/04/24", "03/04/20244", "3//2024", "03/04/2024 10:00",
                           "003/04/2024", "03-04-2024", "a", "", "-3/04/2024"}) {
    EXPECT_THAT(Read("%d/%m/%Y", text), HasSubstr("does not have the format %d/%m/%Y")) << text;
  }
  for (const char* text :
       {"2024-03-04", "2024-03-04 10:00", "2024-03-04 10:00:00 ", "2024-03-04 10:0:00",
        "2024-03-04 10:00:00.", "2024-03-04 10:00:00.1234567890", "2024-03-04 10:00:00 CET",
        "2024-03-04 10:00:00+2", "2024-03-04 10:00:00+02:", "2024-03-04 10:00:00+15:00",
        "2024-03-04 10:00:00+0260", "2024-03-04 10:00:00Zx"}) {
    const bool is_trimmed = std::string_view(text).ends_with(' ');
    EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S", text).starts_with("\""), !is_trimmed) << text;
  }
  EXPECT_THAT(Read("%Y%m%d", "2024113"), HasSubstr("does not have the format"));
  EXPECT_THAT(Read("%Y-%m-%d %H:%M%z", "2024-03-04 05:06"), HasSubstr("does not have the format"));
}

TEST(TimeFormatTest, RefusesWhatDoesNotExist) {
  for (const char* text : {"2024-02-30", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01",
                           "2024-00-10", "2024-01-00", "0000-00-00", "2024-01-01 24:00",
                           "2024-01-01 10:60", "2024-01-01 10:00:60"}) {
    EXPECT_THAT(Read("", text), HasSubstr("does not exist")) << text;
  }
  EXPECT_EQ(Read("", "2024-02-29"), "2024-02-29");
  EXPECT_EQ(Read("%d/%m/%Y", "31/02/2024"), "\"31/02/2024\" is a date or time that does not exist");
  EXPECT_THAT(Read("%m/%d/%Y %I:%M %p", "3/4/2024 13:05 PM"), HasSubstr("does not exist"));
  EXPECT_THAT(Read("%m/%d/%Y %I:%M %p", "3/4/2024 0:05 AM"), HasSubstr("does not exist"));
}

TEST(TimeFormatTest, BoundsTheYears) {
  EXPECT_EQ(Read("", "1900-01-01"), "1900-01-01");
  EXPECT_EQ(Read("", "2199-12-31T23:59:59.999999Z"), "2199-12-31T23:59:59.999999Z");
  for (const char* text :
       {"1899-12-31", "2200-01-01", "9999-12-31", "0001-01-01", "2199-12-31 23:30-01:00"}) {
    EXPECT_THAT(Read("", text), HasSubstr("outside the years 1900 to 2199")) << text;
  }
}

TEST(TimeFormatTest, EveryDayOfThreeCenturies) {
  const TimeFormat format = TimeFormat::Compile("%d/%m/%Y").value();
  int64_t micros = kMinTime.micros;
  for (absl::CivilDay day(1900, 1, 1); day < absl::CivilDay(2200, 1, 1); ++day) {
    const std::string text = std::to_string(day.day()) + "/" + std::to_string(day.month()) + "/" +
                             std::to_string(day.year());
    ASSERT_EQ(format.Parse(text).value(), (Moment{Time{micros}, true})) << text;
    micros += kMicrosPerDay;
  }
  EXPECT_EQ(micros, kMaxTime.micros + 1);
}

TEST(TimeFormatTest, ReadsLocalTimes) {
  if (!TimeFormat::Compile("", "Europe/Berlin").ok()) GTEST_SKIP() << "no time zone data";
  EXPECT_EQ(Read("", "2024-01-15 12:00", "Europe/Berlin"), "2024-01-15T11:00:00Z");
  EXPECT_EQ(Read("", "2024-07-15 12:00", "Europe/Berlin"), "2024-07-15T10:00:00Z");
  EXPECT_EQ(Read("", "2024-07-15 12:00Z", "Europe/Berlin"), "2024-07-15T12:00:00Z");
  EXPECT_EQ(Read("", "2018-02-26 19:58:54", "America/Sao_Paulo"), "2018-02-26T22:58:54Z");
  EXPECT_EQ(Read("", "2024-07-15", "America/Sao_Paulo"), "2024-07-15") << "a day has no zone";
}

TEST(TimeFormatTest, OfAClockChangeTakesTheOffsetBefore) {
  if (!TimeFormat::Compile("", "Europe/Berlin").ok()) GTEST_SKIP() << "no time zone data";
  EXPECT_EQ(Read("", "2024-03-31 02:30", "Europe/Berlin"), "2024-03-31T01:30:00Z") << "left out";
  EXPECT_EQ(Read("", "2024-10-27 02:30", "Europe/Berlin"), "2024-10-27T00:30:00Z") << "repeated";
}

TEST(TimeFormatTest, RefusesFormatsItCannotKeep) {
  for (const char* format :
       {"%Y-%m", "%d/%m", "%d/%m/%y", "DD.MM.YYYY", "%Y-%m-%d %H", "%", "%%", "%Y-%m-%d%Y",
        "%Y-%m-%d %I:%M", "%Y-%m-%d %H:%M %p", "%Y-%m-%d %S", "%Y-%m-%d %H:%I:%M %p",
        "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d%z", "%z %Y-%m-%d %H:%M", "%d %b %Y", "iso8601"}) {
    EXPECT_EQ(TimeFormat::Compile(format).status().code(), absl::StatusCode::kInvalidArgument)
        << format;
  }
  EXPECT_THAT(Read("%d/%m/%y", ""), HasSubstr("time format \"%d/%m/%y\""));
}

TEST(TimeFormatTest, RefusesUnknownZones) {
  for (const char* zone : {"Mars/Olympus", "localtime", "CEST?"}) {
    EXPECT_THAT(Read("", "2024-01-01", zone), HasSubstr("unknown time zone"));
  }
}

}  // namespace
}  // namespace throughline
