#ifndef THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
#define THROUGHLINE_ANALYTICS_TABLE_CELLS_H_

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "throughline/table.h"

namespace throughline {

// A cell as what its column says it is. Texts are the column's.
using TypedCell = std::variant<std::monostate, int64_t, double, std::string_view, Time, Date, bool>;

inline TypedCell TypedCellAt(const TableColumn& column, size_t row) {
  if (!column.IsGiven(row)) return {};
  switch (column.kind) {
    case ColumnKind::kReal:  // whoever fills a column by hand: nothing says "nan"
      return std::isfinite(column.reals[row]) ? TypedCell(column.reals[row]) : TypedCell();
    case ColumnKind::kText:
      return column.TextAt(row);
    case ColumnKind::kTime:
      return Time{column.integers[row]};
    case ColumnKind::kDate:
      return Date{static_cast<int32_t>(column.integers[row])};
    case ColumnKind::kBoolean:
      return column.integers[row] != 0;
    case ColumnKind::kInteger:
      break;
  }
  return column.integers[row];
}

// As people read it: grouped digits, shares as percentages, "-" for an empty cell.
std::string CellText(const TableColumn& column, size_t row);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
