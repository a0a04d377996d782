#ifndef THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_
#define THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_

#include <cassert>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/session.h"
#include "store/sqlite/writer.h"
#include "throughline/store.h"

namespace throughline {

// The reads of a transaction, on the session that it has.
template <class Base>
class SessionReads : public Base {
 public:
  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row) override {
    return session().Get(table, key, row);
  }
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) override {
    return session().ScanRows(scan, visitor);
  }
  absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) override {
    return session().ReadJournal(after, visitor);
  }
  absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                          const JournalVisitor& visitor) override {
    return session().ReadStream(account, after, descending, visitor);
  }
  absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) override {
    return session().ReadEntry(seq, visitor);
  }
  absl::StatusOr<ReadTransaction::Tail> JournalTail() override { return session().JournalTail(); }

 protected:
  virtual Session& session() = 0;
};

// A transaction of a writer. `Turn` is given back with Release() when it is over.
template <class Turn>
class WriterTransaction final : public SessionReads<WriteTransaction> {
 public:
  WriterTransaction(Writer& writer, Turn turn) : writer_(writer), turn_(std::move(turn)) {}
  ~WriterTransaction() override {
    if (!over_) writer_.Rollback();
  }

  // To be called once, before all else.
  absl::Status Begin() {
    absl::Status status = writer_.Begin();
    over_ = !status.ok();
    return status;
  }

  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row) override {
    absl::StatusOr<bool> found = session().Get(table, key, row);
    if (!found.ok()) return found;
    if (*found) {
      writer_.rows().NoteRead(table, row.values());
    } else {
      writer_.rows().NoteAbsent(table, key);
    }
    return found;
  }
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) override {
    return session().ScanRows(scan, [&](std::span<const Value> row) {
      writer_.rows().NoteRead(scan.table, row);
      return visitor(row);
    });
  }

  absl::Status Append(const JournalEntry& entry) override {
    return Write([&] { return writer_.Append(entry); });
  }
  absl::Status Put(TableNumber table, std::span<const Value> row) override {
    return Write([&] { return writer_.rows().Put(table, row); });
  }
  absl::Status Erase(TableNumber table, std::span<const Value> key) override {
    return Write([&] { return writer_.rows().Erase(table, key); });
  }
  absl::Status EraseAll(TableNumber table) override {
    return Write([&] { return writer_.rows().EraseAll(table); });
  }
  bool ChangedByOthers() const override { return writer_.changed_by_others(); }

  absl::Status Commit() override {
    assert(!over_);
    absl::Status status = Alive();
    if (status.ok()) {
      status = writer_.Commit();
    } else {
      writer_.Rollback();
    }
    over_ = true;
    turn_.Release();
    return status;
  }

 private:
  template <class Operation>
  absl::Status Write(const Operation& operation) {
    assert(!over_);
    if (absl::Status status = Alive(); !status.ok()) return status;
    absl::Status status = operation();
    if (!status.ok() && !absl::IsAlreadyExists(status) && !absl::IsInvalidArgument(status)) {
      failed_ = status;
    }
    return status;
  }

  // SQLite itself rolls back after some errors, also of reads: what follows must not be committed
  // alone.
  absl::Status Alive() {
    if (failed_.ok() && !session().connection().InTransaction()) {
      failed_ = PathStatus(absl::StatusCode::kInternal, session().connection().path(),
                           "rolled back after an earlier error");
    }
    return failed_;
  }

  Session& session() override { return writer_.session(); }

  Writer& writer_;
  Turn turn_;
  absl::Status failed_;
  bool over_ = true;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_
