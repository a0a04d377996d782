#ifndef THROUGHLINE_MATCHING_H_
#define THROUGHLINE_MATCHING_H_

#include <span>

#include "absl/status/statusor.h"
#include "throughline/ledger.h"
#include "throughline/table.h"

// Whom the ledger recognises, and which accounts may be one company, as tables (docs/matching.md).

namespace throughline {

// The pairs of accounts in a state, with their names, by the newer of the two; kNone: in any.
absl::StatusOr<Table> ReviewTable(Ledger& ledger, ReviewState state = ReviewState::kOpen);

// Who each of the identities would be, a row for each. INVALID_ARGUMENT names the member of the
// first one that is malformed: "identities[3].email".
absl::StatusOr<Table> MatchTable(Ledger& ledger, std::span<const Identity> identities);

}  // namespace throughline

#endif  // THROUGHLINE_MATCHING_H_
