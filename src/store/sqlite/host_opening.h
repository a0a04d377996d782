#ifndef THROUGHLINE_STORE_SQLITE_HOST_OPENING_H_
#define THROUGHLINE_STORE_SQLITE_HOST_OPENING_H_

#include "absl/status/status.h"
#include "store/sqlite/session.h"

namespace throughline {

// Finds the tables of a ledger in the host's database, or makes them; the errors are those of
// NewSqliteHostStore. Nothing is changed if it fails.
absl::Status OpenHostTables(Session& session, bool create);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_HOST_OPENING_H_
