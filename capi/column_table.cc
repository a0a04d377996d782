#include "column_table.h"

#include <utility>
#include <variant>

#include "throughline/time.h"

namespace throughline::capi {
namespace {

void AddCell(const Cell& cell, ColumnData& column) {
  if (const auto* integer = std::get_if<int64_t>(&cell)) {
    column.AddInteger(*integer);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    column.AddReal(*real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    column.AddText(*text);
  } else {
    column.AddEmpty();
  }
}

Cell CellAt(const ColumnData& column, size_t row) {
  if (!column.IsGiven(row)) return {};
  switch (column.kind) {
    case CellKind::kReal:
      return column.reals[row];
    case CellKind::kText: {
      const auto begin = static_cast<size_t>(column.offsets[row]);
      return column.bytes.substr(begin, static_cast<size_t>(column.offsets[row + 1]) - begin);
    }
    case CellKind::kTime:
      return FormatTime(Time{column.integers[row]});
    case CellKind::kDate:
      return FormatDate(Date{static_cast<int32_t>(column.integers[row])});
    default:
      return column.integers[row];
  }
}

// As text, times and dates are texts.
ColumnKind TextKindOf(CellKind kind) {
  if (kind == CellKind::kReal) return ColumnKind::kReal;
  return kind == CellKind::kInteger || kind == CellKind::kBoolean ? ColumnKind::kInteger
                                                                  : ColumnKind::kText;
}

}  // namespace

std::unique_ptr<tl_table> MakeTable(Table table) {
  auto made = std::make_unique<tl_table>();
  made->data.rows = static_cast<int64_t>(table.rows.size());
  for (size_t i = 0; i < table.columns.size(); ++i) {
    ColumnData& column = made->data.columns.emplace_back();
    column.name = table.columns[i].name;
    column.kind = static_cast<CellKind>(table.columns[i].kind);
    for (const std::vector<Cell>& row : table.rows) AddCell(row[i], column);
  }
  table.rows.clear();
  made->head = std::move(table);
  return made;
}

std::unique_ptr<tl_table> MakeTable(std::string name, RecordColumns columns) {
  auto made = std::make_unique<tl_table>();
  made->head.report = std::move(name);
  made->head.as_of.seq = columns.seq;
  for (const ColumnData& column : columns.columns) {
    TableColumn& head = made->head.columns.emplace_back();
    head.name = column.name;
    head.kind = TextKindOf(column.kind);
  }
  made->data = std::move(columns);
  return made;
}

Table WithRows(const tl_table& table) {
  Table whole = table.head;
  const auto rows = static_cast<size_t>(table.data.rows);
  whole.rows.resize(rows);
  for (size_t row = 0; row < rows; ++row) {
    whole.rows[row].reserve(table.data.columns.size());
    for (const ColumnData& column : table.data.columns) {
      whole.rows[row].push_back(CellAt(column, row));
    }
  }
  return whole;
}

}  // namespace throughline::capi
