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

OpenedEntity OpenedBy(const EventPayload& payload);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_OPENED_ENTITY_H_
