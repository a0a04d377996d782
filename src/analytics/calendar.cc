#include "analytics/calendar.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

constexpr uint32_t kFirstYear = 1900, kEndYear = 2200;  // what a Time can be

uint32_t MonthOfDate(const absl::CivilDay& day) {
  return static_cast<uint32_t>(day.year() * 12 + day.month() - 1);
}

absl::CivilDay CivilOf(Date date) { return absl::CivilDay(1970, 1, 1) + date.days; }

}  // namespace

absl::StatusOr<Calendar> Calendar::Of(const Policy& policy) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (policy.time_zone() != "UTC" && !absl::LoadTimeZone(policy.time_zone(), &zone)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the policy's time zone '", policy.time_zone(), "' is not on this machine (tzdata)"));
  }
  return Calendar(zone, static_cast<uint32_t>(policy.fiscal_year_start_month() - 1));
}

Calendar::Calendar(absl::TimeZone zone, uint32_t first_month)
    : zone_(zone), first_month_(first_month) {
  begins_.reserve(static_cast<size_t>(kEndYear - kFirstYear) * 12);
  for (uint32_t month = kFirstYear * 12; month < kEndYear * 12; ++month) {
    const absl::CivilMonth civil(month / 12, static_cast<int>(month % 12) + 1);
    begins_.push_back(absl::ToUnixMicros(absl::FromCivil(absl::CivilSecond(civil), zone_)));
  }
}

Date Calendar::DayOf(Time time) const {
  const absl::CivilDay day(zone_.At(absl::FromUnixMicros(time.micros)).cs);
  return Date{static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1))};
}

Time Calendar::StartOf(Date day) const {
  return Time{absl::ToUnixMicros(absl::FromCivil(absl::CivilSecond(CivilOf(day)), zone_))};
}

uint32_t Calendar::MonthOf(Time time) const {
  const auto behind = std::ranges::upper_bound(begins_, time.micros);
  const auto place = std::max<ptrdiff_t>(behind - begins_.begin() - 1, 0);
  return kFirstYear * 12 + static_cast<uint32_t>(place);
}

Time Calendar::StartOfMonth(uint32_t month) const {
  return Time{begins_[std::clamp(month, kFirstYear * 12, kEndYear * 12 - 1) - kFirstYear * 12]};
}

std::string Calendar::MonthLabel(uint32_t month) {
  return absl::StrFormat("%04d-%02d", month / 12, month % 12 + 1);
}

uint32_t Calendar::QuarterOf(uint32_t month) const {
  return month - (month + 12 - first_month_) % 3;
}

std::string Calendar::QuarterLabel(uint32_t quarter) const {
  const uint32_t since = (quarter % 12 + 12 - first_month_) % 12;  // months of its fiscal year
  const uint32_t year = (quarter - since) / 12 + (first_month_ == 0 ? 0 : 1);
  return absl::StrCat(first_month_ == 0 ? "" : "FY", year, "-Q", since / 3 + 1);
}

Date Calendar::StartOfQuarter(Date day) const {
  const uint32_t first = QuarterOf(MonthOfDate(CivilOf(day)));
  const absl::CivilDay start(absl::CivilMonth(first / 12, static_cast<int>(first % 12) + 1));
  return Date{static_cast<int32_t>(start - absl::CivilDay(1970, 1, 1))};
}

uint32_t Calendar::FindMonthOrQuarter(std::string_view label, bool quarter) const {
  for (uint32_t month = kFirstYear * 12; month < kEndYear * 12; ++month) {
    if (quarter && QuarterOf(month) != month) continue;
    if ((quarter ? QuarterLabel(month) : MonthLabel(month)) == label) return month;
  }
  return 0;
}

}  // namespace throughline
