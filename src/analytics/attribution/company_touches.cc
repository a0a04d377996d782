#include "analytics/attribution/company_touches.h"

#include <algorithm>

namespace throughline {
namespace {

bool IsEarlierTouch(const Touch* a, const Touch* b) { return IsEarlier(*a, *b); }

}  // namespace

std::vector<TouchShape> ShapesOf(const Dictionaries& dictionaries) {
  std::vector<TouchShape> shapes;
  for (size_t i = 0; i < dictionaries.shapes.size(); ++i) shapes.push_back(dictionaries.shapes[i]);
  return shapes;
}

CompanyTouches::CompanyTouches(const std::vector<TouchShape>& shapes, const AsOf& as_of,
                               TouchSide side, int64_t collapse_minutes)
    : shapes_(shapes),
      as_of_(as_of),
      side_(side),
      collapse_micros_(collapse_minutes * 60 * kMicrosPerSecond) {}

std::span<const Touch* const> CompanyTouches::Of(const Group& group,
                                                 const AccountPlaces& accounts) {
  touches_.clear();
  last_touch_at_ = kMinTime;
  for (const size_t account : accounts) {
    if (group.block().accounts[account].known_at > as_of_.known_at) continue;
    for (const Touch& touch : group.TouchesOf(account)) {
      if (!Counts(touch, group.block(), as_of_)) continue;
      last_touch_at_ = std::max(last_touch_at_, touch.occurred_at);
      if (IsOfSide(touch)) touches_.push_back(&touch);
    }
  }
  has_persons_ = !group.persons().empty();
  if (has_persons_) persons_ = PersonsOf(group, as_of_);
  Sort();
  if (collapse_micros_ > 0) Collapse();
  return touches_;
}

bool CompanyTouches::IsOfSide(const Touch& touch) const {
  if (side_ == TouchSide::kBoth) return true;
  const Side side = shapes_[touch.shape].side;
  return side == (side_ == TouchSide::kMarketing ? Side::kMarketing : Side::kSales);
}

// Most are in order, or nearly: touches are recorded as they happen.
void CompanyTouches::Sort() {
  constexpr size_t kFew = 24;
  if (touches_.size() > kFew) {
    if (!std::ranges::is_sorted(touches_, IsEarlierTouch)) {
      std::ranges::sort(touches_, IsEarlierTouch);
    }
    return;
  }
  for (size_t i = 1; i < touches_.size(); ++i) {
    const Touch* const touch = touches_[i];
    size_t to = i;
    for (; to > 0 && IsEarlierTouch(touch, touches_[to - 1]); --to) touches_[to] = touches_[to - 1];
    touches_[to] = touch;
  }
}

void CompanyTouches::Collapse() {
  size_t kept = 0;
  for (const Touch* const touch : touches_) {
    if (!Repeats(*touch, kept)) touches_[kept++] = touch;
  }
  touches_.resize(kept);
}

// A touch of the same person, channel and campaign counts that is hardly older. Nobody knows
// whether two anonymous ones are of the same person, nor when in the day it was of which only that
// is known.
bool CompanyTouches::Repeats(const Touch& touch, size_t kept) const {
  if (touch.contact == 0 || (touch.marks & kDayOnly) != 0) return false;
  const TouchShape& shape = shapes_[touch.shape];
  for (size_t i = kept; i > 0; --i) {
    const Touch& other = *touches_[i - 1];
    if (touch.occurred_at.micros - other.occurred_at.micros > collapse_micros_) return false;
    if ((other.marks & kDayOnly) != 0 || PersonOf(other.contact) != PersonOf(touch.contact)) {
      continue;
    }
    const TouchShape& other_shape = shapes_[other.shape];
    if (other_shape.channel == shape.channel && other_shape.campaign == shape.campaign) return true;
  }
  return false;
}

}  // namespace throughline
