#ifndef THROUGHLINE_TOOLS_GENERATOR_CALENDAR_H_
#define THROUGHLINE_TOOLS_GENERATOR_CALENDAR_H_

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "throughline/time.h"

// Days since 1970-01-01, and seconds since then, UTC: the generator's clock.

namespace throughline {

inline constexpr int64_t kDaySeconds = 86'400;
inline constexpr int64_t kHourSeconds = 3'600;

constexpr int64_t DayNumber(std::chrono::year_month_day date) {
  return std::chrono::sys_days(date).time_since_epoch().count();
}
constexpr int64_t DayNumber(int year, unsigned month, unsigned day) {
  return DayNumber(std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{month},
                                               std::chrono::day{day}});
}
constexpr int64_t SecondOf(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  return DayNumber(year, month, day) * kDaySeconds + hour * kHourSeconds + minute * 60;
}

// The eight quarters that the generator tells of.
inline constexpr int64_t kFirstSecond = SecondOf(2023, 1, 1);
inline constexpr int64_t kLastSecond = SecondOf(2025, 1, 1) - 1;

constexpr int64_t DayOf(int64_t second) { return second / kDaySeconds; }

constexpr bool IsWeekend(int64_t day) {
  const int64_t weekday = (day + 3) % 7;  // 0: Monday
  return weekday >= 5;
}
constexpr int64_t WorkdayFrom(int64_t day) {
  while (IsWeekend(day)) ++day;
  return day;
}
constexpr int64_t WorkdayUpTo(int64_t day) {
  while (IsWeekend(day)) --day;
  return day;
}

// The last day of the quarter that holds `day`.
constexpr int64_t QuarterEnd(int64_t day) {
  using std::chrono::days;
  const std::chrono::year_month_day date{std::chrono::sys_days{days{day}}};
  const unsigned last_month = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 3;
  return DayNumber(date.year() / std::chrono::month{last_month} / std::chrono::last);
}

constexpr Time TimeOf(int64_t second) { return {second * kMicrosPerSecond}; }
constexpr Date DateOfDay(int64_t day) { return {static_cast<int32_t>(day)}; }

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_CALENDAR_H_
