#include "ledger/export/export_lines.h"

#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "ledger/journal_stream.h"
#include "model/abseil_text.h"
#include "model/codec.h"
#include "model/json.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr char kEvents[] = "events";
constexpr char kBlob[] = "blob";
constexpr size_t kDigestBytes = 32;

// The commit as JSON if that gives the same bytes again.
std::optional<std::string> Readable(const JournalEntry& entry) {
  const absl::StatusOr<Commit> commit = CommitOf(entry);
  if (!commit.ok()) return std::nullopt;
  const Json json = CommitToJson(*commit);
  Commit back;
  if (!CommitFromJson(json, back).ok() || !(back.head == commit->head) ||
      EncodeEvents(back.events) != entry.events) {
    return std::nullopt;
  }
  try {
    return json.dump();
  } catch (const Json::exception&) {  // a text that is not UTF-8
    return std::nullopt;
  }
}

std::string Verbatim(const JournalEntry& entry, bool readable) {
  absl::StatusOr<Commit> commit = Commit{HeadOf(entry), {}};
  if (readable) commit = CommitOf(entry);
  if (!commit.ok()) commit = Commit{HeadOf(entry), {}};
  Json json = CommitToJson(*commit);
  if (commit->events.empty()) json.erase(kEvents);
  json[kBlob] = absl::Base64Escape(ToAbsl(entry.events));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::Status ReadBlob(const Json& json, std::string& events) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text == nullptr || !absl::Base64Unescape(*text, &events)) {
    return InvalidField(kBlob, "is not base64");
  }
  return absl::OkStatus();
}

}  // namespace

ExportLine KindOf(const Json& line) {
  if (!line.is_object()) return ExportLine::kUnknown;
  if (line.contains("seq") && line.contains("recorded_at")) return ExportLine::kCommit;
  if (line.contains("table")) return ExportLine::kRow;
  if (line.contains("throughline_export")) return ExportLine::kHeader;
  return line.contains("end") ? ExportLine::kEnd : ExportLine::kUnknown;
}

std::string CommitLine(const JournalEntry& entry, size_t readable_bytes_max) {
  const bool readable = entry.events.size() <= readable_bytes_max;
  std::optional<std::string> line;
  if (readable) line = Readable(entry);
  return line ? *std::move(line) : Verbatim(entry, readable);
}

absl::Status ReadCommitLine(Json line, CommitHead& head, std::string& events) {
  events.clear();
  const auto blob = line.find(kBlob);
  const bool verbatim = blob != line.end();
  if (verbatim) {
    if (absl::Status status = ReadBlob(*blob, events); !status.ok()) return status;
    line.erase(kBlob);
    line.erase(kEvents);
  } else if (!line.contains(kEvents)) {
    return InvalidField(kEvents, "is missing");
  }
  Commit commit;
  if (absl::Status status = CommitFromJson(line, commit); !status.ok()) return status;
  if (!verbatim) AppendEvents(commit.events, events);
  head = std::move(commit.head);
  return absl::OkStatus();
}

LineDigest::LineDigest() { crypto_generichash_init(&state_, nullptr, 0, kDigestBytes); }

void LineDigest::Add(std::string_view line) {
  const auto add = [this](std::string_view bytes) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  };
  add(line);
  add("\n");
}

std::string LineDigest::Finish() {
  std::string digest(kDigestBytes, '\0');
  crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
  return digest;
}

}  // namespace throughline
