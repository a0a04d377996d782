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
  std::string line = CommitToJson(*commit);
  const absl::StatusOr<ParsedJson> json = ParseJsonText(line, "line", kExportLineBytesMax);
  Commit back;
  if (!json.ok() || !CommitFromJson(*json, back).ok() || !(back.head == commit->head) ||
      EncodeEvents(back.events) != entry.events) {
    return std::nullopt;
  }
  return line;
}

std::string Verbatim(const JournalEntry& entry, bool readable) {
  absl::StatusOr<Commit> commit = Commit{HeadOf(entry), {}};
  if (readable) commit = CommitOf(entry);
  JsonWriter json;
  json.BeginObject();
  WriteMembers(HeadOf(entry), json);
  if (commit.ok() && !commit->events.empty()) WriteEvents(*commit, json);
  json.Key(kBlob);
  json.Text(absl::Base64Escape(ToAbsl(entry.events)));
  json.EndObject();
  return std::move(json).Take();
}

absl::Status ReadBlob(const ParsedJson& json, std::string& events) {
  const std::string* text = json.text();
  if (text == nullptr || !absl::Base64Unescape(*text, &events)) {
    return InvalidField(kBlob, "is not base64");
  }
  return absl::OkStatus();
}

}  // namespace

ExportLine KindOf(const ParsedJson& line) {
  const auto has = [&](std::string_view name) { return line.Find(name) != nullptr; };
  if (has("seq") && has("recorded_at")) return ExportLine::kCommit;
  if (has("table")) return ExportLine::kRow;
  if (has("throughline_export")) return ExportLine::kHeader;
  return has("end") ? ExportLine::kEnd : ExportLine::kUnknown;
}

std::string CommitLine(const JournalEntry& entry, size_t readable_bytes_max) {
  const bool readable = entry.events.size() <= readable_bytes_max;
  std::optional<std::string> line;
  if (readable) line = Readable(entry);
  return line ? *std::move(line) : Verbatim(entry, readable);
}

absl::Status ReadCommitLine(ParsedJson line, CommitHead& head, std::string& events) {
  events.clear();
  const ParsedJson* blob = line.Find(kBlob);
  const bool verbatim = blob != nullptr;
  if (verbatim) {
    if (absl::Status status = ReadBlob(*blob, events); !status.ok()) return status;
    std::erase_if(*line.object(), [](const ParsedJson::Member& member) {
      return member.name == kBlob || member.name == kEvents;
    });
  } else if (line.Find(kEvents) == nullptr) {
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
