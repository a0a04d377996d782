#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_TEMPLATE_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_TEMPLATE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/value_template.h"
#include "model/json_members.h"
#include "throughline/command.h"

// A fact of a mapping file: how one row becomes a command. docs/import.md.

namespace throughline {

struct MemberTemplate;

// Reads members of one row; knows which value it is at.
class RowReader {
 public:
  explicit RowReader(const RowCells& row) : row_(row) {}

  // False: not given. `*text` is valid until the next call.
  bool Next(const ValueTemplate& value, std::string_view* text) {
    at_ = &value;
    return value.Render(row_, buffer_, text);
  }
  const RowCells& row() const { return row_; }
  const ValueTemplate* at() const { return at_; }

 private:
  const RowCells& row_;
  std::string buffer_;
  const ValueTemplate* at_ = nullptr;
};

// A member that facts of one kind have, from its field list.
struct MemberSlot {
  enum class Shape { kValue, kList, kObject };
  struct Target {
    void* command = nullptr;  // of the type that the member belongs to
    Context* context = nullptr;
  };
  std::string_view name;
  Shape shape = Shape::kValue;
  ValueType type = ValueType::kText;
  absl::Status (*set)(const MemberTemplate& member, RowReader& row, const Target& target) = nullptr;
  std::string_view about;
  std::span<const std::string_view> names = {};  // that an object may have; empty: any
};

struct FactKind {
  std::string_view name;
  std::span<const MemberSlot> members;  // those that every fact has come first
  void* (*emplace)(Command& command);   // makes it hold an empty command of this kind
};
std::span<const FactKind> FactKinds();

struct MemberTemplate {
  const MemberSlot* slot = nullptr;
  std::vector<ValueTemplate> values;  // one, or those of a list or an object
  std::vector<std::string> names;     // of an object's
};

class FactTemplate {
 public:
  // The first fault goes to `fault`.
  static FactTemplate Parse(const ParsedJson& json, const std::string& path,
                            const ValueStyle& style, ColumnNames& columns, absl::Status& fault);

  // False: the row has no such fact. `context` has its defaults already. An error names the member.
  absl::StatusOr<bool> Render(RowReader& row, Command& command, Context& context) const;

  // The columns that a member, or an item of it ("attributes.segment"), is read from, with " + "
  // between them; empty if there are none.
  std::string ColumnsOf(std::string_view path, const ColumnNames& columns) const;

 private:
  struct Condition {
    TextTemplate value;
    std::optional<bool> given;
    std::vector<std::string> texts;
    bool wanted = true;  // whether it is to be one of `texts`
  };

  void ParseKind(JsonMembers& members);
  void ParseWhen(JsonMembers& members, ColumnNames& columns, absl::Status& fault);
  void ParseCondition(const ParsedJson& json, const std::string& path, ColumnNames& columns,
                      absl::Status& fault);
  void ParseMember(const ParsedJson& json, const std::string& path, const MemberSlot& slot,
                   const ValueStyle& style, ColumnNames& columns, absl::Status& fault);
  void CheckConstants(const MemberTemplate& member, const std::string& path,
                      absl::Status& fault) const;
  void CheckWhole(JsonMembers& members) const;
  const MemberTemplate* Find(std::string_view member) const;
  static bool Holds(const Condition& condition, const RowCells& row);
  absl::Status IdentifyByIds(const Command& command, Context& context) const;

  const FactKind* kind_ = nullptr;
  std::vector<Condition> conditions_;
  std::vector<MemberTemplate> members_;
  bool unique_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_TEMPLATE_H_
