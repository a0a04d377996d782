#include "store/sqlite/host_writer.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

HostWriter::HostWriter(std::unique_ptr<Connection> connection, const Layout& layout)
    : Writer(std::move(connection), layout), transaction_(session()) {}

absl::StatusOr<ReadTransaction::Tail> HostWriter::JournalTail() {
  const Connection& connection = session().connection();
  absl::StatusOr<ReadTransaction::Tail> tail = session().JournalTail();
  if (tail.ok() || (sqlite3_errcode(connection.handle()) & 0xff) != SQLITE_ERROR) return tail;
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(),
                    "the ledger's tables are gone: dropped, or rolled back with what made them");
}

absl::StatusOr<HostWriter::Place> HostWriter::Look() {
  absl::StatusOr<ReadTransaction::Tail> tail = JournalTail();
  if (!tail.ok()) return tail.status();
  Connection& connection = session().connection();
  absl::StatusOr<StatementUse> use =
      connection.Use(data_version_, [] { return "PRAGMA main.data_version"; });
  if (!use.ok()) return use.status();
  const int code = (*use)->Step();
  if (code != SQLITE_ROW) return connection.Error(code);
  return Place{(*use)->Integer(0), tail->seq, tail->recorded_at};
}

bool HostWriter::Untouched() {
  // A transaction of the host need not have looked at the file yet.
  if (transaction_.nested() || left_nested_ || traceless_ || !left_.has_value()) return false;
  return left_version_.has_value() && left_version_ == DataVersion();
}

absl::Status HostWriter::Begin() {
  if (absl::Status status = transaction_.BeginWrite(); !status.ok()) return status;
  absl::StatusOr<Place> place = Untouched() ? *left_ : Look();
  if (!place.ok()) {
    transaction_.Rollback();
    return place.status();
  }
  begun_ = now_ = *place;
  changes_ = sqlite3_total_changes(session().connection().handle());
  changed_by_others_ = traceless_ || left_ != begun_;
  if (!transaction_.nested()) traceless_ = false;
  return absl::OkStatus();
}

absl::Status HostWriter::AppendAll(std::span<const JournalEntry> entries) {
  absl::Status status = Writer::AppendAll(entries);
  if (!status.ok()) return status;  // if some were appended, all will count as changed
  for (const JournalEntry& entry : entries) {
    if (entry.seq <= now_.seq) continue;
    now_.seq = entry.seq;
    now_.recorded_at = entry.recorded_at;
  }
  return absl::OkStatus();
}

absl::Status HostWriter::Commit() {
  if (absl::Status status = transaction_.Commit(); !status.ok()) {
    Rollback();
    return status;
  }
  const bool wrote = sqlite3_total_changes(session().connection().handle()) != changes_;
  if (transaction_.nested() && wrote && now_ == begun_) traceless_ = true;
  End(now_);
  return absl::OkStatus();
}

void HostWriter::Rollback() noexcept {
  transaction_.Rollback();
  End(begun_);
}

absl::StatusOr<bool> HostWriter::EraseTraces() {
  // What the host has not committed yet it may still roll back.
  if (session().connection().InTransaction()) return false;
  return EmptyLog();
}

void HostWriter::End(const Place& left) noexcept {
  rows().ForgetAll();
  left_ = left;
  left_nested_ = transaction_.nested();
  left_version_ = DataVersion();
}

}  // namespace throughline
