#ifndef THROUGHLINE_LEDGER_EXPORT_CSV_LINE_H_
#define THROUGHLINE_LEDGER_EXPORT_CSV_LINE_H_

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/json_write.h"
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
      AddJson(value);
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
      value ? AddJson(value) : AddCell("");
    } else if constexpr (std::is_same_v<T, std::vector<Attribute>>) {
      std::string attributes;
      AppendAttributeJson(value, attributes);
      AddCell(attributes);
    } else {
      AddJson(value);
    }
  }

  // As facts and events write it, without the quotes of JSON.
  template <class T>
  void AddJson(const T& value) {
    const json::Json json = json::ToJson(value);
    const auto* text = json.get_ptr<const std::string*>();
    AddCell(text != nullptr ? *text : json.dump());
  }

  template <class T>
  void AddBytes(const T& bytes) {
    if constexpr (std::is_same_v<T, std::string>) AddCell(json::HexOf(bytes));
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
