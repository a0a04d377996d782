#ifndef THROUGHLINE_STORE_SQLITE_WRITER_H_
#define THROUGHLINE_STORE_SQLITE_WRITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/row_writer.h"
#include "store/sqlite/session.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

// The writing connection of a store, from transaction to transaction. For one thread at a time.
class Writer {
 public:
  virtual ~Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Waits for other connections' writers.
  virtual absl::Status Begin() = 0;

  // After an error everything is rolled back, as far as store.h promises.
  virtual absl::Status Commit() = 0;
  virtual void Rollback() noexcept = 0;

  // As Store::EraseTraces; outside of a transaction.
  virtual absl::StatusOr<bool> EraseTraces() = 0;

  virtual absl::Status AppendAll(std::span<const JournalEntry> entries);

  // Whether, at Begin, the database was not as the previous transaction had left it.
  bool changed_by_others() const { return changed_by_others_; }

  Session& session() { return session_; }
  RowWriter& rows() { return rows_; }

 protected:
  Writer(std::unique_ptr<Connection> connection, const Layout& layout)
      : session_(std::move(connection), layout), rows_(session_) {}

  // Puts the write-ahead log into the file and empties it. False if readers are in the way.
  absl::StatusOr<bool> EmptyLog();

  // Counts the changes of the file that this connection has seen, its own included.
  std::optional<uint32_t> DataVersion();

  bool changed_by_others_ = true;

 private:
  absl::Status AppendSome(std::span<const JournalEntry> entries);

  Session session_;
  RowWriter rows_;
  // A row a statement would take a third more time.
  static constexpr size_t kEntriesPerStatement = 4;
  std::array<StatementSlot, kEntriesPerStatement> appends_;  // of one entry, of two ...
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_WRITER_H_
