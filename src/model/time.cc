#include "throughline/time.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int kMinYear = 1900;
constexpr int kMaxYear = 2199;

struct CivilDay {
  int year = 0;
  int month = 0;
  int day = 0;
};

// Howard Hinnant's algorithms (public domain): years begin in March, so the leap day comes last.
constexpr int32_t DaysFromCivil(const CivilDay& civil) {
  const int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year =
      (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<int32_t>(era * 146'097 + day_of_era - 719'468);
}

constexpr CivilDay CivilFromDays(int64_t days) {
  days += 719'468;
  const int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

static_assert(DaysFromCivil({1970, 1, 1}) == 0);
static_assert(DaysFromCivil({kMinYear, 1, 1}) * kMicrosPerDay == kMinTime.micros);
static_assert(DaysFromCivil({kMaxYear + 1, 1, 1}) * kMicrosPerDay - 1 == kMaxTime.micros);

constexpr int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

// Reads a text from left to right; every step answers false if the text is not as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Skip(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` digits.
  bool Number(size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  // One to nine digits behind a point, as microseconds. What is finer than a microsecond is cut
  // off.
  bool Fraction(int64_t& micros) {
    size_t digits = 0;
    micros = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits < 6) micros = micros * 10 + (rest_[digits] - '0');
    }
    for (size_t i = digits; i < 6; ++i) micros *= 10;
    rest_.remove_prefix(digits);
    return digits >= 1 && digits <= 9;
  }

 private:
  std::string_view rest_;
};

std::optional<Date> ScanDate(Scanner& scan) {
  CivilDay day;
  if (!scan.Number(4, day.year) || !scan.Skip('-') || !scan.Number(2, day.month) ||
      !scan.Skip('-') || !scan.Number(2, day.day)) {
    return std::nullopt;
  }
  if (day.year < kMinYear || day.year > kMaxYear || day.month < 1 || day.month > 12 ||
      day.day < 1 || day.day > DaysInMonth(day.year, day.month)) {
    return std::nullopt;
  }
  return Date{DaysFromCivil(day)};
}

std::optional<int64_t> ScanTimeOfDay(Scanner& scan) {
  int hour = 0, minute = 0, second = 0;
  int64_t micros = 0;
  if (!scan.Number(2, hour) || !scan.Skip(':') || !scan.Number(2, minute)) return std::nullopt;
  if (scan.Skip(':')) {
    if (!scan.Number(2, second)) return std::nullopt;
    if (scan.Skip('.') && !scan.Fraction(micros)) return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return (hour * 60 + minute) * kMicrosPerMinute + second * kMicrosPerSecond + micros;
}

// Microseconds ahead of UTC: "Z", "+02:00", "+0200", "+02" or nothing.
std::optional<int64_t> ScanZone(Scanner& scan) {
  if (scan.done() || scan.Skip('Z') || scan.Skip('z')) return 0;
  const bool west = scan.peek() == '-';
  int hours = 0, minutes = 0;
  if ((!scan.Skip('+') && !scan.Skip('-')) || !scan.Number(2, hours)) return std::nullopt;
  const bool colon = scan.Skip(':');
  if ((colon || !scan.done()) && !scan.Number(2, minutes)) return std::nullopt;
  if (hours > 14 || minutes > 59) return std::nullopt;
  const int64_t ahead = (hours * 60 + minutes) * kMicrosPerMinute;
  return west ? -ahead : ahead;
}

std::optional<Moment> ScanMoment(std::string_view text) {
  Scanner scan(text);
  const std::optional<Date> date = ScanDate(scan);
  if (!date.has_value()) return std::nullopt;
  if (scan.done()) return Moment{StartOf(*date), true};
  if (!scan.Skip('T') && !scan.Skip('t') && !scan.Skip(' ')) return std::nullopt;
  const std::optional<int64_t> time_of_day = ScanTimeOfDay(scan);
  if (!time_of_day.has_value()) return std::nullopt;
  const std::optional<int64_t> ahead = ScanZone(scan);
  if (!ahead.has_value() || !scan.done()) return std::nullopt;
  const Time time{StartOf(*date).micros + *time_of_day - *ahead};
  if (!IsValid(time)) return std::nullopt;
  return Moment{time, false};
}

absl::Status NotA(std::string_view what, std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", ToAbsl(text.substr(0, 64)), "' is not a ", ToAbsl(what)));
}

void AppendPadded(int64_t value, int width, std::string& out) {
  std::array<char, 20> digits;
  int count = 0;
  for (; value > 0 || count < width; value /= 10) {
    digits[static_cast<size_t>(count++)] = static_cast<char>('0' + value % 10);
  }
  while (count > 0) out.push_back(digits[static_cast<size_t>(--count)]);
}

void AppendDay(Date date, std::string& out) {
  const CivilDay day = CivilFromDays(date.days);
  if (day.year < 0) out.push_back('-');
  AppendPadded(day.year < 0 ? -day.year : day.year, 4, out);
  out.push_back('-');
  AppendPadded(day.month, 2, out);
  out.push_back('-');
  AppendPadded(day.day, 2, out);
}

void AppendTimeOfDay(int64_t micros, std::string& out) {
  const int64_t seconds = micros / kMicrosPerSecond;
  AppendPadded(seconds / 3600, 2, out);
  out.push_back(':');
  AppendPadded(seconds / 60 % 60, 2, out);
  out.push_back(':');
  AppendPadded(seconds % 60, 2, out);
  if (const int64_t fraction = micros % kMicrosPerSecond; fraction != 0) {
    out.push_back('.');
    AppendPadded(fraction, 6, out);
    while (out.back() == '0') out.pop_back();
  }
}

// From the beginning of its day.
int64_t MicrosOfDay(Time time) {
  const int64_t rest = time.micros % kMicrosPerDay;
  return rest < 0 ? rest + kMicrosPerDay : rest;
}

}  // namespace

Date DateOf(Time time) {
  const int64_t days = time.micros / kMicrosPerDay - (time.micros % kMicrosPerDay < 0 ? 1 : 0);
  return Date{static_cast<int32_t>(days)};
}

Time StartOf(Date date) {
  // Far beyond every valid time, and within int64_t.
  constexpr int64_t kMaxDays = 100'000'000;
  return Time{std::clamp<int64_t>(date.days, -kMaxDays, kMaxDays) * kMicrosPerDay};
}

absl::StatusOr<Moment> ParseMoment(std::string_view text) {
  if (const std::optional<Moment> moment = ScanMoment(text)) return *moment;
  return NotA("time (2024-03-31, 2024-03-31T17:05:00Z) from 1900 to 2199", text);
}

absl::StatusOr<Time> ParseTime(std::string_view text) {
  if (const std::optional<Moment> moment = ScanMoment(text)) return moment->at;
  return NotA("time (2024-03-31, 2024-03-31T17:05:00Z) from 1900 to 2199", text);
}

absl::StatusOr<Date> ParseDate(std::string_view text) {
  Scanner scan(text);
  const std::optional<Date> date = ScanDate(scan);
  if (date.has_value() && scan.done()) return *date;
  return NotA("date (2024-03-31) from 1900 to 2199", text);
}

std::string FormatTime(Time time) {
  std::string text;
  AppendDay(DateOf(time), text);
  text.push_back('T');
  AppendTimeOfDay(MicrosOfDay(time), text);
  text.push_back('Z');
  return text;
}

std::string FormatDate(Date date) {
  std::string text;
  AppendDay(date, text);
  return text;
}

std::string FormatMoment(const Moment& moment) {
  return moment.day ? FormatDate(DateOf(moment.at)) : FormatTime(moment.at);
}

}  // namespace throughline
