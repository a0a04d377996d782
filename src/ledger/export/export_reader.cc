#include "ledger/export/export_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr char kCutShort[] = "the file is cut short: it lacks its last line, {\"end\": true, ...";

absl::Status IsLater(std::string_view what, int64_t version) {
  return absl::FailedPreconditionError(
      absl::StrCat("a later version of Throughline wrote this: ", ToAbsl(what), " ", version,
                   " is unknown here"));
}

absl::Status CheckCount(std::string_view what, int64_t said, int64_t found) {
  if (said == found) return absl::OkStatus();
  return InvalidField(what, absl::StrCat("is ", said, ", but there are ", found));
}

}  // namespace

absl::Status ExportReader::Begin() {
  absl::StatusOr<bool> more = NextLine();
  if (!more.ok()) return more.status();
  if (!*more) return WithPrefix(absl::InvalidArgumentError("the file is empty"));
  return AtLine(ReadHeader());
}

absl::StatusOr<bool> ExportReader::Next(ParsedJson& line, ExportLine& kind) {
  absl::StatusOr<bool> more = NextLine();
  if (!more.ok()) return more;
  absl::StatusOr<ParsedJson> json = ParseLine();
  // The end of a line that was being written says little of what is missing.
  if (!*more || (!json.ok() && !lines_.ended())) {
    return WithPrefix(absl::InvalidArgumentError(kCutShort));
  }
  if (!json.ok()) return AtLine(json.status());
  kind = KindOf(*json);
  if (kind == ExportLine::kEnd) {
    absl::Status status = AtLine(CheckEnd(*json));
    if (status.ok()) status = CheckNothingFollows();
    if (!status.ok()) return status;
    return false;
  }
  if (absl::Status status = AtLine(Count(*json, kind)); !status.ok()) return status;
  line = *std::move(json);
  return true;
}

absl::Status ExportReader::WithPrefix(const absl::Status& status, std::string_view line) const {
  if (status.ok()) return status;
  const std::string text = absl::StrCat(prefix_, ToAbsl(line), status.message());
  return WithDetail(absl::Status(status.code(), text), DetailOf(status));
}

absl::Status ExportReader::AtLine(const absl::Status& status) const {
  if (absl::IsFailedPrecondition(status)) return WithPrefix(status);
  if (!absl::IsInvalidArgument(status)) return status;
  return WithPrefix(status, absl::StrCat("line ", lines_.number(), ": "));
}

absl::StatusOr<bool> ExportReader::NextLine() {
  absl::StatusOr<bool> more = lines_.Next(line_);
  source_failed_ = !more.ok();
  return more;
}

absl::StatusOr<ParsedJson> ExportReader::ParseLine() const {
  if (line_.size() > kExportLineBytesMax) return InvalidField("line", "is too long");
  return ParseJsonText(line_, "line", kExportLineBytesMax);
}

absl::Status ExportReader::ReadHeader() {
  absl::StatusOr<ParsedJson> json = ParseLine();
  if (!json.ok() || KindOf(*json) != ExportLine::kHeader) {
    return InvalidField("throughline_export", "is missing: this is no export of a ledger");
  }
  // Before the other members, which may have changed.
  const int64_t* format = json->Find("throughline_export")->integer();
  if (format != nullptr && *format > kExportFormat) return IsLater("format", *format);
  if (absl::Status status = ReadLine(*json, header_); !status.ok()) return status;
  if (header_.format != kExportFormat) {
    return InvalidField("throughline_export", "there is no such format");
  }
  if (header_.schema > LedgerSchema().version) return IsLater("schema", header_.schema);
  digest_.Add(line_);
  return absl::OkStatus();
}

absl::Status ExportReader::Count(const ParsedJson& line, ExportLine kind) {
  digest_.Add(line_);
  if (kind == ExportLine::kRow) {
    ++rows_;
  } else if (kind == ExportLine::kCommit) {
    ++commits_;
    const int64_t* seq = line.Find("seq")->integer();
    if (seq != nullptr) last_seq_ = *seq;
  } else {
    return InvalidField("line", "is no row, no commit and no end");
  }
  return absl::OkStatus();
}

absl::Status ExportReader::CheckEnd(const ParsedJson& line) {
  ExportEnd end;
  absl::Status status = ReadLine(line, end);
  if (status.ok()) status = CheckCount("rows", end.rows, rows_);
  if (status.ok()) status = CheckCount("commits", end.commits, commits_);
  if (status.ok() && last_seq_ != header_.seq) {
    status = InvalidField("seq", absl::StrCat("the last commit is ", last_seq_,
                                              ", but the first line says ", header_.seq));
  }
  if (status.ok() && !end.digest.empty() && end.digest != digest_.Finish()) {
    status = InvalidField("digest", "the lines above are not those that were written");
  }
  return status;
}

absl::Status ExportReader::CheckNothingFollows() {
  while (true) {
    absl::StatusOr<bool> more = NextLine();
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (!line_.empty()) return AtLine(InvalidField("line", "follows the end"));
  }
}

}  // namespace throughline
