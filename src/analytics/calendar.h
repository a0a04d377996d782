#ifndef THROUGHLINE_ANALYTICS_CALENDAR_H_
#define THROUGHLINE_ANALYTICS_CALENDAR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "throughline/policy.h"
#include "throughline/time.h"

namespace throughline {

// Days, months and fiscal quarters as the policy counts them: in its time zone, its fiscal year
// beginning with the month that it says. A fiscal year that does not begin in January is called by
// the year in which it ends.
class Calendar {
 public:
  // FAILED_PRECONDITION if the machine has no such time zone.
  static absl::StatusOr<Calendar> Of(const Policy& policy);

  Date DayOf(Time time) const;
  Time StartOf(Date day) const;  // of the day there

  // Months since 0000-01.
  uint32_t MonthOf(Time time) const;
  static std::string MonthLabel(uint32_t month);  // "2024-03"

  Time StartOfMonth(uint32_t month) const;

  // The first month of the fiscal quarter of a month.
  uint32_t QuarterOf(uint32_t month) const;
  std::string QuarterLabel(uint32_t quarter) const;  // "2024-Q1", "FY2025-Q1"
  Date StartOfQuarter(Date day) const;               // the first day of the day's quarter

  // The number of the month, or quarter, with this label; 0 if there is none.
  uint32_t FindMonthOrQuarter(std::string_view label, bool quarter) const;

 private:
  Calendar(absl::TimeZone zone, uint32_t first_month);

  absl::TimeZone zone_;
  uint32_t first_month_;         // of the fiscal year, 0..11
  std::vector<int64_t> begins_;  // of each month of the years that there are, in microseconds
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_CALENDAR_H_
