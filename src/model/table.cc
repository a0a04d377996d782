#include "throughline/table.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace throughline {

void TableColumn::AddInteger(int64_t value) {
  assert(HoldsIntegers(kind));
  integers.push_back(value);
  if (!given.empty()) given.push_back(1);
}

void TableColumn::AddReal(double value) {
  assert(kind == ColumnKind::kReal);
  if (!std::isfinite(value)) return AddEmpty();
  reals.push_back(value);
  if (!given.empty()) given.push_back(1);
}

void TableColumn::AddText(std::string_view text) {
  assert(kind == ColumnKind::kText);
  bytes.append(text);
  offsets.push_back(static_cast<int64_t>(bytes.size()));
  if (!given.empty()) given.push_back(1);
}

void TableColumn::AddEmpty() {
  if (given.empty()) given.assign(rows(), 1);
  given.push_back(0);
  if (kind == ColumnKind::kReal) {
    reals.push_back(0);
  } else if (kind == ColumnKind::kText) {
    offsets.push_back(static_cast<int64_t>(bytes.size()));
  } else {
    integers.push_back(0);
  }
}

void TableColumn::Add(const Cell& cell) {
  const auto* integer = std::get_if<int64_t>(&cell);
  const auto* real = std::get_if<double>(&cell);
  const auto* text = std::get_if<std::string>(&cell);
  if (kind == ColumnKind::kReal && real != nullptr) {
    AddReal(*real);
  } else if (kind == ColumnKind::kReal && integer != nullptr) {
    AddReal(static_cast<double>(*integer));
  } else if (kind == ColumnKind::kText && text != nullptr) {
    AddText(*text);
  } else if (HoldsIntegers(kind) && integer != nullptr) {
    AddInteger(*integer);
  } else {
    assert(std::holds_alternative<std::monostate>(cell));
    AddEmpty();
  }
}

void TableColumn::Reserve(size_t rows) {
  if (kind == ColumnKind::kReal) {
    reals.reserve(rows);
  } else if (kind == ColumnKind::kText) {
    offsets.reserve(rows + 1);
  } else {
    integers.reserve(rows);
  }
}

size_t TableColumn::rows() const {
  if (kind == ColumnKind::kReal) return reals.size();
  if (kind != ColumnKind::kText) return integers.size();
  return offsets.empty() ? 0 : offsets.size() - 1;  // moved from
}

std::string_view TableColumn::TextAt(size_t row) const {
  const auto begin = static_cast<size_t>(offsets[row]), end = static_cast<size_t>(offsets[row + 1]);
  return std::string_view(bytes).substr(begin, end - begin);
}

Cell TableColumn::at(size_t row) const {
  if (!IsGiven(row)) return {};
  if (kind == ColumnKind::kReal) return reals[row];
  if (kind == ColumnKind::kText) return std::string(TextAt(row));
  return integers[row];
}

std::optional<size_t> Table::FindColumn(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &TableColumn::name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<size_t>(found - columns.begin());
}

void Table::AddRow(const std::vector<Cell>& cells) {
  for (size_t i = 0; i < columns.size(); ++i) {
    i < cells.size() ? columns[i].Add(cells[i]) : columns[i].AddEmpty();
  }
}

}  // namespace throughline
