#ifndef THROUGHLINE_STORE_SQLITE_ERRORS_H_
#define THROUGHLINE_STORE_SQLITE_ERRORS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace throughline {

// Where a status says that it came from SQLite: "path: what: text (code)".
struct SqliteFailure {
  std::string_view path;
  int code = 0;          // extended result code
  int system_errno = 0;  // of the failed system call, if there was one
  std::string text;      // SQLite's own
};

// The status of a failed call, as throughline/store.h assigns codes. `what` may be empty.
absl::Status StatusOf(const SqliteFailure& failure, std::string_view what);

// The status of a failed COMMIT: as above, but UNAVAILABLE where the commit may still have reached
// the disk.
absl::Status CommitStatusOf(const SqliteFailure& failure);

// A status with the path before its message.
absl::Status PathStatus(absl::StatusCode code, std::string_view path, std::string_view what);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_ERRORS_H_
