#ifndef THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_

#include <algorithm>
#include <cstddef>
#include <optional>

#include "analytics/reports/calendar.h"

namespace throughline {

// A span of time, from its first moment to the first behind it.
struct Period {
  Time from;
  Time until;
  bool Holds(Time time) const { return from <= time && time < until; }
};

// A period, and the one of the same length before it.
class ComparedPeriods {
 public:
  ComparedPeriods() = default;
  explicit ComparedPeriods(const Period& period)
      : periods_{period, {Time{2 * period.from.micros - period.until.micros}, period.from}} {}

  // The days asked for, as far as they are over; without a first one, the fiscal quarter so far.
  static ComparedPeriods Of(std::optional<Date> from, std::optional<Date> to, Time through,
                            const Calendar& calendar) {
    Time until{through.micros + 1};
    if (to) until = std::min(until, calendar.StartOf(Date{to->days + 1}));
    return from ? ComparedPeriods({calendar.StartOf(*from), until}) : OfQuarter(calendar, until);
  }

  // The fiscal quarter that holds the moment before `until`, up to it, and as much of the quarter
  // before.
  static ComparedPeriods OfQuarter(const Calendar& calendar, Time until) {
    const auto start = [&](Time time) {
      return calendar.StartOf(calendar.StartOfQuarter(calendar.DayOf(Time{time.micros - 1})));
    };
    ComparedPeriods quarters;
    const Time from = start(until), last_from = start(from);
    const Time last_until{last_from.micros + until.micros - from.micros};
    quarters.periods_[0] = {from, until};
    quarters.periods_[1] = {last_from, last_until < from ? last_until : from};
    return quarters;
  }

  const Period& period() const { return periods_[0]; }

  // 0 in the period, 1 in the one before; none outside.
  std::optional<size_t> Of(Time time) const {
    if (periods_[0].Holds(time)) return 0;
    return periods_[1].Holds(time) ? std::optional<size_t>(1) : std::nullopt;
  }

 private:
  Period periods_[2];
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_COMPARED_PERIODS_H_
