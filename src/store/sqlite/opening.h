#ifndef THROUGHLINE_STORE_SQLITE_OPENING_H_
#define THROUGHLINE_STORE_SQLITE_OPENING_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "throughline/sqlite_store.h"

namespace throughline {

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
