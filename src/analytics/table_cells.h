#ifndef THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
#define THROUGHLINE_ANALYTICS_TABLE_CELLS_H_

#include <cmath>
#include <cstddef>
#include <string>
#include <variant>

#include "throughline/table.h"

namespace throughline {

// The cell of a row; an empty one where the row is too short or its number is none, so that no
// writer has to say "nan".
inline const Cell& CellAt(const std::vector<Cell>& row, size_t column) {
  static const Cell empty;
  if (column >= row.size()) return empty;
  const auto* real = std::get_if<double>(&row[column]);
  return real != nullptr && !std::isfinite(*real) ? empty : row[column];
}

// A cell as what its column says it is.
using TypedCell =
    std::variant<std::monostate, int64_t, double, const std::string*, Time, Date, bool>;

inline TypedCell TypedInteger(int64_t value, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kTime:
      return Time{value};
    case ColumnKind::kDate:
      return Date{static_cast<int32_t>(value)};
    case ColumnKind::kBoolean:
      return value != 0;
    default:
      return value;
  }
}

inline TypedCell TypedCellAt(const Table& table, const std::vector<Cell>& row, size_t column) {
  const Cell& cell = CellAt(row, column);
  if (const auto* text = std::get_if<std::string>(&cell)) return text;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  const auto* integer = std::get_if<int64_t>(&cell);
  return integer == nullptr ? TypedCell() : TypedInteger(*integer, table.columns[column].kind);
}

// As people read it: grouped digits, shares as percentages, "-" for an empty cell.
std::string CellText(const Table& table, const std::vector<Cell>& row, size_t column);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
