#ifndef THROUGHLINE_LEDGER_OPENED_ENTITY_H_
#define THROUGHLINE_LEDGER_OPENED_ENTITY_H_

#include <cstdint>

#include "throughline/event.h"
#include "throughline/lifecycle.h"

namespace throughline {

// What an event brought into the world, or defined anew: kNone for all others.
struct OpenedEntity {
  EntityKind kind = EntityKind::kNone;
  int64_t id = 0;
};

// How many events of an expanded command stand before its own: what was found, what was opened, and
// the pairs that were put up for review.
inline int64_t EventsBefore(const Matched& matched, size_t reviews) {
  return 1 + int64_t{matched.opened_account} + int64_t{matched.opened_contact} +
         static_cast<int64_t>(reviews);
}

OpenedEntity OpenedBy(const EventPayload& payload);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_OPENED_ENTITY_H_
