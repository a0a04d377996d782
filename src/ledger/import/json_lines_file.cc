#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/import/fact_file.h"
#include "ledger/line_reader.h"
#include "model/abseil_text.h"
#include "model/json.h"
#include "model/text.h"
#include "throughline/error.h"

namespace throughline {

std::string FactFile::ColumnOf(const FactPosition&, std::string_view member) const {
  return std::string(member);
}

bool FactFile::MayReopen() const {
  std::error_code error;
  return path_ != "-" && std::filesystem::is_regular_file(path_, error);
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  if (status.ok() || absl::StartsWith(status.message(), path)) return status;
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

namespace {

// Longer lines are cut off there.
constexpr size_t kLineBytesMax = kMaxFactBytes + 1;

constexpr std::string_view kExportBegins = "{\"throughline_export\":";

class JsonLinesFile final : public FactFile {
 public:
  JsonLinesFile(std::string path, uint32_t number, Mode default_mode)
      : FactFile(std::move(path), number), parser_(default_mode) {}

  absl::Status Check() override {
    absl::Status status = Open();
    if (MayReopen()) source_.reset();
    return status;
  }

  absl::Status Read(FactSink& sink) override {
    if (absl::Status status = Open(); !status.ok()) return status;
    LineReader lines([this] { return source_->NextChunk(); }, kLineBytesMax);
    std::string_view line;
    for (;;) {
      absl::StatusOr<bool> more = lines.Next(line);
      if (!more.ok()) return InFile(path(), more.status());
      if (!*more) break;
      if (TrimAscii(line).empty()) continue;
      if (lines.number() == 1 && line.starts_with(kExportBegins)) return IsExport();
      if (absl::Status status = ReadLine(lines.number(), line, sink); !status.ok()) return status;
      if (lines.number() % kLinesPerProgress == 0) sink.BytesRead(source_->bytes_read());
    }
    sink.BytesRead(source_->bytes_read());
    source_.reset();
    return absl::OkStatus();
  }

 private:
  static constexpr uint64_t kLinesPerProgress = 4096;

  absl::Status Open() {
    if (source_ != nullptr) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open(path());
    if (!source.ok()) return InFile(path(), source.status());
    source_ = *std::move(source);
    return absl::OkStatus();
  }

  // It has no facts: each of its lines would be a reject.
  absl::Status IsExport() const {
    return absl::InvalidArgumentError(
        absl::StrCat(path(), ": is the export of a ledger: restore reads it, into a new ledger"));
  }

  absl::Status ReadLine(uint64_t number, std::string_view line, FactSink& sink) {
    const FactPosition position{this->number(), number, 0};
    if (absl::Status status = sink.Row(); !status.ok()) return status;
    const absl::Status parsed = parser_.Parse(line, command_, context_);
    if (parsed.ok()) return sink.Fact(position, command_, context_);
    return sink.Reject(position, {DetailOf(parsed).field, std::string(FromAbsl(parsed.message())),
                                  std::string(line.substr(0, RejectsFile::kTextBytesMax + 1))});
  }

  FactParser parser_;
  std::unique_ptr<TextSource> source_;
  Command command_;
  Context context_;
};

}  // namespace

std::unique_ptr<FactFile> NewJsonLinesFile(std::string path, uint32_t number, Mode default_mode) {
  return std::make_unique<JsonLinesFile>(std::move(path), number, default_mode);
}

}  // namespace throughline
