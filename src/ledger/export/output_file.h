#ifndef THROUGHLINE_LEDGER_EXPORT_OUTPUT_FILE_H_
#define THROUGHLINE_LEDGER_EXPORT_OUTPUT_FILE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace throughline {

// A file of personal data, for its owner only, that gets its name when it is whole: until then it
// is called <path>.part. A device or a pipe is written to as it is; "-" is the standard output.
// Deleting it without Close removes what was written. Not thread-safe.
class OutputFile {
 public:
  // Errors, here and below, by errno with the path.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(const std::string& path);

  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Write(std::string_view bytes);

  // Puts it on the disk and gives it its name.
  absl::Status Close();

 private:
  explicit OutputFile(std::string path) : path_(std::move(path)) {}
  absl::Status Begin();
  absl::Status Flush();
  absl::Status Fail() const;

  const std::string path_;
  std::string part_;  // what it is called until it is whole; empty: as it will be
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_EXPORT_OUTPUT_FILE_H_
