#include "store/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {
namespace {

// The write-ahead log is to stay below 16 MB, 4,080 pages with their headers. It is emptied from
// kCheckpointPages on; if readers are in the way, again every kRetryPages; and from kUrgentPages on
// the writer waits for them, a little each time.
constexpr int kCheckpointPages = 2000;
constexpr int kUrgentPages = 3000;
constexpr int kRetryPages = 500;
constexpr int kUrgentWaitMs = 100;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, const Layout& layout, int busy_timeout_ms)
    : session_(std::move(connection), layout),
      rows_(session_),
      busy_timeout_ms_(busy_timeout_ms),
      next_checkpoint_(kCheckpointPages) {
  // Takes the place of SQLite's own checkpoints.
  const auto note_pages = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(session_.connection().handle(), note_pages, &log_pages_);
}

absl::Status Writer::Begin() {
  if (absl::Status status = session_.Run(begin_, "BEGIN IMMEDIATE"); !status.ok()) return status;
  const std::optional<uint32_t> now_at = DataVersion();
  changed_by_others_ = !now_at.has_value() || now_at != left_at_;
  return absl::OkStatus();
}

absl::Status Writer::Commit() {
  absl::StatusOr<StatementUse> use = session_.connection().Use(commit_, [] { return "COMMIT"; });
  if (!use.ok()) {
    Rollback();
    return use.status();
  }
  const int code = (*use)->Step();
  if (code != SQLITE_DONE) {
    absl::Status status = session_.connection().CommitError(code);
    (*use)->Reset();
    Rollback();
    return status;
  }
  (*use)->Reset();
  KeepLogShort();
  End();
  return absl::OkStatus();
}

void Writer::Rollback() noexcept {
  // SQLite has rolled back by itself after some errors.
  if (session_.connection().InTransaction()) {
    sqlite3_exec(session_.connection().handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  End();
}

void Writer::End() noexcept {
  rows_.ForgetAll();
  left_at_ = DataVersion();
}

absl::Status Writer::Append(const JournalEntry& entry) {
  if (absl::Status status = CheckEntry(entry); !status.ok()) return status;
  absl::StatusOr<StatementUse> use = session_.connection().Use(append_, [] { return kAppendSql; });
  if (!use.ok()) return use.status();
  Statement& statement = **use;
  int parameter = 0;
  for (const int64_t number :
       {entry.seq, entry.account, entry.version, entry.recorded_at, entry.actor, entry.policy}) {
    statement.BindInteger(++parameter, number);
  }
  statement.BindBytes(++parameter, entry.request, ColumnType::kText);
  statement.BindBytes(++parameter, entry.events, ColumnType::kBlob);
  const int code = statement.Step();
  if (code == SQLITE_DONE) return absl::OkStatus();
  if ((code & 0xff) != SQLITE_CONSTRAINT) return session_.connection().Error(code);
  return absl::AlreadyExistsError("journal: seq " + std::to_string(entry.seq) + " or version " +
                                  std::to_string(entry.version) + " of account " +
                                  std::to_string(entry.account) + " is taken");
}

std::optional<uint32_t> Writer::DataVersion() const {
  // Cheaper than the pragma of that name; unlike it, counts this connection's commits too.
  unsigned version = 0;
  const int code = sqlite3_file_control(session_.connection().handle(), "main",
                                        SQLITE_FCNTL_DATA_VERSION, &version);
  return code == SQLITE_OK ? std::optional<uint32_t>(version) : std::nullopt;
}

// Failing to do so is no failure of the commit: the next one tries again.
void Writer::KeepLogShort() {
  const int pages = std::exchange(log_pages_, 0);
  if (pages == 0) return;  // nothing was written
  // The log grows with every commit, unless SQLite began it anew.
  if (pages <= known_pages_) next_checkpoint_ = kCheckpointPages;
  known_pages_ = pages;
  if (pages < next_checkpoint_) return;
  sqlite3* db = session_.connection().handle();
  const bool urgent = pages >= kUrgentPages;
  if (urgent) sqlite3_busy_timeout(db, std::min(kUrgentWaitMs, busy_timeout_ms_));
  sqlite3_wal_checkpoint_v2(
      db, "main", urgent ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (urgent) sqlite3_busy_timeout(db, busy_timeout_ms_);
  // For when readers were in the way, and the log goes on.
  next_checkpoint_ = pages + kRetryPages;
}

}  // namespace throughline
