#ifndef THROUGHLINE_TABLE_H_
#define THROUGHLINE_TABLE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "throughline/read.h"
#include "throughline/time.h"

namespace throughline {

// The one shape in which every tabular answer leaves the library.

// What a column holds. All but reals and texts are int64_t.
enum class ColumnKind : uint8_t {
  kInteger = 1,
  kReal = 2,
  kText = 3,
  kTime = 4,     // microseconds since the Unix epoch, as Time
  kDate = 5,     // days since 1970-01-01, as Date
  kBoolean = 6,  // 0 or 1
};

// Whether a column's cells are int64_t.
constexpr bool HoldsIntegers(ColumnKind kind) {
  return kind != ColumnKind::kReal && kind != ColumnKind::kText;
}

// An empty cell is std::monostate: not known, or not defined (a rate of nothing). Never NaN.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;

// A column of a table.
struct TableColumn {
  std::string name;  // e.g. "won"
  ColumnKind kind = ColumnKind::kInteger;
  std::string unit;        // "leads", "EUR", "days", "share"; empty for names
  std::string definition;  // in plain English
  bool bar = false;        // worth a bar beside the number, where there is room for one
};

// A tabular answer.
struct Table {
  std::string report;   // name of the report
  std::string finding;  // what it says, in one plain sentence
  std::vector<TableColumn> columns;
  std::vector<std::vector<Cell>> rows;  // rows[i][j] belongs to columns[j]
  std::vector<std::pair<std::string, std::string>> parameters;
  AsOfAnswer as_of;
};

// In all of them times are RFC 3339 in UTC, dates YYYY-MM-DD, truth values true and false.

// Aligned text for a terminal: the finding, the table, numbers to the right and "-" for an empty
// cell, and what it was made from. Shares are percentages. Widths count code points. `width`:
// columns of the terminal, 0 for no limit; a table that is too wide has its headers broken, then
// its bars left out, its texts cut, its last columns left out, and says so.
std::string ToText(const Table& table, int width = 0);

// RFC 4180, header line first, "\r\n"; empty cells are empty; '.' as decimal point, no thousands
// separators. Text is written as it is, also where it begins with = + - or @: a spreadsheet takes
// such a cell for a formula, so import the column as text.
std::string ToCsv(const Table& table);

// {"report", "finding", "columns": [{"name", "type", "unit", "definition"}], "rows": [{column:
// value}], "parameters", "through", "known_at", "seq"}; empty cells are null. `indent` < 0: one
// line.
std::string ToJson(const Table& table, int indent = 2);

}  // namespace throughline

#endif  // THROUGHLINE_TABLE_H_
