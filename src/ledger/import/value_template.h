#ifndef THROUGHLINE_LEDGER_IMPORT_VALUE_TEMPLATE_H_
#define THROUGHLINE_LEDGER_IMPORT_VALUE_TEMPLATE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/value_parser.h"
#include "model/json_members.h"
#include "throughline/time.h"

// A value of a mapping file: how a text is made from the cells of a row. docs/import.md.

namespace throughline {

// The columns that the mapping of a file names; the mapping knows them by their place here.
class ColumnNames {
 public:
  size_t PlaceOf(std::string_view name);  // adds it if it is new
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

// One row, as the mapping sees it. Borrows both.
struct RowCells {
  std::span<const std::string_view> fields;
  std::span<const size_t> fields_of_columns;

  std::string_view Cell(size_t column) const { return fields[fields_of_columns[column]]; }
};

// A text with columns in braces: "crm:{id}". Two braces stand for one.
class TextTemplate {
 public:
  TextTemplate() = default;
  static absl::StatusOr<TextTemplate> Parse(std::string_view text, ColumnNames& columns);

  // False if a column is blank: then there is no value. Else `*text` is valid as long as the row
  // and `buffer`, without white space at its ends.
  bool Render(const RowCells& row, std::string& buffer, std::string_view* text) const;

  bool empty() const { return parts_.empty(); }
  bool is_constant() const;
  // Adds the names of its columns to `names`.
  void AppendColumns(const ColumnNames& columns, std::vector<std::string>& names) const;

 private:
  static constexpr size_t kLiteral = SIZE_MAX;
  struct Part {
    std::string literal;
    size_t column = kLiteral;
  };
  void AddLiteral(std::string literal);

  std::vector<Part> parts_;
};

// How numbers, dates and amounts of one file are written.
struct ValueStyle {
  NumberFormat number;
  std::shared_ptr<const TimeFormat> times;
  std::shared_ptr<const TimeFormat> days;  // the same without a zone: a day is the day it says
  std::string zone;
  TextTemplate currency;  // may be empty
};

// What a value is to be, as far as the mapping has to know.
enum class ValueType { kText, kTime, kDay, kMoney, kNumber };

class ValueTemplate {
 public:
  // `json`: a text with columns in braces, true, false, a whole number, or an object with `value`
  // and options. The first fault goes to `fault`.
  static ValueTemplate Parse(const ParsedJson& json, const std::string& path, ValueType type,
                             const ValueStyle& style, ColumnNames& columns, absl::Status& fault);

  // As TextTemplate::Render, with the options `map` and `default` applied.
  bool Render(const RowCells& row, std::string& buffer, std::string_view* text) const;

  bool is_constant() const { return text_.is_constant() && style_.currency.is_constant(); }
  const ValueStyle& style() const { return style_; }
  void AppendColumns(const ColumnNames& columns, std::vector<std::string>& names) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using TextMap = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

  void ParseObject(const ParsedJson& json, const std::string& path, ValueType type,
                   ColumnNames& columns, absl::Status& fault);
  void ParseMap(const ParsedJson& json, const std::string& path, absl::Status& fault);

  TextTemplate text_;
  TextMap map_;
  std::string default_;
  ValueStyle style_;
};

// Reads the template under `path`; a fault if it is not well formed.
TextTemplate ParseTemplate(std::string_view text, const std::string& path, ColumnNames& columns,
                           absl::Status& fault);

// The same for a currency; one that names no column has to be a code of ISO 4217.
TextTemplate ParseCurrencyTemplate(std::string_view text, const std::string& path,
                                   ColumnNames& columns, absl::Status& fault);

// Reads a format of dates for a style.
void ParseTimes(std::string_view format, const std::string& path, ValueStyle& style,
                absl::Status& fault);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_VALUE_TEMPLATE_H_
