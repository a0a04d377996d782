#ifndef THROUGHLINE_LEDGER_VERIFY_H_
#define THROUGHLINE_LEDGER_VERIFY_H_

#include "absl/status/statusor.h"
#include "throughline/read.h"
#include "throughline/store.h"

namespace throughline {

// Replays the journal account by account and compares every derived row, the counters of ids, the
// request ids and what the vault holds. Needs memory for one account at a time.
absl::StatusOr<VerifyReport> VerifyLedger(ReadTransaction& transaction);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_VERIFY_H_
