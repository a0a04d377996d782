#ifndef THROUGHLINE_LEDGER_IMPORT_TEXT_ENCODING_H_
#define THROUGHLINE_LEDGER_IMPORT_TEXT_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace throughline {

// INVALID_ARGUMENT if TextSource does not know an encoding of this name.
absl::Status CheckEncoding(std::string_view name);

// A file, or standard input, as a stream of UTF-8 bytes without a byte order mark.
//
// The bytes of a UTF-8 file pass unchecked, so that its reader can refuse one row and keep the
// rest. For the same reason the five bytes that windows-1252 leaves undefined pass as they are,
// which is not valid UTF-8. Not thread-safe.
class TextSource {
 public:
  static constexpr size_t kDefaultBufferBytes = 256 * 1024;

  // `path`: "-" is standard input. `encoding`, in any case: "" (the byte order mark says; without
  // one UTF-8), "utf-8", "utf-16" (the mark or the zero half of the first character says),
  // "utf-16le", "utf-16be", "latin-1" or "windows-1252" (both are read as windows-1252, as browsers
  // do). A mark that contradicts `encoding` is INVALID_ARGUMENT. Reads the first bytes of the file.
  static absl::StatusOr<std::unique_ptr<TextSource>> Open(
      std::string_view path, std::string_view encoding = "",
      size_t buffer_bytes = kDefaultBufferBytes);

  ~TextSource();
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;

  // The next bytes, valid until the next call; may end within a character. Empty: the end.
  // INVALID_ARGUMENT names the offset in the file of what is not UTF-16; all before it was
  // returned. After an error every call returns that error.
  absl::StatusOr<std::string_view> NextChunk();

  // Of the file, not of its text. `total_bytes` is 0 where it cannot be known, as for a pipe.
  int64_t bytes_read() const { return bytes_read_; }
  int64_t total_bytes() const { return total_bytes_; }

 private:
  class Converter;

  TextSource(std::string path, int descriptor, size_t buffer_bytes);
  absl::Status Inspect();
  absl::Status Begin(std::string_view encoding);
  absl::StatusOr<bool> Fill();
  int64_t OffsetOfInput() const { return bytes_read_ - static_cast<int64_t>(end_ - begin_); }
  absl::StatusOr<std::string_view> NextRaw();
  absl::StatusOr<std::string_view> NextConverted();

  std::string path_;
  int descriptor_;
  int64_t bytes_read_ = 0;
  int64_t total_bytes_ = 0;
  absl::Status failed_;
  std::vector<char> input_;
  size_t begin_ = 0;  // what is still to be handed out is input_[begin_, end_)
  size_t end_ = 0;
  std::unique_ptr<Converter> converter_;  // null for UTF-8
  std::vector<char> output_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_TEXT_ENCODING_H_
