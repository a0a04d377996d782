#include "analytics/snapshot/day_starts.h"

#include <algorithm>
#include <optional>

#include "analytics/calendar.h"
#include "model/hash_map.h"

namespace throughline {
namespace {

class DayStarts {
 public:
  explicit DayStarts(const Policy& policy) : policy_(policy) {}

  // Where the day begins that begins at this time in UTC, if that is later.
  Time Of(Time utc) {
    const auto [at, is_new] = starts_.try_emplace(utc.micros, utc);
    if (!is_new) return at->second;
    // Made late: a tenth of a millisecond, and the refresh of a snapshot is to take less than one.
    if (!calendar_) calendar_.emplace(Calendar::Of(policy_));
    // A zone that the machine does not know is the error of whoever asks for a report.
    if (calendar_->ok()) at->second = std::max(utc, (*calendar_)->StartOf(DateOf(utc)));
    return at->second;
  }

  template <class Items>
  void Move(Items& items) {
    for (auto& item : items) {
      if (!(item.marks & kDayOnly)) continue;
      const Time start = Of(item.occurred_at);
      if (start != item.occurred_at) latest_ = std::max(latest_, start);
      item.occurred_at = start;
    }
  }

  Time latest() const { return latest_; }

 private:
  const Policy& policy_;
  std::optional<absl::StatusOr<Calendar>> calendar_;
  HashMap<int64_t, Time> starts_;
  Time latest_ = kMinTime;
};

}  // namespace

Time MoveToDayStarts(const Policy& policy, Block& block) {
  if (policy.time_zone() == "UTC") return kMinTime;
  DayStarts starts(policy);
  starts.Move(block.facts);
  starts.Move(block.touches);
  starts.Move(block.persons);
  return starts.latest();
}

}  // namespace throughline
