#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_STANDING_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_STANDING_H_

#include <cstdint>
#include <optional>

#include "analytics/snapshot/record_state.h"
#include "core/fold.h"

namespace throughline {

// A record as of all that is known of it, which is what most reports ask for: they need not go
// through its facts.
struct Standing {
  RecordState state;
  uint32_t record = 0;       // place in the block
  bool sought_work = false;  // false: followed_up_at is not known
  Time last_occurred_at;     // of all that this is made from, and of what was found wrong
  Time last_known_at;
  std::optional<Time> followed_up_at;  // as FollowedUpAt finds it

  // Whether all of this is so as of then, too.
  bool IsAsOf(const AsOf& as_of) const {
    return last_occurred_at <= as_of.through && last_known_at <= as_of.known_at;
  }
};

struct Block;

// Makes the standings of a block of which all else is there.
void AddStandings(Block& block);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_STANDING_H_
