#ifndef THROUGHLINE_LEDGER_REFUSAL_H_
#define THROUGHLINE_LEDGER_REFUSAL_H_

#include "absl/status/status.h"

namespace throughline {

// Whether an error speaks of the command and not of the store: malformed, not found, taken, against
// the policy, or a version conflict. Whoever imports puts such a fact aside and goes on.
bool IsRefusal(const absl::Status& status);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_REFUSAL_H_
