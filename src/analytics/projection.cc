#include "analytics/projection.h"

#include <algorithm>

namespace throughline {
namespace {

// A touch of which only the day is known comes before all others of that day.
bool Earlier(const RecordChange& a, const RecordChange& b) {
  return a.occurred_at != b.occurred_at ? a.occurred_at < b.occurred_at : a.day && !b.day;
}

void AddOnce(uint32_t account, std::vector<uint32_t>& accounts) {
  if (std::ranges::find(accounts, account) == accounts.end()) accounts.push_back(account);
}

// The account and all that are merged with it.
std::vector<uint32_t> GroupOf(const Projection& projection, uint32_t account, Time known_at) {
  std::vector<uint32_t> group{account};
  for (size_t i = 0; i < group.size(); ++i) {
    for (const ProjectedMerge& merge : projection.merges[group[i]]) {
      const bool stands = merge.known_at <= known_at && known_at < merge.known_until;
      if (stands) AddOnce(merge.other, group);
    }
  }
  return group;
}

}  // namespace

uint32_t FirstChannelOf(const Projection& projection, uint32_t account, const AsOf& as_of) {
  const RecordChange* first = nullptr;
  for (const uint32_t each : GroupOf(projection, account, as_of.known_at)) {
    if (projection.accounts[each].known_at > as_of.known_at) continue;
    for (const RecordChange& touch : projection.touches[each]) {
      if (Counts(touch, as_of) && (first == nullptr || Earlier(touch, *first))) first = &touch;
    }
  }
  return first == nullptr ? 0 : first->value;
}

}  // namespace throughline
