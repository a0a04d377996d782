#ifndef THROUGHLINE_STORE_ROW_CHECK_H_
#define THROUGHLINE_STORE_ROW_CHECK_H_

#include <span>

#include "absl/status/status.h"
#include "throughline/store.h"

// What every store refuses, in the same words: INVALID_ARGUMENT, naming table and column.

namespace throughline {

// Names are [a-z][a-z0-9_]*, unique among all tables and indexes, not "journal", not "sqlite_...";
// keys are not nullable; indexes name columns of their table, each once.
absl::Status CheckSchema(const Schema& schema);

absl::Status CheckTable(const Schema& schema, TableNumber table);
absl::Status CheckRow(const Schema& schema, TableNumber table, std::span<const Value> row);
absl::Status CheckKey(const Schema& schema, TableNumber table, std::span<const Value> key);
absl::Status CheckScan(const Schema& schema, const Scan& scan);
absl::Status CheckEntry(const JournalEntry& entry);

// The columns of an index in the order of a position: the indexed ones, then the primary key.
// `index` may be kPrimaryKey.
std::vector<int> PositionColumns(const TableSchema& table, int index);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_ROW_CHECK_H_
