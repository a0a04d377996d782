#include "store/sqlite/host_transaction.h"

#include <sqlite3.h>

#include "absl/status/status.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/session.h"

namespace throughline {

absl::Status HostTransaction::BeginRead() {
  nested_ = InTransaction();
  return nested_ ? absl::OkStatus() : session_.Run(begin_, "BEGIN");
}

void HostTransaction::EndRead() noexcept {
  if (nested_ || !InTransaction()) return;
  if (!session_.RunCommit(commit_).ok()) UndoAll();
}

absl::Status HostTransaction::BeginWrite() {
  nested_ = InTransaction();
  row_id_ = sqlite3_last_insert_rowid(session_.connection().handle());
  // The host may have a savepoint of that name: ours is the innermost as long as it exists.
  return nested_ ? session_.Run(savepoint_, "SAVEPOINT throughline")
                 : session_.Run(begin_immediate_, "BEGIN IMMEDIATE");
}

absl::Status HostTransaction::Commit() {
  absl::Status status =
      nested_ ? session_.Run(release_, "RELEASE throughline") : session_.RunCommit(commit_);
  if (status.ok()) RestoreRowId();
  return status;
}

void HostTransaction::Rollback() noexcept {
  RestoreRowId();
  // SQLite has rolled back everything by itself after some errors.
  if (InTransaction()) UndoAll();
}

void HostTransaction::UndoAll() noexcept {
  sqlite3_exec(session_.connection().handle(),
               nested_ ? "ROLLBACK TO throughline; RELEASE throughline" : "ROLLBACK", nullptr,
               nullptr, nullptr);
}

void HostTransaction::RestoreRowId() noexcept {
  sqlite3_set_last_insert_rowid(session_.connection().handle(), row_id_);
}

}  // namespace throughline
