#ifndef THROUGHLINE_TIME_H_
#define THROUGHLINE_TIME_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace throughline {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Microseconds since 1970-01-01T00:00:00Z. Valid from 1900-01-01 up to, not including, 2200-01-01.
struct Time {
  int64_t micros = 0;
  friend auto operator<=>(const Time&, const Time&) = default;
};
inline constexpr Time kMinTime{-2'208'988'800 * kMicrosPerSecond};
inline constexpr Time kMaxTime{7'258'118'400 * kMicrosPerSecond - 1};

// A calendar day, as days since 1970-01-01; what has no time of day: a close date, a return date.
struct Date {
  int32_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

// When something happened, as far as its reporter knows. With `day` set only the day is known: `at`
// is its beginning, and it counts as before anything else on that day.
struct Moment {
  Time at;
  bool day = false;
  friend bool operator==(const Moment&, const Moment&) = default;
};

// Whether the library takes it.
constexpr bool IsValid(Time time) { return time >= kMinTime && time <= kMaxTime; }

// The UTC day that holds `time`, and the first instant of a day.
Date DateOf(Time time);
Time StartOf(Date date);

// ISO 8601: "2024-03-31" (day precision), "2024-03-31T17:05:00Z", "2024-03-31 17:05:00.25+02:00".
// A time of day without a zone is UTC. INVALID_ARGUMENT for anything else, a day that does not
// exist or a year outside 1900..2199.
absl::StatusOr<Moment> ParseMoment(std::string_view text);
absl::StatusOr<Time> ParseTime(std::string_view text);
absl::StatusOr<Date> ParseDate(std::string_view text);

// "2024-03-31T17:05:00.25Z" (no trailing zeros), "2024-03-31"; a Moment of day precision as a date.
std::string FormatTime(Time time);
std::string FormatDate(Date date);
std::string FormatMoment(const Moment& moment);

}  // namespace throughline

#endif  // THROUGHLINE_TIME_H_
