#ifndef THROUGHLINE_STORE_SQLITE_HOST_TRANSACTION_H_
#define THROUGHLINE_STORE_SQLITE_HOST_TRANSACTION_H_

#include <cstdint>

#include "absl/status/status.h"
#include "store/sqlite/session.h"
#include "store/sqlite/statement.h"

namespace throughline {

// Transactions on the host's connection, one after the other: inside the host's if it is in one,
// else of their own. For one thread at a time.
class HostTransaction {
 public:
  explicit HostTransaction(Session& session) : session_(session) {}

  absl::Status BeginRead();
  void EndRead() noexcept;

  // After an error of Commit, Rollback is to follow. sqlite3_last_insert_rowid() is in the end what
  // it was.
  absl::Status BeginWrite();
  absl::Status Commit();
  void Rollback() noexcept;

  // Whether the newest one is inside the host's.
  bool nested() const { return nested_; }

 private:
  void UndoAll() noexcept;
  void RestoreRowId() noexcept;
  bool InTransaction() const { return session_.connection().InTransaction(); }

  Session& session_;
  bool nested_ = false;
  int64_t row_id_ = 0;  // the last one of the host
  StatementSlot begin_, begin_immediate_, commit_, savepoint_, release_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_HOST_TRANSACTION_H_
