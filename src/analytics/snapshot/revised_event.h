#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_REVISED_EVENT_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_REVISED_EVENT_H_

#include <map>
#include <span>
#include <vector>

#include "core/evolve.h"
#include "model/hash_map.h"

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

// Revisions by the event that they concern in the end, each list in the order of event ids.
using RevisedEvents = std::map<EventId, std::vector<RecordedEvent>>;

// Collects the revisions of a journal.
class RevisionLog {
 public:
  // `revision` is an amend, void or retract event. They come in the order of event ids.
  void Add(RecordedEvent revision);

  const RevisedEvents& revised() const { return revised_; }

 private:
  RevisedEvents revised_;
  HashMap<EventId, EventId> roots_;  // of a revision: the event it concerns in the end
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_REVISED_EVENT_H_
