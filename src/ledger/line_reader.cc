#include "ledger/line_reader.h"

namespace throughline {

absl::StatusOr<bool> LineReader::Next(std::string_view& line) {
  carry_.clear();
  for (;;) {
    const size_t end = chunk_.find('\n');
    ended_ = end != chunk_.npos;
    if (ended_) {
      line = chunk_.substr(0, end);
      chunk_.remove_prefix(end + 1);
      if (!carry_.empty()) line = Carry(line);
      break;
    }
    Carry(chunk_);
    absl::StatusOr<std::string_view> chunk = source_();
    if (!chunk.ok()) return chunk.status();
    chunk_ = *chunk;
    if (!chunk_.empty()) continue;
    line = carry_;
    if (carry_.empty()) return false;
    break;
  }
  ++number_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

std::string_view LineReader::Carry(std::string_view bytes) {
  carry_ += bytes.substr(0, line_bytes_max_ - carry_.size());
  return carry_;
}

}  // namespace throughline
