#ifndef THROUGHLINE_LEDGER_PERSON_HISTORY_H_
#define THROUGHLINE_LEDGER_PERSON_HISTORY_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "throughline/ids.h"
#include "throughline/store.h"

namespace throughline {

// The histories of the other accounts in which something of a contact may be recorded, one after
// the other: those it was in before it came to that of `history`, and those ever merged with one of
// them.
absl::StatusOr<std::vector<RecordedEvent>> ReadOtherHomes(ReadTransaction& store, ContactId contact,
                                                          std::span<const RecordedEvent> history);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_PERSON_HISTORY_H_
