#ifndef THROUGHLINE_ANALYTICS_REVISED_EVENT_H_
#define THROUGHLINE_ANALYTICS_REVISED_EVENT_H_

#include <map>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/evolve.h"

// What amend, void and retract events make of the events they concern, over time.

namespace throughline {

// An event as it counts for whoever asks with known_at <= his known_at < known_until.
struct EventVersion {
  Time known_at;
  Time known_until;
  RecordedEvent event;
};

// The versions of an event. `chain` is the event and all that revises it or one of its revisions,
// in the order of event ids. None for the time in which it is void.
std::vector<EventVersion> VersionsOf(std::span<const RecordedEvent> chain);

// Collects a journal's revisions by the event that they concern in the end.
class RevisionLog {
 public:
  // `revision` is an amend, void or retract event. They come in the order of event ids.
  void Add(RecordedEvent revision);

  // By event revised.
  const std::map<EventId, std::vector<RecordedEvent>>& revised() const { return revised_; }

 private:
  std::map<EventId, std::vector<RecordedEvent>> revised_;
  absl::flat_hash_map<EventId, EventId> roots_;  // of each revision: the event it concerns in the end
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REVISED_EVENT_H_
