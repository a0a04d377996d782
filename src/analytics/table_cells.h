#ifndef THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
#define THROUGHLINE_ANALYTICS_TABLE_CELLS_H_

#include <cmath>
#include <cstddef>
#include <string>

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

// As people read it: grouped digits, shares as percentages, "-" for an empty cell.
std::string CellText(const Cell& cell, const TableColumn& column);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_TABLE_CELLS_H_
