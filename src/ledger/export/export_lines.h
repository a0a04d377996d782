#ifndef THROUGHLINE_LEDGER_EXPORT_EXPORT_LINES_H_
#define THROUGHLINE_LEDGER_EXPORT_EXPORT_LINES_H_

#include <sodium/crypto_generichash.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/json_values.h"
#include "model/parsed_json.h"
#include "model/read_json_values.h"
#include "store/schema.h"
#include "throughline/event.h"
#include "throughline/store.h"

// The lines of an export, docs/export-and-restore.md. DO NOT CHANGE WHAT IS WRITTEN without a new
// kExportFormat: exports are kept for years.

namespace throughline {

inline constexpr int64_t kExportFormat = 1;

// Events of larger commits are written as bytes only: as JSON they take many times the memory.
inline constexpr size_t kReadableBytesMax = size_t{8} << 20;

// More than the longest line that is written: a row of the store in base64, or readable events.
inline constexpr size_t kExportLineBytesMax = size_t{512} << 20;

// The first line.
struct ExportHeader {
  int64_t format = kExportFormat;
  int64_t schema = 0;
  std::string ledger;  // its id, bytes
  int64_t seq = 0;     // of the last commit

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "throughline_export", &ExportHeader::format),
                           MakeField(2, "schema", &ExportHeader::schema),
                           MakeBytesField(3, "ledger", &ExportHeader::ledger),
                           MakeField(4, "seq", &ExportHeader::seq));
  }
};

// The last line.
struct ExportEnd {
  bool end = true;
  int64_t rows = 0;
  int64_t commits = 0;
  std::string digest;  // of all lines before; empty: not to be checked

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "end", &ExportEnd::end),
                           MakeField(2, "rows", &ExportEnd::rows),
                           MakeField(3, "commits", &ExportEnd::commits),
                           MakeBytesField(4, "digest", &ExportEnd::digest));
  }
};

enum class ExportLine { kHeader, kRow, kCommit, kEnd, kUnknown };

// What a line is, by its members.
ExportLine KindOf(const ParsedJson& line);

// A line of one of the above, zeros and all: its only texts are bytes.
template <HasFields Struct>
std::string LineOf(const Struct& value) {
  JsonWriter json;
  json.BeginObject();
  ForEachField<Struct>([&](const auto& field) {
    const auto& member = value.*field.member;
    json.Key(field.name);
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string>) {
      WriteDigest(member, json);
    } else {
      WriteJson(member, json);
    }
  });
  json.EndObject();
  return std::move(json).Take();
}

// The way back. INVALID_ARGUMENT names the member.
template <HasFields Struct>
absl::Status ReadLine(const ParsedJson& line, Struct& value) {
  JsonFault fault;
  return ReadJson(line, value, fault) ? absl::OkStatus() : fault.ToStatus("line");
}

// {"table": "note", "row": {...}}.
template <class Row>
std::string RowLine(const Row& row) {
  JsonWriter json;
  json.BeginObject();
  WriteMember("table", std::string_view(Row::kTable), json);
  WriteMember("row", row, json);
  json.EndObject();
  return std::move(json).Take();
}

template <class Row>
bool IsRowOf(const ParsedJson& line) {
  const ParsedJson* table = line.Find("table");
  return table != nullptr && table->text() != nullptr && *table->text() == Row::kTable;
}

// And back, of a line that has the table's name. INVALID_ARGUMENT names the member.
template <class Row>
absl::Status ReadRowLine(const ParsedJson& line, Row& row) {
  const ParsedJson* json = line.Find("row");
  if (json == nullptr || line.object()->size() != 2) return InvalidField("row", "is missing");
  JsonFault fault;
  if (ReadJson(*json, row, fault)) return absl::OkStatus();
  fault.In("row");
  return fault.ToStatus("row");
}

// A commit as the log writes it; with "blob", its events as bytes in base64, if they are not what
// encoding the readable ones gives.
std::string CommitLine(const JournalEntry& entry, size_t readable_bytes_max = kReadableBytesMax);

// And back, verbatim: `events` has the bytes of the events. INVALID_ARGUMENT names the member.
absl::Status ReadCommitLine(ParsedJson line, CommitHead& head, std::string& events);

// Whether a table cannot be derived from the journal. Counters of ids can, but for ids that were
// given out and are in no event.
inline bool IsExported(TableNumber table) {
  return !LedgerSchema().tables[static_cast<size_t>(table)].derived ||
         table == kTableOf<IdCounterRow>;
}

// visit.operator()<Row>() for each table, in the order of the schema, until one fails.
template <class Visit>
absl::Status ForEachTable(Visit&& visit) {
  absl::Status status;
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    (static_cast<void>(
         status.ok() &&
         (status = visit.template operator()<std::tuple_element_t<kIndex, LedgerRows>>(), true)),
     ...);
  }
  (std::make_index_sequence<kTableCount>());
  return status;
}

// BLAKE2b, 32 bytes, of lines with a line feed behind each: whatever ended them in the file.
class LineDigest {
 public:
  LineDigest();
  void Add(std::string_view line);
  std::string Finish();

 private:
  crypto_generichash_state state_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_EXPORT_EXPORT_LINES_H_
