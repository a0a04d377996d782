#ifndef THROUGHLINE_LEDGER_ROW_ACCESS_H_
#define THROUGHLINE_LEDGER_ROW_ACCESS_H_

#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_mapping.h"
#include "store/schema.h"
#include "throughline/store.h"

// Typed reading and writing of rows through a transaction.

namespace throughline {

template <class Row>
absl::StatusOr<bool> GetRow(ReadTransaction& transaction, std::span<const Value> key, Row& row) {
  StoredRow stored;
  absl::StatusOr<bool> found = transaction.Get(kTableOf<Row>, key, stored);
  if (!found.ok() || !*found) return found;
  if (absl::Status status = FromValues(stored.values(), row); !status.ok()) return status;
  return true;
}

// visit(Row&&) for each row of the range, which is in the table of `Row`; false ends the scan.
template <class Row, class Visit>
absl::Status ScanRowsOf(ReadTransaction& transaction, Scan scan, Visit&& visit) {
  scan.table = kTableOf<Row>;
  absl::Status damage;
  const absl::Status status = transaction.ScanRows(scan, [&](std::span<const Value> values) {
    Row row;
    damage = FromValues(values, row);
    return damage.ok() && visit(std::move(row));
  });
  return status.ok() ? damage : status;
}

// As above for all rows under a key of leading columns.
template <class Row, class Visit>
absl::Status ScanPrefix(ReadTransaction& transaction, int index, std::span<const Value> prefix,
                        Visit&& visit) {
  Scan scan;
  scan.index = index;
  scan.prefix = prefix;
  return ScanRowsOf<Row>(transaction, scan, [&](Row&& row) {
    visit(std::move(row));
    return true;
  });
}

template <class Row>
absl::Status PutRow(WriteTransaction& transaction, const Row& row) {
  RowValues<Row> values;
  ToValues(row, values);
  return transaction.Put(kTableOf<Row>, values.columns);
}

template <class Row>
absl::Status EraseRow(WriteTransaction& transaction, const Row& row) {
  return transaction.Erase(kTableOf<Row>, KeyValuesOf(row));
}

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ROW_ACCESS_H_
