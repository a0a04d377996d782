#ifndef THROUGHLINE_STORE_SQLITE_WRITER_H_
#define THROUGHLINE_STORE_SQLITE_WRITER_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/row_writer.h"
#include "store/sqlite/session.h"
#include "store/sqlite/statement.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {

// The writing connection of a store, from transaction to transaction. For one thread at a time.
class Writer {
 public:
  Writer(std::unique_ptr<Connection> connection, const Layout& layout, int busy_timeout_ms);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Waits for other processes' writers.
  absl::Status Begin();
  absl::Status Commit();
  void Rollback() noexcept;

  absl::Status Append(const JournalEntry& entry);

  // Whether, at Begin, the file was not as the previous transaction had left it.
  bool changed_by_others() const { return changed_by_others_; }

  Session& session() { return session_; }
  RowWriter& rows() { return rows_; }

 private:
  // Counts the changes of the file that this connection has seen, its own included.
  std::optional<uint32_t> DataVersion() const;
  void End() noexcept;
  void KeepLogShort();

  Session session_;
  RowWriter rows_;
  StatementSlot begin_, commit_, append_;
  std::optional<uint32_t> left_at_;  // DataVersion at the end of the previous transaction
  bool changed_by_others_ = true;
  const int busy_timeout_ms_;
  int log_pages_ = 0;        // in the log, set by SQLite with each commit that writes to it
  int known_pages_ = 0;      // in the log after the commit before
  int next_checkpoint_ = 0;  // in pages of the log
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_WRITER_H_
