#include "analytics/counted_shards.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// Two ledgers may well have as many commits, but not to the microsecond at the same time.
bool OfOneSnapshot(const CountedShard& a, const CountedShard& b) {
  return a.seq == b.seq && a.recorded_at == b.recorded_at;
}

}  // namespace

CountedShard ShardOf(const Snapshot& snapshot, const Shard& shard) {
  return {snapshot.seq(), snapshot.recorded_at(), shard.index, shard.count};
}

absl::Status AddShards(const CountedShards& from, CountedShards& to) {
  for (const CountedShard& added : from) {
    for (const CountedShard& known : to) {
      if (!OfOneSnapshot(known, added)) continue;
      if (known.count != added.count) {
        return absl::InvalidArgumentError(
            absl::StrCat("is one of ", added.count, " shards, another of ", known.count));
      }
      if (known.index == added.index) {
        return absl::InvalidArgumentError(
            absl::StrCat("counts shard ", added.index, " of ", added.count, " a second time"));
      }
    }
  }
  to.insert(to.end(), from.begin(), from.end());
  return absl::OkStatus();
}

absl::Status CheckComplete(const CountedShards& shards) {
  for (const CountedShard& one : shards) {
    const auto counted = std::ranges::count_if(
        shards, [&](const CountedShard& other) { return OfOneSnapshot(other, one); });
    if (counted != one.count) {
      return InvalidField("partial", absl::StrCat("holds ", counted, " of the ", one.count,
                                                  " shards of a snapshot"));
    }
  }
  return absl::OkStatus();
}

}  // namespace throughline
