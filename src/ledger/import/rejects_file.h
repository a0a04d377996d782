#ifndef THROUGHLINE_LEDGER_IMPORT_REJECTS_FILE_H_
#define THROUGHLINE_LEDGER_IMPORT_REJECTS_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace throughline {

// What is wrong with a row, or with one fact of it.
struct RowFault {
  std::string column;  // or member; empty: the row as a whole
  std::string why;
  std::string text;  // of the row or the fact; may be any bytes
};

// The file of bad rows: CSV with the columns file, line, column, why, text. Made, readable by its
// owner only, with the first of them; what was in it before is gone then. If there is none, Close
// removes the rejects of an earlier import, which are not those of this one. Not thread-safe.
class RejectsFile {
 public:
  static constexpr size_t kTextBytesMax = 2048;  // a longer row is not repeated

  // Empty: nothing is written.
  explicit RejectsFile(std::string path) : path_(std::move(path)) {}
  ~RejectsFile();
  RejectsFile(const RejectsFile&) = delete;
  RejectsFile& operator=(const RejectsFile&) = delete;

  // Errors by errno, with the path.
  absl::Status Add(std::string_view file, uint64_t line, const RowFault& fault);
  absl::Status Close();

 private:
  absl::Status Open();
  absl::Status Flush();
  absl::Status RemoveStale() const;

  std::string path_;
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_REJECTS_FILE_H_
