#ifndef THROUGHLINE_TESTS_MODEL_TABLE_ROWS_H_
#define THROUGHLINE_TESTS_MODEL_TABLE_ROWS_H_

#include <utility>
#include <vector>

#include "throughline/table.h"

namespace throughline {

using TableRow = std::vector<Cell>;

inline std::vector<TableRow> RowsOf(const Table& table) {
  std::vector<TableRow> rows(table.rows());
  for (size_t row = 0; row < rows.size(); ++row) {
    for (const TableColumn& column : table.columns) rows[row].push_back(column.at(row));
  }
  return rows;
}

// In place of those that it has.
inline void SetRows(Table& table, const std::vector<TableRow>& rows) {
  for (TableColumn& column : table.columns) {
    column = {column.name, column.kind, column.unit, column.definition, column.bar};
  }
  for (const TableRow& row : rows) table.AddRow(row);
}

inline void SetCell(Table& table, size_t row, size_t column, Cell cell) {
  std::vector<TableRow> rows = RowsOf(table);
  rows[row][column] = std::move(cell);
  SetRows(table, rows);
}

inline void KeepRows(Table& table, size_t count) {
  std::vector<TableRow> rows = RowsOf(table);
  rows.resize(count);
  SetRows(table, rows);
}

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_MODEL_TABLE_ROWS_H_
