#ifndef THROUGHLINE_COLUMNS_H_
#define THROUGHLINE_COLUMNS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "throughline/ledger.h"
#include "throughline/read.h"
#include "throughline/table.h"

namespace throughline {

// One column of many rows, in a few arrays. A cell that is not given is 0, 0.0 or "" in them.
struct ColumnData {
  std::string name;
  ColumnKind kind = ColumnKind::kInteger;
  std::vector<int64_t> integers;
  std::vector<double> reals;
  std::vector<int64_t> offsets{0};  // of texts: text i is bytes[offsets[i], offsets[i + 1])
  std::string bytes;
  std::vector<uint8_t> given;  // 0 or 1 for each row; empty: all are

  // Adds a cell.
  void AddInteger(int64_t value);
  void AddReal(double value);
  void AddText(std::string_view text);
  void AddEmpty();
  bool IsGiven(size_t row) const { return given.empty() || given[row] != 0; }
  size_t rows() const;
};

// Records as columns.
struct RecordColumns {
  int64_t rows = 0;
  std::vector<ColumnData> columns;
  int64_t seq = 0;  // the last commit that they show
};

// All records that the filter asks for, of one consistent state, as columns: those of the table in
// SQL (row.h), or the ones named, in that order. INVALID_ARGUMENT names an unknown column, or what
// is wrong with the filter; store errors as they are.
absl::StatusOr<RecordColumns> LeadColumns(Ledger& ledger, const RecordFilter& filter,
                                          std::span<const std::string> names = {});
absl::StatusOr<RecordColumns> OpportunityColumns(Ledger& ledger, const RecordFilter& filter,
                                                 std::span<const std::string> names = {});

}  // namespace throughline

#endif  // THROUGHLINE_COLUMNS_H_
