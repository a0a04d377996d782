#include "ledger/import/csv_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simdjson.h"

namespace throughline {
namespace {

constexpr std::string_view kCandidates = ",;\t|";

bool IsAscii(std::string_view text) {
  uint64_t seen = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, text.data(), 8);
    seen |= word;
  }
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080808080808080u) == 0;
}

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

uint64_t CountLineBreaks(std::string_view text) {
  uint64_t breaks = 0;
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) ++breaks;
  for (size_t at = text.find('\r'); at != text.npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') ++breaks;
  }
  return breaks;
}

// Makes one quote of two, in place. Returns the new size.
size_t Unescape(char* text, size_t size) {
  char* out = text;
  for (const char* in = text; in != text + size; ++in) {
    *out++ = *in;
    if (*in == '"') ++in;
  }
  return static_cast<size_t>(out - text);
}

std::string Fields(size_t count) { return absl::StrCat(count, count == 1 ? " field" : " fields"); }

}  // namespace

CsvReader::CsvReader(TextSource* source, const CsvOptions& options)
    : source_(source), options_(options), buffer_(1, '\n') {}

absl::StatusOr<bool> CsvReader::Next(CsvRow& row) {
  row.error.reset();
  fields_.clear();
  unescaped_ = false;
  if (failed_.ok() && !started_) failed_ = Start();
  const bool found = failed_.ok() && FindRow();
  if (found) {
    row.line = line_;
    ReadFields(row);
  }
  row.fields = fields_;
  // What was cut off by a failing source is not a row.
  if (!failed_.ok()) return failed_;
  if (found && !row.error.has_value()) {
    CheckCount(row);
    CheckEncoding(row);
  }
  return found;
}

absl::Status CsvReader::Start() {
  started_ = true;
  if (options_.delimiter == 0) {
    if (absl::Status status = DetectDelimiter(); !status.ok()) return status;
  }
  const char delimiter = options_.delimiter;
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || (delimiter & 0x80) != 0) {
    return absl::InvalidArgumentError(
        "the delimiter of a CSV file must be an ASCII character that is "
        "neither a quote nor a line break");
  }
  for (const char c : {delimiter, '"', '\n', '\r'}) special_[static_cast<unsigned char>(c)] = true;
  return absl::OkStatus();
}

absl::Status CsvReader::DetectDelimiter() {
  if (!FindRow()) {
    options_.delimiter = ',';
    return failed_;
  }
  while (!HasWholeFirstRow() && end_ - row_ <= options_.row_bytes_max && Refill()) continue;
  if (!failed_.ok()) return failed_;
  std::array<size_t, kCandidates.size()> counts{};
  bool quoted = false;
  for (size_t i = row_; i < end_ && (quoted || (buffer_[i] != '\n' && buffer_[i] != '\r')); ++i) {
    if (buffer_[i] == '"') quoted = !quoted;
    const size_t which = kCandidates.find(buffer_[i]);
    if (!quoted && which != kCandidates.npos) ++counts[which];
  }
  const auto best = std::max_element(counts.begin(), counts.end());
  if (*best > 0 && std::count(counts.begin(), counts.end(), *best) > 1) {
    return absl::InvalidArgumentError(
        "cannot tell the delimiter from the first row: two candidates "
        "are equally frequent; state it");
  }
  options_.delimiter = kCandidates[static_cast<size_t>(best - counts.begin())];
  return absl::OkStatus();
}

bool CsvReader::HasWholeFirstRow() const {
  bool quoted = false;
  for (size_t i = row_; i < end_; ++i) {
    if (buffer_[i] == '"') quoted = !quoted;
    if (!quoted && (buffer_[i] == '\n' || buffer_[i] == '\r')) return true;
  }
  return false;
}

// Goes to the first byte of the next row that is not empty.
bool CsvReader::FindRow() {
  if (skip_line_) SkipLine();
  for (;; ++at_) {
    row_ = field_ = at_;
    if (at_ == end_ && !Refill()) return false;
    const char c = buffer_[at_];
    if (c != '\n' && c != '\r') break;
    if (c == '\r' || !after_cr_) ++line_;
    after_cr_ = c == '\r';
  }
  after_cr_ = false;
  return true;
}

// Leaves the line break to FindRow.
void CsvReader::SkipLine() {
  skip_line_ = false;
  for (;;) {
    row_ = field_ = at_;
    while (buffer_[at_] != '\n' && buffer_[at_] != '\r') ++at_;
    if (at_ < end_) return;
    row_ = field_ = at_;
    if (!Refill()) return;
  }
}

void CsvReader::ReadFields(CsvRow& row) {
  for (;;) {
    SkimPlainFields();
    if (fields_.size() == options_.columns_max) {
      Refuse(row, absl::StrCat("more than ", Fields(options_.columns_max)));
      return;
    }
    if (field_ == end_) Refill();
    const bool quoted = field_ < end_ && buffer_[field_] == '"';
    if (!(quoted ? ReadQuoted(row) : ReadPlain(row)) || !EndField()) return;
  }
}

// Takes the fields that need no further thought. Stops in the first that does, which may be
// complete.
void CsvReader::SkimPlainFields() {
  const char* const base = buffer_.data();
  const char* const row_limit = base + row_ + std::min(options_.row_bytes_max, end_ - row_);
  const char* begin = base + at_;
  const char* c = begin;
  for (;;) {
    while (!special_[static_cast<unsigned char>(*c)]) ++c;
    const auto size = static_cast<size_t>(c - begin);
    if (*c != options_.delimiter || c > row_limit || size > options_.field_bytes_max) break;
    if (fields_.size() == options_.columns_max) break;
    fields_.emplace_back(begin, size);
    begin = ++c;
  }
  field_ = static_cast<size_t>(begin - base);
  at_ = static_cast<size_t>(c - base);
}

bool CsvReader::ReadPlain(CsvRow& row) {
  for (;;) {
    const char* const base = buffer_.data();
    const char* c = base + at_;
    while (!special_[static_cast<unsigned char>(*c)]) ++c;
    at_ = static_cast<size_t>(c - base);
    if (!CheckBounds(row, field_, at_)) return false;
    if (at_ < end_ || !Refill()) break;
  }
  if (at_ < end_ && buffer_[at_] == '"') {
    return Refuse(row, "a quote within a field that does not begin with one");
  }
  fields_.emplace_back(buffer_.data() + field_, at_ - field_);
  return true;
}

bool CsvReader::ReadQuoted(CsvRow& row) {
  at_ = field_ + 1;
  bool escaped = false;
  if (!FindClosingQuote(row, escaped)) return false;
  const size_t begin = field_ + 1;
  size_t size = at_ - 1 - begin;
  if (!CheckBounds(row, begin, begin + size)) return false;
  const char next = at_ < end_ ? buffer_[at_] : '\n';
  if (next != options_.delimiter && next != '\n' && next != '\r') {
    return Refuse(row, "text after the closing quote");
  }
  char* const text = buffer_.data() + begin;
  line_ += CountLineBreaks({text, size});
  if (escaped) size = Unescape(text, size);
  unescaped_ = unescaped_ || escaped;
  fields_.emplace_back(text, size);
  return true;
}

// Stops behind the closing quote.
bool CsvReader::FindClosingQuote(CsvRow& row, bool& escaped) {
  for (;;) {
    const void* quote = std::memchr(buffer_.data() + at_, '"', end_ - at_);
    if (quote == nullptr) {
      at_ = end_;
      if (!CheckBounds(row, field_ + 1, at_)) return false;
      if (!Refill()) return Refuse(row, "the quote is never closed");
      continue;
    }
    at_ = static_cast<size_t>(static_cast<const char*>(quote) - buffer_.data()) + 1;
    if (at_ == end_) Refill();
    if (at_ == end_ || buffer_[at_] != '"') return true;
    escaped = true;
    ++at_;
  }
}

// True: another field follows.
bool CsvReader::EndField() {
  if (at_ == end_) return false;
  const char c = buffer_[at_++];
  if (c == options_.delimiter) return true;
  ++line_;
  after_cr_ = c == '\r';
  return false;
}

// Of the two bounds the one that is met first gives the reason, wherever the buffer happens to end.
bool CsvReader::CheckBounds(CsvRow& row, size_t begin, size_t end) {
  const size_t left = options_.row_bytes_max - std::min(options_.row_bytes_max, begin - row_);
  if (end - begin <= std::min(left, options_.field_bytes_max)) return true;
  if (left < options_.field_bytes_max) {
    return Refuse(row, absl::StrCat("the row is longer than ", options_.row_bytes_max, " bytes"));
  }
  return Refuse(row, absl::StrCat("longer than ", options_.field_bytes_max, " bytes"));
}

bool CsvReader::Refuse(CsvRow& row, std::string why) {
  row.error = CsvError{line_, static_cast<uint32_t>(fields_.size() + 1), std::move(why)};
  at_ = field_;
  skip_line_ = true;
  return false;
}

void CsvReader::CheckCount(CsvRow& row) {
  const size_t count = fields_.size();
  if (columns_ == 0) columns_ = count;
  if (count == columns_) return;
  row.error = CsvError{row.line, 0, absl::StrCat(Fields(count), "; the first row has ", columns_)};
}

void CsvReader::CheckEncoding(CsvRow& row) const {
  const std::string_view whole(buffer_.data() + row_, at_ - row_);
  if (IsAscii(whole) || (!unescaped_ && IsUtf8(whole))) return;
  uint64_t line = row.line;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (!IsUtf8(fields_[i])) {
      row.error = CsvError{line, static_cast<uint32_t>(i + 1), "not valid UTF-8"};
      return;
    }
    line += CountLineBreaks(fields_[i]);
  }
}

// Appends the next chunk, moving the row to the front. False: there is none.
bool CsvReader::Refill() {
  if (at_end_) return false;
  absl::StatusOr<std::string_view> chunk = source_->NextChunk();
  if (!chunk.ok()) failed_ = chunk.status();
  at_end_ = !chunk.ok() || chunk->empty();
  if (at_end_) return false;
  const size_t kept = end_ - row_;
  const char* const old_row = buffer_.data() + row_;
  std::vector<char> greater;
  if (buffer_.size() < kept + chunk->size() + 1) greater.resize(2 * (kept + chunk->size()) + 1);
  char* const new_row = greater.empty() ? buffer_.data() : greater.data();
  std::memmove(new_row, old_row, kept);
  for (std::string_view& field : fields_) {
    field = {new_row + (field.data() - old_row), field.size()};
  }
  if (!greater.empty()) buffer_ = std::move(greater);
  std::memcpy(buffer_.data() + kept, chunk->data(), chunk->size());
  field_ -= row_;
  at_ -= row_;
  row_ = 0;
  end_ = kept + chunk->size();
  buffer_[end_] = '\n';
  return true;
}

}  // namespace throughline
