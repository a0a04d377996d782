#ifndef THROUGHLINE_STORE_SQLITE_ROW_WRITER_H_
#define THROUGHLINE_STORE_SQLITE_ROW_WRITER_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/row_memo.h"
#include "store/sqlite/session.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

// Writes rows on a session in a write transaction.
//
// SQLite rewrites every index of which an UPDATE names a column, be it changed or not: a page or
// two of log for each. So an update here names the indexed columns that change, and no others. What
// they were is known from the memo, where what the transaction reads is noted, or is read.
class RowWriter {
 public:
  explicit RowWriter(Session& session)
      : session_(session), tables_(session.layout().schema().tables.size()) {}

  // To be told of every row that the transaction reads, or finds missing.
  void NoteRead(TableNumber table, std::span<const Value> row);
  void NoteAbsent(TableNumber table, std::span<const Value> key);

  // To be called between transactions.
  void ForgetAll() { memo_.Clear(); }

  absl::Status Put(TableNumber table, std::span<const Value> row);
  absl::Status Erase(TableNumber table, std::span<const Value> key);
  absl::Status EraseAll(TableNumber table);

  // By way of a temporary table. When SQLite moves rows to another page, copies stay behind in
  // parts of the old page that it no longer uses, and secure_delete does not reach them; but of a
  // page that is freed as a whole nothing stays.
  absl::Status Rewrite(TableNumber table);

 private:
  // More forms of UPDATE than this are not kept for a table: the next one sets all columns.
  static constexpr size_t kMaxUpdateForms = 16;
  static constexpr uint64_t kAllColumns = ~uint64_t{0};

  struct Table {
    StatementSlot insert, get_indexed, erase, erase_all;
    std::vector<std::pair<uint64_t, StatementSlot>>
        updates;  // by the indexed columns that they set
  };

  Table& Of(TableNumber table) { return tables_[static_cast<size_t>(table)]; }
  std::span<const Value> KeyOf(TableNumber table, std::span<const Value> row) const;
  uint64_t Changed(TableNumber table, std::span<const Value> row,
                   std::span<const Value> indexed) const;
  StatementSlot& UpdateSlot(TableNumber table, uint64_t& changed);

  // False if there is a row with this key.
  absl::StatusOr<bool> Insert(TableNumber table, std::span<const Value> row);
  absl::Status ReadIndexed(TableNumber table, std::span<const Value> key, StoredRow& indexed);
  absl::Status Update(TableNumber table, std::span<const Value> row, uint64_t changed);
  void BindAll(TableNumber table, Statement& statement, std::span<const Value> values) const;
  absl::Status Finish(Statement& statement);

  Session& session_;
  std::vector<Table> tables_;
  RowMemo memo_;
  StoredRow read_;
  std::vector<Value> indexed_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_ROW_WRITER_H_
