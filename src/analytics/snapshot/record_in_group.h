#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_IN_GROUP_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_IN_GROUP_H_

#include <compare>
#include <cstddef>
#include <cstdint>

#include "analytics/snapshot/facts.h"

namespace throughline {

// A lead, an opportunity or a touch that is counted.
struct Subject {
  EntityKind kind = EntityKind::kNone;  // kNone: a touch
  int64_t id = 0;                       // of a touch: its event
  int64_t account = 0;
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

// A lead or an opportunity of a group, in its state.
struct RecordInGroup {
  const Group& group;
  const FactRecord& record;
  const RecordState& state;
  const Standing* standing = nullptr;  // that has the state, if one does

  bool IsLead() const { return record.kind == EntityKind::kLead; }
  Subject subject() const;
  size_t account() const;  // place in the block
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_IN_GROUP_H_
