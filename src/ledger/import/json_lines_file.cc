#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/export/export_reader.h"
#include "ledger/import/exported_ledger.h"
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

class JsonLinesFile final : public FactFile {
 public:
  JsonLinesFile(std::string path, uint32_t number, Mode default_mode, std::string own_ledger)
      : FactFile(std::move(path), number),
        parser_(default_mode),
        own_ledger_(std::move(own_ledger)) {}

  absl::Status Check() override {
    if (absl::EndsWithIgnoreCase(path(), ".csv")) {
      return absl::InvalidArgumentError(
          absl::StrCat(path(), ": is CSV, which is read by a mapping, or as an export of a CRM"));
    }
    absl::Status status = Open();
    if (MayReopen()) source_.reset();
    return status;
  }

  absl::Status Read(FactSink& sink) override {
    if (absl::Status status = Open(); !status.ok()) return status;
    absl::StatusOr<std::string_view> first = source_->NextChunk();
    if (!first.ok()) return InFile(path(), first.status());
    const ByteSource chunks = [&, chunk = *first, begun = false]() mutable {
      return std::exchange(begun, true) ? source_->NextChunk() : chunk;
    };
    absl::Status status =
        first->starts_with(kExportBegins) ? ReadExport(chunks, sink) : ReadFacts(chunks, sink);
    if (!status.ok()) return status;
    sink.BytesRead(source_->bytes_read());
    source_.reset();
    return absl::OkStatus();
  }

 private:
  static constexpr uint64_t kLinesPerProgress = 4096;

  absl::Status ReadExport(const ByteSource& chunks, FactSink& sink) {
    const ByteSource told = [&] {
      sink.BytesRead(source_->bytes_read());
      return chunks();
    };
    return InFile(path(), ReadExportedLedger(told, *this, own_ledger_, sink));
  }

  absl::Status ReadFacts(const ByteSource& chunks, FactSink& sink) {
    LineReader lines(chunks, kLineBytesMax);
    std::string_view line;
    for (;;) {
      absl::StatusOr<bool> more = lines.Next(line);
      if (!more.ok()) return InFile(path(), more.status());
      if (!*more) return absl::OkStatus();
      if (TrimAscii(line).empty()) continue;
      if (absl::Status status = ReadLine(lines.number(), line, sink); !status.ok()) return status;
      if (lines.number() % kLinesPerProgress == 0) sink.BytesRead(source_->bytes_read());
    }
  }

  absl::Status Open() {
    if (source_ != nullptr) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open(path());
    if (!source.ok()) return InFile(path(), source.status());
    source_ = *std::move(source);
    return absl::OkStatus();
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
  const std::string own_ledger_;
  std::unique_ptr<TextSource> source_;
  Command command_;
  Context context_;
};

}  // namespace

std::unique_ptr<FactFile> NewJsonLinesFile(std::string path, uint32_t number, Mode default_mode,
                                           std::string own_ledger) {
  return std::make_unique<JsonLinesFile>(std::move(path), number, default_mode,
                                         std::move(own_ledger));
}

}  // namespace throughline
