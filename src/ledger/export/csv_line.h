#ifndef THROUGHLINE_LEDGER_EXPORT_CSV_LINE_H_
#define THROUGHLINE_LEDGER_EXPORT_CSV_LINE_H_

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/json_values.h"
#include "store/attribute_json.h"
#include "store/row_mapping.h"
#include "throughline/field.h"
#include "throughline/money.h"
#include "throughline/time.h"

// Rows as lines of CSV (RFC 4180), driven by the field lists: the columns of the table in the order
// of the schema, but amounts as decimals, under the name of the amount.

namespace throughline {

// A text, in quotes if it needs them.
void AppendCsvText(std::string_view text, std::string& out);

// A value as facts and events write it, without the quotes of JSON.
inline std::string CellOf(std::string_view text) { return std::string(text); }
inline std::string CellOf(const std::string& text) { return text; }
inline std::string CellOf(int64_t value) { return std::to_string(value); }
inline std::string CellOf(bool value) { return value ? "true" : "false"; }
inline std::string CellOf(Date date) { return FormatDate(date); }
inline std::string CellOf(Time time) { return FormatTime(time); }
inline std::string CellOf(const Currency& currency) { return std::string(currency.view()); }
inline std::string CellOf(EventId id) { return FormatEventId(id); }
template <NamedEnum Enum>
std::string CellOf(Enum value) {
  return std::string(NameOf(value));
}
template <class Tag>
std::string CellOf(Id<Tag> id) {
  return std::to_string(id.value);
}

class CsvLine {
 public:
  // The line lasts until the next call.
  template <HasFields Row>
  std::string_view LineOf(const Row& row) {
    Begin();
    size_t place = 0;
    ForEachField<Row>([&](const auto& field) {
      // A key is never NULL: the stream of account 0 has a row.
      place++ < Row::kKeyFields ? AddKey(row.*field.member) : AddField(row, field);
    });
    return End();
  }

  template <HasFields Row>
  std::string_view HeaderOf() {
    Begin();
    AddNames<Row>("");
    return End();
  }

 private:
  void Begin() { line_.clear(); }
  std::string_view End();
  void AddCell(std::string_view text);
  void AddAmount(const Money& money);

  template <class T>
  void AddKey(const T& value) {
    if constexpr (row_internal::kIsId<T>) {
      AddCell(CellOf(value));
    } else {
      Add(value);
    }
  }

  template <class Struct, class Field>
  void AddField(const Struct& value, const Field& field) {
    field.bytes ? AddBytes(value.*field.member) : Add(value.*field.member);
  }

  template <class T>
  void Add(const T& value) {
    if constexpr (HasFields<T>) {
      ForEachField<T>([&](const auto& field) { AddField(value, field); });
    } else if constexpr (std::is_same_v<T, Money>) {
      AddAmount(value);
    } else if constexpr (row_internal::kIsOptionalColumn<T>) {
      if (value) return Add(*value);
      for (size_t i = 0; i < row_internal::ColumnCount<T>(); ++i) AddCell("");
    } else if constexpr (row_internal::kIsId<T>) {
      AddCell(value ? CellOf(value) : "");
    } else if constexpr (std::is_same_v<T, std::vector<Attribute>>) {
      std::string attributes;
      AppendAttributeJson(value, attributes);
      AddCell(attributes);
    } else {
      AddCell(CellOf(value));
    }
  }

  template <class T>
  void AddBytes(const T& bytes) {
    if constexpr (std::is_same_v<T, std::string>) AddCell(HexOf(bytes));
  }

  template <class T>
  void AddNames(const std::string& prefix) {
    ForEachField<T>([&]<class Field>(const Field& field) {
      using Member = typename Field::MemberType;
      const std::string name = prefix + std::string(field.name);
      if constexpr (HasFields<Member>) {
        AddNames<Member>(field.name == "lineage" ? prefix : name + "_");
      } else {
        AddCell(name);
        if (row_internal::ColumnCount<Member>() == 2) AddCell(name + "_currency");
      }
    });
  }

  std::string line_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_EXPORT_CSV_LINE_H_
