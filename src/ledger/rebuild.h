#ifndef THROUGHLINE_LEDGER_REBUILD_H_
#define THROUGHLINE_LEDGER_REBUILD_H_

#include "absl/status/status.h"
#include "ledger/ledger_transaction.h"

namespace throughline {

// Erases the derived tables and fills them from the journal, account by account. The vault, the
// request ids and the settings are left alone; counters of ids are only ever raised.
absl::Status RebuildLedger(LedgerTransaction& transaction);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_REBUILD_H_
