#ifndef THROUGHLINE_LEDGER_PERSON_HISTORY_H_
#define THROUGHLINE_LEDGER_PERSON_HISTORY_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "throughline/ids.h"
#include "throughline/store.h"

namespace throughline {

// The histories of the accounts that a contact was in before it came to the one of `history`, one
// after the other.
absl::StatusOr<std::vector<RecordedEvent>> ReadEarlierHomes(ReadTransaction& store,
                                                            ContactId contact,
                                                            std::span<const RecordedEvent> history);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_PERSON_HISTORY_H_
