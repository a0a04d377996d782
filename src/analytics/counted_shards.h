#ifndef THROUGHLINE_ANALYTICS_COUNTED_SHARDS_H_
#define THROUGHLINE_ANALYTICS_COUNTED_SHARDS_H_

#include <cstdint>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "throughline/field.h"
#include "throughline/report.h"

namespace throughline {

// Which part of which snapshot a partial has counted; as it stands in its bytes.
struct CountedShard {
  int64_t seq = 0;
  Time recorded_at;
  uint32_t index = 0;
  uint32_t count = 1;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "seq", &CountedShard::seq),
                           MakeField(2, "recorded_at", &CountedShard::recorded_at),
                           MakeField(3, "index", &CountedShard::index),
                           MakeField(4, "count", &CountedShard::count));
  }
};

// Of each snapshot none twice.
using CountedShards = std::vector<CountedShard>;

CountedShard ShardOf(const Snapshot& snapshot, const Shard& shard);

// INVALID_ARGUMENT, without a field, if both have counted the same.
absl::Status AddShards(const CountedShards& from, CountedShards& to);

// INVALID_ARGUMENT of the field "partial" if a snapshot lacks one of its shards.
absl::Status CheckComplete(const CountedShards& shards);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_COUNTED_SHARDS_H_
