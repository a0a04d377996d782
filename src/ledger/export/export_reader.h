#ifndef THROUGHLINE_LEDGER_EXPORT_EXPORT_READER_H_
#define THROUGHLINE_LEDGER_EXPORT_EXPORT_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/export/export_lines.h"
#include "ledger/line_reader.h"
#include "model/parsed_json.h"
#include "throughline/export.h"

namespace throughline {

// How the first line of an export begins.
inline constexpr std::string_view kExportBegins = "{\"throughline_export\":";

// The lines of an export, from the first to the last, which tells whether all were there. What is
// in them is for the caller to judge. Call Begin once, then Next until it says false.
class ExportReader {
 public:
  // `prefix` stands before what is said of the source.
  ExportReader(ByteSource source, std::string prefix)
      : lines_(std::move(source), kExportLineBytesMax + 1), prefix_(std::move(prefix)) {}

  absl::Status Begin();
  const ExportHeader& header() const { return header_; }

  // The next row or commit, by its `kind`; false after the last, when the count and the digest of
  // the lines were right.
  absl::StatusOr<bool> Next(ParsedJson& line, ExportLine& kind);

  uint64_t line_number() const { return lines_.number(); }
  std::string_view line() const { return line_; }

  // INVALID_ARGUMENT with the place before it; other errors are not about the line.
  absl::Status AtLine(const absl::Status& status) const;
  absl::Status WithPrefix(const absl::Status& status, std::string_view line = "") const;

  bool source_failed() const { return source_failed_; }

 private:
  absl::StatusOr<bool> NextLine();
  absl::StatusOr<ParsedJson> ParseLine() const;
  absl::Status ReadHeader();
  absl::Status Count(const ParsedJson& line, ExportLine kind);
  absl::Status CheckEnd(const ParsedJson& line);
  absl::Status CheckNothingFollows();

  LineReader lines_;
  const std::string prefix_;
  std::string_view line_;
  ExportHeader header_;
  LineDigest digest_;
  int64_t last_seq_ = 0;
  int64_t rows_ = 0;
  int64_t commits_ = 0;
  bool source_failed_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_EXPORT_EXPORT_READER_H_
