#ifndef THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_

#include <algorithm>
#include <cstddef>
#include <optional>

#include "analytics/calendar.h"

namespace throughline {

// A span of time, from its first moment to the first behind it.
struct Period {
  Time from;
  Time until;
  bool Holds(Time time) const { return from <= time && time < until; }
};

// A period, and the one before it: as many months, if it is of whole ones, else as much time.
class ComparedPeriods {
 public:
  ComparedPeriods() = default;

  // The days asked for, as far as they are over; without a first one, the fiscal quarter so far,
  // and as much of the quarter before.
  static ComparedPeriods Of(std::optional<Date> from, std::optional<Date> to, Time through,
                            const Calendar& calendar) {
    Time until{through.micros + 1};
    if (to) until = std::min(until, calendar.StartOf(Date{to->days + 1}));
    if (from) return ComparedPeriods({calendar.StartOf(*from), until}, calendar);
    const auto start_of_quarter = [&](Time time) {
      return calendar.StartOf(calendar.StartOfQuarter(calendar.DayOf(Time{time.micros - 1})));
    };
    ComparedPeriods quarters({start_of_quarter(until), until}, calendar);
    auto& [quarter, last] = quarters.periods_;
    if (last.from != start_of_quarter(quarter.from)) {
      last.from = start_of_quarter(quarter.from);
      last.until = std::min(Moved(last.from, quarter, 1, calendar), quarter.from);
    }
    return quarters;
  }

  const Period& period() const { return periods_[0]; }
  const Period& last() const { return periods_[1]; }

  // 0 in the period, 1 in the one before; none outside.
  std::optional<size_t> Of(Time time) const {
    if (periods_[0].Holds(time)) return 0;
    return periods_[1].Holds(time) ? std::optional<size_t>(1) : std::nullopt;
  }

 private:
  ComparedPeriods(Period period, const Calendar& calendar) {
    period.until = std::max(period.from, period.until);  // all of it may be behind `through`
    periods_[0] = period;
    periods_[1] = {StartBefore(period, calendar), period.from};
  }

  static Time StartBefore(const Period& period, const Calendar& calendar) {
    const uint32_t first = calendar.MonthOf(period.from), end = calendar.MonthOf(period.until);
    const bool whole_months = first < end && calendar.StartOfMonth(first) == period.from &&
                              calendar.StartOfMonth(end) == period.until;
    if (whole_months) return calendar.StartOfMonth(2 * first - end);
    return Moved(period.from, period, -1, calendar);
  }

  // A beginning of a day, moved by the length of a period, once or once back: by as many days if it
  // is of whole ones, as not all of them have 24 hours.
  static Time Moved(Time time, const Period& by, int times, const Calendar& calendar) {
    const Date until = calendar.DayOf(by.until);
    if (calendar.StartOf(until) != by.until) {
      return Time{time.micros + times * (by.until.micros - by.from.micros)};
    }
    const int32_t days = until.days - calendar.DayOf(by.from).days;
    return calendar.StartOf(Date{calendar.DayOf(time).days + times * days});
  }

  Period periods_[2];
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_
