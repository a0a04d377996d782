// What an Arrow consumer is told of a table: names, types, and what they mean.

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "arrow_table.h"
#include "throughline/time.h"

namespace throughline::capi {
namespace {

struct SchemaParts {
  explicit SchemaParts(size_t count) : children(count) {}
  std::string name;
  std::string metadata;
  ArrowChildren<ArrowSchema> children;
};

// Pairs of texts in Arrow's encoding: how many, and each text with its size before it.
class Metadata {
 public:
  // An empty value is left out.
  void Add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    ++count_;
    AddText(key);
    AddText(value);
  }

  // Nothing if there are no pairs.
  std::string Take() const { return count_ == 0 ? std::string() : Encoded(count_) + pairs_; }

 private:
  static std::string Encoded(int32_t number) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
  }

  void AddText(std::string_view text) {
    pairs_.append(Encoded(static_cast<int32_t>(text.size()))).append(text);
  }

  int32_t count_ = 0;
  std::string pairs_;
};

std::string MetadataOf(const Table& head) {
  Metadata metadata;
  metadata.Add("report", head.report);
  metadata.Add("finding", head.finding);
  for (const auto& [name, value] : head.parameters) metadata.Add("parameters." + name, value);
  if (head.as_of.through != Time{}) {
    metadata.Add("through", FormatTime(head.as_of.through));
    metadata.Add("known_at", FormatTime(head.as_of.known_at));
  }
  metadata.Add("seq", std::to_string(head.as_of.seq));
  return metadata.Take();
}

std::string MetadataOf(const TableColumn& column) {
  Metadata metadata;
  metadata.Add("unit", column.unit);
  metadata.Add("definition", column.definition);
  return metadata.Take();
}

const char* FormatOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kReal:
      return "g";  // float64
    case ColumnKind::kText:
      return "U";  // UTF-8 with offsets of 64 bits
    case ColumnKind::kTime:
      return "tsu:UTC";  // microseconds
    case ColumnKind::kDate:
      return "tdD";  // days of 32 bits
    case ColumnKind::kBoolean:
      return "b";
    default:
      return "l";  // int64
  }
}

void Fill(ArrowSchema& out, std::unique_ptr<SchemaParts> parts, const char* format, int64_t flags) {
  out = {};
  out.format = format;
  out.name = parts->name.c_str();
  out.metadata = parts->metadata.empty() ? nullptr : parts->metadata.data();
  out.flags = flags;
  out.n_children = parts->children.size();
  out.children = parts->children.pointers();
  out.release = ReleaseParts<ArrowSchema, SchemaParts>;
  out.private_data = parts.release();
}

}  // namespace

void ExportSchema(const Table& head, ArrowSchema& out) {
  auto parts = std::make_unique<SchemaParts>(head.columns.size());
  parts->metadata = MetadataOf(head);
  for (size_t i = 0; i < head.columns.size(); ++i) {
    auto column = std::make_unique<SchemaParts>(0);
    column->name = head.columns[i].name;
    column->metadata = MetadataOf(head.columns[i]);
    // Whether a cell is empty is a matter of the rows; the schema is the same for all of them.
    Fill(parts->children[i], std::move(column), FormatOf(head.columns[i].kind),
         ARROW_FLAG_NULLABLE);
  }
  Fill(out, std::move(parts), "+s", 0);
}

}  // namespace throughline::capi
