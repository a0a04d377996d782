#ifndef THROUGHLINE_STORE_SQLITE_FILE_H_
#define THROUGHLINE_STORE_SQLITE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// What the SQLite store asks of the file system beside SQLite. It never opens the ledger itself: to
// close it again would drop the locks that SQLite holds on it in this process. POSIX only.

namespace throughline {

enum class FileKind { kMissing, kRegular, kFolder, kOther };

// NOT_FOUND or PERMISSION_DENIED if the folder cannot be searched.
absl::StatusOr<FileKind> KindOfFile(const std::string& path);

absl::StatusOr<int64_t> SizeOfFile(const std::string& path);

// Creates an empty file for its owner only, unless there is one. It outlives a loss of power. To be
// called before SQLite opens a file that may be new: another thread that is just creating it closes
// it once more, and is waited for here.
absl::Status CreatePrivateFile(const std::string& path);

// PERMISSION_DENIED if the file cannot be read or, with `write`, it and its folder not be written.
absl::Status CheckAccess(const std::string& path, bool write);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_FILE_H_
