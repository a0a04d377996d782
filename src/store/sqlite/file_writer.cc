#include "store/sqlite/file_writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/opening.h"

namespace throughline {
namespace {

// The write-ahead log is to stay below 16 MB. It is emptied from 8 MB on; if readers are in the
// way, again every 2 MB; and from 12 MB on, every half, the writer waits for them a little.
constexpr int kCheckpointPages = int{8 << 20} / kPageBytes;
constexpr int kUrgentPages = int{12 << 20} / kPageBytes;
constexpr int kRetryPages = int{2 << 20} / kPageBytes;
constexpr int kUrgentRetryPages = int{512 << 10} / kPageBytes;
constexpr int kUrgentWaitMs = 100;

}  // namespace

FileWriter::FileWriter(std::unique_ptr<Connection> connection, const Layout& layout,
                       int busy_timeout_ms, bool has_traces)
    : Writer(std::move(connection), layout),
      busy_timeout_ms_(busy_timeout_ms),
      has_traces_(has_traces),
      next_checkpoint_(kCheckpointPages) {
  // Takes the place of SQLite's own checkpoints.
  const auto note_pages = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(session().connection().handle(), note_pages, &log_pages_);
}

absl::Status FileWriter::Begin() {
  if (absl::Status status = session().Run(begin_, "BEGIN IMMEDIATE"); !status.ok()) return status;
  const std::optional<uint32_t> now_at = DataVersion();
  changed_by_others_ = !now_at.has_value() || now_at != left_at_;
  return absl::OkStatus();
}

absl::Status FileWriter::Commit() {
  if (absl::Status status = session().RunCommit(commit_); !status.ok()) {
    Rollback();
    return status;
  }
  KeepLogShort();
  End();
  return absl::OkStatus();
}

void FileWriter::Rollback() noexcept {
  // SQLite has rolled back by itself after some errors.
  if (session().connection().InTransaction()) {
    sqlite3_exec(session().connection().handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  End();
}

void FileWriter::End() noexcept {
  rows().ForgetAll();
  left_at_ = DataVersion();
}

absl::StatusOr<bool> FileWriter::EraseTraces() {
  sqlite3* db = session().connection().handle();
  sqlite3_busy_timeout(db, std::min(kUrgentWaitMs, busy_timeout_ms_));
  absl::StatusOr<bool> done = EmptyLog();
  sqlite3_busy_timeout(db, busy_timeout_ms_);
  has_traces_ = !done.ok() || !*done;
  return done;
}

// Failing to do so is no failure of the commit: the next one tries again.
void FileWriter::KeepLogShort() {
  const int pages = std::exchange(log_pages_, 0);
  if (pages == 0) return;  // nothing was written
  if (has_traces_) {
    sqlite3_busy_timeout(session().connection().handle(), 0);
    const absl::StatusOr<bool> done = EmptyLog();
    sqlite3_busy_timeout(session().connection().handle(), busy_timeout_ms_);
    has_traces_ = !done.ok() || !*done;
  }
  // The log grows with every commit, unless SQLite began it anew.
  if (pages <= known_pages_) next_checkpoint_ = kCheckpointPages;
  known_pages_ = pages;
  if (pages < next_checkpoint_) return;
  sqlite3* db = session().connection().handle();
  const bool urgent = pages >= kUrgentPages;
  if (urgent) sqlite3_busy_timeout(db, std::min(kUrgentWaitMs, busy_timeout_ms_));
  sqlite3_wal_checkpoint_v2(
      db, "main", urgent ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (urgent) sqlite3_busy_timeout(db, busy_timeout_ms_);
  // For when readers were in the way, and the log goes on.
  next_checkpoint_ = pages + (urgent ? kUrgentRetryPages : kRetryPages);
}

}  // namespace throughline
