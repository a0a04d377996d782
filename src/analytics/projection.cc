#include "analytics/projection.h"

namespace throughline {
namespace {

// A touch of which only the day is known comes before all others of that day.
bool Earlier(const RecordChange& a, const RecordChange& b) {
  return a.occurred_at != b.occurred_at ? a.occurred_at < b.occurred_at : a.day && !b.day;
}

}  // namespace

uint32_t FirstChannelOf(const Projection& projection, uint32_t account, const AsOf& as_of) {
  if (projection.accounts[account].known_at > as_of.known_at) return 0;
  const RecordChange* first = nullptr;
  for (const RecordChange& touch : projection.touches[account]) {
    if (Counts(touch, as_of) && (first == nullptr || Earlier(touch, *first))) first = &touch;
  }
  return first == nullptr ? 0 : first->value;
}

}  // namespace throughline
