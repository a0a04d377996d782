#include "core/touch_order.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace throughline {
namespace {

bool IsEarlier(const TouchFact& a, const TouchFact& b) {
  if (a.at.at != b.at.at) return a.at.at < b.at.at;
  if (a.at.day != b.at.day) return a.at.day;
  return a.id < b.id;
}

const TouchFact* PickOrdered(const std::vector<TouchFact>& touches, Which which,
                             std::optional<Time> after, Time until) {
  const auto time_of = [](const TouchFact& touch) { return touch.at.at; };
  const auto begin =
      after ? std::ranges::upper_bound(touches, *after, {}, time_of) : touches.begin();
  const auto end = std::ranges::upper_bound(begin, touches.end(), until, {}, time_of);
  if (begin == end) return nullptr;
  return which == Which::kFirst ? &*begin : &*std::prev(end);
}

}  // namespace

const TouchFact* Pick(std::span<const TouchFact> touches, Which which, std::optional<Time> after,
                      Time until) {
  const TouchFact* best = nullptr;
  for (const TouchFact& touch : touches) {
    if (touch.at.at > until || (after && touch.at.at <= *after)) continue;
    const bool replaces = best == nullptr || (touch.response != best->response ? touch.response
                                              : which == Which::kFirst ? IsEarlier(touch, *best)
                                                                       : IsEarlier(*best, touch));
    if (replaces) best = &touch;
  }
  return best;
}

TouchOrder::TouchOrder(std::vector<TouchFact> touches) {
  std::ranges::sort(touches, IsEarlier);
  for (TouchFact& touch : touches) {
    (touch.response ? responses_ : others_).push_back(std::move(touch));
  }
}

const TouchFact* Pick(const TouchOrder& order, Which which, std::optional<Time> after, Time until) {
  const TouchFact* const response = PickOrdered(order.responses_, which, after, until);
  return response != nullptr ? response : PickOrdered(order.others_, which, after, until);
}

}  // namespace throughline
