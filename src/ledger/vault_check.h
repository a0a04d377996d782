#ifndef THROUGHLINE_LEDGER_VAULT_CHECK_H_
#define THROUGHLINE_LEDGER_VAULT_CHECK_H_

#include <string>

#include "absl/status/statusor.h"
#include "throughline/event.h"
#include "throughline/store.h"

namespace throughline {

// What is wrong with the vault's entry that an event cites; "" if it matches, if it was erased, or
// if the event cites none.
absl::StatusOr<std::string> FaultInVault(ReadTransaction& transaction, const EventPayload& payload);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_VAULT_CHECK_H_
