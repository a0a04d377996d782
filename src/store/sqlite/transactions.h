#ifndef THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_
#define THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_

#include <cassert>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/forwarded_reads.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/session.h"
#include "store/sqlite/writer.h"
#include "throughline/store.h"

namespace throughline {

// A transaction of a writer. `Turn` is given back with Release() when it is over.
template <class Turn>
class WriterTransaction final : public ForwardedReads<WriteTransaction, Session> {
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
    absl::StatusOr<bool> found = source().Get(table, key, row);
    if (!found.ok()) return found;
    if (*found) {
      writer_.rows().NoteRead(table, row.values());
    } else {
      writer_.rows().NoteAbsent(table, key);
    }
    return found;
  }
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) override {
    return source().ScanRows(scan, [&](std::span<const Value> row) {
      writer_.rows().NoteRead(scan.table, row);
      return visitor(row);
    });
  }

  absl::Status AppendAll(std::span<const JournalEntry> entries) override {
    return Write([&] { return writer_.AppendAll(entries); });
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
  absl::Status Rewrite(TableNumber table) override {
    return Write([&] { return writer_.rows().Rewrite(table); });
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
    if (failed_.ok() && !source().connection().InTransaction()) {
      failed_ = PathStatus(absl::StatusCode::kInternal, source().connection().path(),
                           "rolled back after an earlier error");
    }
    return failed_;
  }

  Session& source() override { return writer_.session(); }

  Writer& writer_;
  Turn turn_;
  absl::Status failed_;
  bool over_ = true;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_TRANSACTIONS_H_
