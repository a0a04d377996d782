#include "ledger/import/exported_ledger.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/export/export_reader.h"
#include "ledger/import/event_facts.h"
#include "model/abseil_text.h"
#include "model/codec.h"
#include "model/json.h"
#include "throughline/error.h"

namespace throughline {
namespace {

RowFault FaultOf(const absl::Status& status, std::string text) {
  return {DetailOf(status).field, std::string(FromAbsl(status.message())), std::move(text)};
}

// One file, line by line.
class ExportedLedger {
 public:
  ExportedLedger(const std::string& ledger_id, uint32_t file, FactSink& sink)
      : facts_(ledger_id), file_(file), sink_(sink) {}

  absl::Status TakeRow(const ParsedJson& line) {
    absl::Status status = TakeRowOf<ContactProfileRow>(line);
    if (status.ok()) status = TakeRowOf<ContactExternalIdRow>(line);
    if (status.ok()) status = TakeRowOf<NoteRow>(line);
    return status;
  }

  absl::Status TakeCommit(uint64_t number, ParsedJson line) {
    Commit commit;
    std::string blob;
    if (absl::Status status = ReadCommitLine(std::move(line), commit.head, blob); !status.ok()) {
      return status;
    }
    absl::StatusOr<std::vector<Event>> events = DecodeEvents(blob);
    if (!events.ok()) {
      return sink_.Reject({file_, number, 0}, FaultOf(events.status(), CommitToJson(commit)));
    }
    commit.events = *std::move(events);
    if (absl::Status status = facts_.Know(commit); !status.ok()) return status;
    for (size_t i = 0; i < commit.events.size(); ++i) {
      if (absl::Status status = TakeEvent(number, commit, i); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  template <class Row>
  absl::Status TakeRowOf(const ParsedJson& line) {
    if (!IsRowOf<Row>(line)) return absl::OkStatus();
    Row row;
    if (absl::Status status = ReadRowLine(line, row); !status.ok()) return status;
    facts_.Know(std::move(row));
    return absl::OkStatus();
  }

  absl::Status TakeEvent(uint64_t number, const Commit& commit, size_t i) {
    // Of later events of a huge commit only the line is told.
    constexpr size_t kLast = FactPosition::kMaxFactsOfRow - 1;
    const FactPosition position{file_, number, static_cast<uint32_t>(std::min(i, kLast))};
    const absl::StatusOr<EventFacts::Result> result = facts_.FactOf(commit, i, command_, context_);
    if (!result.ok()) {
      return sink_.Reject(position,
                          FaultOf(result.status(), EventToJson(commit.events[i].payload)));
    }
    if (!result->left.empty()) {
      sink_.Warn(position, result->left,
                 std::visit([](const auto& c) { return c.kName; }, command_));
    }
    return result->is_fact ? sink_.Fact(position, command_, context_) : absl::OkStatus();
  }

  EventFacts facts_;
  const uint32_t file_;
  FactSink& sink_;
  Command command_;
  Context context_;
};

}  // namespace

absl::Status ReadExportedLedger(const ByteSource& source, const FactFile& file,
                                std::string_view own_ledger, FactSink& sink) {
  ExportReader reader(source, file.path() + ": ");
  if (absl::Status status = reader.Begin(); !status.ok()) return status;
  const std::string id = HexOf(reader.header().ledger);
  if (id == own_ledger) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.path(), ": is an export of this ledger, or of one restored from it"));
  }
  ExportedLedger exported(id, file.number(), sink);
  ParsedJson line;
  ExportLine kind = ExportLine::kUnknown;
  while (true) {
    absl::StatusOr<bool> more = reader.Next(line, kind);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    absl::Status status = sink.Row();
    if (!status.ok()) return status;
    status = kind == ExportLine::kRow ? exported.TakeRow(line)
                                      : exported.TakeCommit(reader.line_number(), std::move(line));
    if (!status.ok()) return reader.AtLine(status);
  }
}

}  // namespace throughline
