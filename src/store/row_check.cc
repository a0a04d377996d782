#include "store/row_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "store/value_order.h"
#include "throughline/store.h"

namespace throughline {
namespace {

absl::Status Invalid(const std::string& what) { return absl::InvalidArgumentError(what); }

bool IsName(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && lower(name[0]) && name.substr(0, 7) != "sqlite_" &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

absl::Status CheckColumns(const TableSchema& table) {
  const size_t count = table.columns.size();
  if (count > kMaxColumns) return Invalid(table.name + ": too many columns");
  if (table.key_columns < 1 || static_cast<size_t>(table.key_columns) > count) {
    return Invalid(table.name + ": key_columns");
  }
  std::set<std::string_view> names;
  for (size_t i = 0; i < count; ++i) {
    const ColumnSchema& column = table.columns[i];
    if (!IsName(column.name) || !names.insert(column.name).second) {
      return Invalid(table.name + ": bad or repeated column name '" + column.name + "'");
    }
    if (column.nullable && i < static_cast<size_t>(table.key_columns)) {
      return Invalid(table.name + "." + column.name + ": a key cannot be nullable");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckIndex(const TableSchema& table, const IndexSchema& index) {
  std::set<int> seen;
  for (const int column : index.columns) {
    if (column < 0 || static_cast<size_t>(column) >= table.columns.size() ||
        !seen.insert(column).second) {
      return Invalid("index " + index.name + ": bad or repeated column");
    }
  }
  if (seen.empty()) return Invalid("index " + index.name + ": no columns");
  return absl::OkStatus();
}

bool Fits(const Value& value, const ColumnSchema& column) {
  switch (column.type) {
    case ColumnType::kInteger:
      return std::holds_alternative<int64_t>(value);
    case ColumnType::kReal:
      // Not a number has no place in an order.
      return std::holds_alternative<double>(value) && !std::isnan(*std::get_if<double>(&value));
    case ColumnType::kText:
    case ColumnType::kBlob:
      return std::holds_alternative<std::string_view>(value);
  }
  return false;
}

absl::Status Misfit(const TableSchema& table, const ColumnSchema& column) {
  return Invalid(table.name + "." + column.name + ": the value is not of the column's type");
}

size_t SizeOf(const Value& value) {
  const auto* view = std::get_if<std::string_view>(&value);
  return view == nullptr ? 8 : view->size();
}

// Checks a position of a scan, full or leading. A key column that is indexed too stands there
// twice.
absl::Status CheckPosition(const TableSchema& table, const std::vector<int>& columns,
                           std::span<const Value> position) {
  for (size_t i = 0; i < position.size(); ++i) {
    const ColumnSchema& column = table.columns[static_cast<size_t>(columns[i])];
    if (IsNull(position[i]) ? !column.nullable : !Fits(position[i], column)) {
      return Misfit(table, column);
    }
    const auto first = std::find(columns.begin(), columns.end(), columns[i]) - columns.begin();
    if (CompareValues(position[static_cast<size_t>(first)], position[i]) != 0) {
      return Invalid(table.name + "." + column.name + ": two values in one position");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSchema(const Schema& schema) {
  if (schema.version < 1) return Invalid("schema version must be positive");
  std::set<std::string_view> names = {"journal"};
  for (const TableSchema& table : schema.tables) {
    if (!IsName(table.name) || !names.insert(table.name).second) {
      return Invalid("bad or repeated table name '" + table.name + "'");
    }
    if (absl::Status status = CheckColumns(table); !status.ok()) return status;
    for (const IndexSchema& index : table.indexes) {
      if (!IsName(index.name) || !names.insert(index.name).second) {
        return Invalid("bad or repeated index name '" + index.name + "'");
      }
      if (absl::Status status = CheckIndex(table, index); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTable(const Schema& schema, TableNumber table) {
  if (table >= 0 && static_cast<size_t>(table) < schema.tables.size()) return absl::OkStatus();
  return Invalid("no table " + std::to_string(table));
}

absl::Status CheckRow(const Schema& schema, TableNumber table, std::span<const Value> row) {
  if (absl::Status status = CheckTable(schema, table); !status.ok()) return status;
  const TableSchema& declared = schema.tables[static_cast<size_t>(table)];
  if (row.size() != declared.columns.size()) {
    return Invalid(declared.name + ": a row needs a value for every column");
  }
  size_t size = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const ColumnSchema& column = declared.columns[i];
    if (!Fits(row[i], column) && !(column.nullable && IsNull(row[i]))) {
      return Misfit(declared, column);
    }
    size += SizeOf(row[i]);
  }
  if (size > kMaxRowBytes) return Invalid(declared.name + ": the row is too large");
  return absl::OkStatus();
}

absl::Status CheckKey(const Schema& schema, TableNumber table, std::span<const Value> key) {
  if (absl::Status status = CheckTable(schema, table); !status.ok()) return status;
  const TableSchema& declared = schema.tables[static_cast<size_t>(table)];
  if (key.size() != static_cast<size_t>(declared.key_columns)) {
    return Invalid(declared.name + ": a key needs a value for every key column");
  }
  for (size_t i = 0; i < key.size(); ++i) {
    if (!Fits(key[i], declared.columns[i])) return Misfit(declared, declared.columns[i]);
  }
  return absl::OkStatus();
}

absl::Status CheckScan(const Schema& schema, const Scan& scan) {
  if (absl::Status status = CheckTable(schema, scan.table); !status.ok()) return status;
  const TableSchema& table = schema.tables[static_cast<size_t>(scan.table)];
  if (scan.index != kPrimaryKey &&
      (scan.index < 0 || static_cast<size_t>(scan.index) >= table.indexes.size())) {
    return Invalid(table.name + ": no index " + std::to_string(scan.index));
  }
  const std::vector<int> columns = PositionColumns(table, scan.index);
  if (scan.prefix.size() > columns.size()) return Invalid(table.name + ": the prefix is too long");
  if (!scan.after.empty() && scan.after.size() != columns.size()) {
    return Invalid(table.name + ": `after` is not a full position");
  }
  for (const std::span<const Value> part : {scan.prefix, scan.after}) {
    if (absl::Status status = CheckPosition(table, columns, part); !status.ok()) return status;
  }
  for (const Value& bound : {scan.lower, scan.upper}) {
    if (IsNull(bound)) continue;
    if (scan.prefix.size() == columns.size()) {
      return Invalid(table.name + ": no column is left to bound");
    }
    const size_t bounded = static_cast<size_t>(columns[scan.prefix.size()]);
    if (!Fits(bound, table.columns[bounded])) return Misfit(table, table.columns[bounded]);
  }
  return absl::OkStatus();
}

absl::Status CheckEntry(const JournalEntry& entry) {
  if (entry.seq < 1) return Invalid("journal: seq must be positive");
  if (entry.version < 1) return Invalid("journal: version must be positive");
  if (entry.request.size() + entry.events.size() > kMaxRowBytes) {
    return Invalid("journal: the entry is too large");
  }
  return absl::OkStatus();
}

std::vector<int> PositionColumns(const TableSchema& table, int index) {
  std::vector<int> columns;
  if (index != kPrimaryKey) columns = table.indexes[static_cast<size_t>(index)].columns;
  for (int key = 0; key < table.key_columns; ++key) columns.push_back(key);
  return columns;
}

}  // namespace throughline
