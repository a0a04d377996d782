#ifndef THROUGHLINE_STORE_SQLITE_OPENING_H_
#define THROUGHLINE_STORE_SQLITE_OPENING_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "throughline/sqlite_store.h"

namespace throughline {

// Says of a file, in its header, that it is a ledger; user_version is the schema's. Never changes.
inline constexpr int64_t kApplicationId = 0x54684c6e;  // "ThLn"

// Of a ledger's pages; docs/decisions/006-pages-of-4-kib.md says why.
inline constexpr int kPageBytes = 4096;

// FAILED_PRECONDITION if the schema of a ledger is not of the version that is known here.
absl::Status CheckVersion(const Connection& connection, int64_t found, int known);

// The connections of a ledger that was just opened.
struct OpenedFile {
  std::unique_ptr<Connection> reader;
  std::unique_ptr<Connection> writer;  // null if read-only
};

// Opens the file, or creates it; the errors are those of NewSqliteStore. A file that is refused has
// only been looked at, through a connection that cannot write.
absl::StatusOr<OpenedFile> OpenFile(const SqliteOptions& options, const Layout& layout,
                                    bool create);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_OPENING_H_
