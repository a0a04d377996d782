#ifndef THROUGHLINE_CORE_FOLD_H_
#define THROUGHLINE_CORE_FOLD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "throughline/time.h"

namespace throughline {

// Which facts count: those that happened by `through`, as far as they were known by `known_at`.
struct AsOf {
  Time through = kMaxTime;
  Time known_at = kMaxTime;
};

// INVALID_ARGUMENT if a `seq` that is asked for is not within 0..last.
absl::Status CheckSeq(const std::optional<int64_t>& seq, int64_t last);

// What became of an event: does it count, and with which date and content.
struct EffectiveEvent {
  RecordedEvent event;
  bool voided = false;  // voided, or a retracted touch
  bool amended = false;
  EventId revised_by;  // the latest amend, void or retract event that concerns it
};

// Applies amend, void and retract events to a stream, in the order of event ids. Events known after
// `known_at` are left out; voided ones stay, marked. (A void of a void restores.)
std::vector<EffectiveEvent> ApplyRevisions(std::span<const RecordedEvent> history, Time known_at);

// The rows of a whole stream, from nothing. `history` is in the order of event ids.
Rows Fold(std::span<const RecordedEvent> history, const AsOf& as_of = {});

}  // namespace throughline

#endif  // THROUGHLINE_CORE_FOLD_H_
