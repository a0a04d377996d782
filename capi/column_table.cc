#include "column_table.h"

#include <utility>
#include <variant>

#include "analytics/table_cells.h"

namespace throughline::capi {
namespace {

// A cell that is not what the column holds is none: the arrays keep their lengths.
void AddCell(const Cell& cell, ColumnData& column) {
  const auto* integer = std::get_if<int64_t>(&cell);
  const auto* real = std::get_if<double>(&cell);
  const auto* text = std::get_if<std::string>(&cell);
  if (column.kind == ColumnKind::kReal && real != nullptr) {
    column.AddReal(*real);
  } else if (column.kind == ColumnKind::kReal && integer != nullptr) {
    column.AddReal(static_cast<double>(*integer));
  } else if (column.kind == ColumnKind::kText && text != nullptr) {
    column.AddText(*text);
  } else if (HoldsIntegers(column.kind) && integer != nullptr) {
    column.AddInteger(*integer);
  } else {
    column.AddEmpty();
  }
}

Cell CellOf(const ColumnData& column, size_t row) {
  if (!column.IsGiven(row)) return {};
  switch (column.kind) {
    case ColumnKind::kReal:
      return column.reals[row];
    case ColumnKind::kText: {
      const auto begin = static_cast<size_t>(column.offsets[row]);
      return column.bytes.substr(begin, static_cast<size_t>(column.offsets[row + 1]) - begin);
    }
    default:
      return column.integers[row];
  }
}

std::unique_ptr<tl_table> Shared(std::shared_ptr<const ColumnTable> columns) {
  auto made = std::make_unique<tl_table>();
  made->columns = std::move(columns);
  return made;
}

}  // namespace

std::unique_ptr<tl_table> MakeTable(Table table) {
  auto made = std::make_shared<ColumnTable>();
  made->data.rows = static_cast<int64_t>(table.rows.size());
  for (size_t i = 0; i < table.columns.size(); ++i) {
    ColumnData& column = made->data.columns.emplace_back();
    column.name = table.columns[i].name;
    column.kind = table.columns[i].kind;
    for (const std::vector<Cell>& row : table.rows) AddCell(CellAt(row, i), column);
  }
  table.rows.clear();
  made->head = std::move(table);
  return Shared(std::move(made));
}

std::unique_ptr<tl_table> MakeTable(std::string name, RecordColumns columns) {
  auto made = std::make_shared<ColumnTable>();
  made->head.report = std::move(name);
  made->head.as_of.seq = columns.seq;
  for (const ColumnData& column : columns.columns) {
    TableColumn& head = made->head.columns.emplace_back();
    head.name = column.name;
    head.kind = column.kind;
  }
  made->data = std::move(columns);
  return Shared(std::move(made));
}

Table WithRows(const ColumnTable& table) {
  Table whole = table.head;
  const auto rows = static_cast<size_t>(table.data.rows);
  whole.rows.resize(rows);
  for (size_t row = 0; row < rows; ++row) {
    whole.rows[row].reserve(table.data.columns.size());
    for (const ColumnData& column : table.data.columns) {
      whole.rows[row].push_back(CellOf(column, row));
    }
  }
  return whole;
}

}  // namespace throughline::capi
