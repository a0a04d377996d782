#ifndef THROUGHLINE_CORE_EVOLVE_H_
#define THROUGHLINE_CORE_EVOLVE_H_

#include "core/rows.h"
#include "throughline/event.h"

namespace throughline {

// An event with what its commit says of it.
struct RecordedEvent {
  EventId id;
  AccountId stream;
  int64_t version = 0;
  Time recorded_at;
  OwnerId actor;
  Event event;

  Time known_at() const { return KnownAt(event, recorded_at); }
};

// Brings the rows up to date with one more event of the account's history. Events about records
// that are not there (their opening was voided) change nothing. Never fails: the event was
// accepted. Amend, void and retract events revise history: they take Fold.
void Evolve(Rows& rows, const RecordedEvent& event);

// Whether the event takes Fold.
bool RevisesHistory(const EventPayload& payload);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_EVOLVE_H_
