#ifndef THROUGHLINE_LEDGER_LINE_READER_H_
#define THROUGHLINE_LEDGER_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "throughline/export.h"

namespace throughline {

// Lines of a text that comes in pieces, without what ends them. Not thread-safe.
class LineReader {
 public:
  // Lines longer than `line_bytes_max` are cut off there.
  LineReader(ByteSource source, size_t line_bytes_max)
      : source_(std::move(source)), line_bytes_max_(line_bytes_max) {}

  // False: no more lines. `line` is valid until the next call.
  absl::StatusOr<bool> Next(std::string_view& line);

  uint64_t number() const { return number_; }  // of the line read last, from 1
  bool ended() const { return ended_; }        // whether it had a line end behind it

 private:
  std::string_view Carry(std::string_view bytes);

  const ByteSource source_;
  const size_t line_bytes_max_;
  std::string_view chunk_;
  std::string carry_;
  uint64_t number_ = 0;
  bool ended_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LINE_READER_H_
