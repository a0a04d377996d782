#include "throughline/sqlite_store.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/file.h"
#include "store/sqlite/file_writer.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/opening.h"
#include "store/sqlite/session.h"
#include "store/sqlite/transactions.h"
#include "store/sqlite/writer.h"
#include "store/writer_turn.h"
#include "throughline/store.h"

namespace throughline {
namespace {

constexpr int kMaxIdleReaders = 1024;

// The readers of a store that are not in use. Thread-safe.
class ReaderPool {
 public:
  ReaderPool(const SqliteOptions& options, const Layout& layout)
      : options_(options), layout_(layout) {
    idle_.reserve(static_cast<size_t>(options.idle_readers));
  }

  absl::StatusOr<std::unique_ptr<Session>> Take() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Session> session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
    }
    absl::StatusOr<std::unique_ptr<Connection>> opened =
        Connection::Open(options_, Connection::kReadOnly);
    if (!opened.ok()) return opened.status();
    absl::Status status = (*opened)->Tune(options_, Connection::kReadOnly);
    if (!status.ok()) return status;
    return std::make_unique<Session>(*std::move(opened), layout_);
  }

  void Return(std::unique_ptr<Session> session) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.size() < static_cast<size_t>(options_.idle_readers)) {
      idle_.push_back(std::move(session));
    }
  }

 private:
  const SqliteOptions& options_;
  const Layout& layout_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_;
};

class SqliteReadTransaction final : public ForwardedReads<ReadTransaction, Session> {
 public:
  SqliteReadTransaction(ReaderPool& pool, std::unique_ptr<Session> session)
      : pool_(pool), session_(std::move(session)) {}
  ~SqliteReadTransaction() override {
    if (session_->EndRead()) pool_.Return(std::move(session_));
  }

 private:
  Session& source() override { return *session_; }

  ReaderPool& pool_;
  std::unique_ptr<Session> session_;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(SqliteOptions options) : options_(std::move(options)) {}

  absl::Status Open(const Schema& schema, bool create) override;
  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override;
  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override;
  absl::StatusOr<bool> EraseTraces() override;
  absl::StatusOr<int64_t> LastSeq() override;

 private:
  absl::Status Fault(absl::StatusCode code, std::string_view what) const {
    return PathStatus(code, options_.path, what);
  }

  const SqliteOptions options_;
  std::unique_ptr<Layout> layout_;
  // The readers are closed first: the last connection, which writes, puts the log into the file.
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<ReaderPool> readers_;
  WriterTurn turn_;
};

absl::Status SqliteStore::Open(const Schema& schema, bool create) {
  if (readers_ != nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "already open");
  if (absl::Status status = CheckSchema(schema); !status.ok()) return status;
  const bool has_log = SizeOfFile(options_.path + "-wal").value_or(0) > 0;
  auto layout = std::make_unique<Layout>(schema);
  absl::StatusOr<OpenedFile> opened = OpenFile(options_, *layout, create);
  if (!opened.ok()) return opened.status();
  auto first_reader = std::make_unique<Session>(std::move(opened->reader), *layout);
  absl::Status status = first_reader->JournalTail().status();
  if (!status.ok() && sqlite3_errcode(first_reader->connection().handle()) == SQLITE_ERROR) {
    return Fault(absl::StatusCode::kDataLoss, "damaged: it has no journal");
  }
  if (!status.ok()) return status;
  layout_ = std::move(layout);
  if (opened->writer != nullptr) {
    writer_ = std::make_unique<FileWriter>(std::move(opened->writer), *layout_,
                                           options_.busy_timeout_ms, has_log);
  }
  readers_ = std::make_unique<ReaderPool>(options_, *layout_);
  readers_->Return(std::move(first_reader));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ReadTransaction>> SqliteStore::BeginRead() {
  if (readers_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  absl::StatusOr<std::unique_ptr<Session>> session = readers_->Take();
  if (!session.ok()) return session.status();
  if (absl::Status status = (*session)->BeginRead(); !status.ok()) return status;
  return std::make_unique<SqliteReadTransaction>(*readers_, *std::move(session));
}

absl::StatusOr<std::unique_ptr<WriteTransaction>> SqliteStore::BeginWrite() {
  if (readers_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  if (writer_ == nullptr) return Fault(absl::StatusCode::kPermissionDenied, "opened read-only");
  auto transaction = std::make_unique<WriterTransaction<WriterTurn::Hold>>(*writer_, turn_.Take());
  if (absl::Status status = transaction->Begin(); !status.ok()) return status;
  return transaction;
}

absl::StatusOr<bool> SqliteStore::EraseTraces() {
  if (readers_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  if (writer_ == nullptr) return Fault(absl::StatusCode::kPermissionDenied, "opened read-only");
  const WriterTurn::Hold turn = turn_.Take();
  return writer_->EraseTraces();
}

absl::StatusOr<int64_t> SqliteStore::LastSeq() {
  if (readers_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  absl::StatusOr<std::unique_ptr<Session>> session = readers_->Take();
  if (!session.ok()) return session.status();
  absl::StatusOr<ReadTransaction::Tail> tail = (*session)->JournalTail();
  if (!tail.ok()) return tail.status();
  readers_->Return(*std::move(session));
  return tail->seq;
}

absl::Status Invalid(const std::string& what) { return absl::InvalidArgumentError(what); }

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> NewSqliteStore(SqliteOptions options) {
  if (options.path.empty()) return Invalid("path: empty");
  if (options.path.find('\0') != std::string::npos) return Invalid("path: contains a NUL");
  if (options.busy_timeout_ms < 0) return Invalid("busy_timeout_ms: negative");
  if (options.mapped_bytes < 0) return Invalid("mapped_bytes: negative");
  if (options.idle_readers < 0 || options.idle_readers > kMaxIdleReaders) {
    return Invalid("idle_readers: not in 0..1024");
  }
  if (!options.vfs.empty() && sqlite3_vfs_find(options.vfs.c_str()) == nullptr) {
    return Invalid("vfs: no such layer: " + options.vfs);
  }
  if (sqlite3_threadsafe() == 0) {
    return absl::FailedPreconditionError("this SQLite was built without threads");
  }
  // Readers are opened later on, when the process may stand in another folder.
  std::error_code error;
  options.path = std::filesystem::absolute(options.path, error).string();
  if (error) return Invalid("path: " + error.message());
  return std::make_unique<SqliteStore>(std::move(options));
}

}  // namespace throughline
