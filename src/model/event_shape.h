#ifndef THROUGHLINE_MODEL_EVENT_SHAPE_H_
#define THROUGHLINE_MODEL_EVENT_SHAPE_H_

#include <cstdint>
#include <tuple>

#include "model/wire.h"
#include "throughline/event.h"

namespace throughline::wire {

inline constexpr uint32_t kEventsField = 1;    // of message Events
inline constexpr uint32_t kFirstPayload = 16;  // below it are the other fields of an Event

// All of an event but its payload, which stands behind it.
template <>
struct Shape<Event> {
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "occurred_at", &Event::occurred_at,
                  "when it happened, in microseconds since 1970-01-01T00:00:00Z"),
        MakeField(2, "occurred_day", &Event::occurred_day,
                  "only the day is known: counts as before all else on that day"),
        MakeField(3, "entered_at", &Event::entered_at,
                  "claimed: when it was entered in the system it was imported from"),
        MakeField(4, "fact", &Event::fact, "key of an imported fact; 0: not imported"),
        MakeField(5, "breaches", &Event::breaches,
                  "bits 1 << Breach: what a live command would have been refused for"),
        MakeField(6, "actor", &Event::actor, "who did it, if the commit does not say"));
  }
};

}  // namespace throughline::wire

#endif  // THROUGHLINE_MODEL_EVENT_SHAPE_H_
