#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/connection_turn.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/host_claim.h"
#include "store/sqlite/host_opening.h"
#include "store/sqlite/host_transaction.h"
#include "store/sqlite/host_writer.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/session.h"
#include "store/sqlite/transactions.h"
#include "throughline/error.h"
#include "throughline/sqlite_host_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

constexpr size_t kMaxPrefix = 32;

std::string NameOf(sqlite3* db) {
  const char* file = sqlite3_db_filename(db, "main");
  return file == nullptr || *file == '\0' ? "the host's database" : file;
}

// All open reads of a store, which share one transaction.
class HostReads {
 public:
  explicit HostReads(Session& session) : session_(session), transaction_(session) {}

  absl::Status Begin() {
    absl::Status status = open_ == 0 ? transaction_.BeginRead() : absl::OkStatus();
    if (status.ok()) ++open_;
    return status;
  }
  void End() noexcept {
    if (--open_ == 0) transaction_.EndRead();
  }
  Session& session() { return session_; }

 private:
  Session& session_;
  HostTransaction transaction_;
  int open_ = 0;
};

class HostReadTransaction final : public ForwardedReads<ReadTransaction, Session> {
 public:
  HostReadTransaction(HostReads& reads, ConnectionTurn::Hold turn)
      : reads_(reads), turn_(std::move(turn)) {}
  ~HostReadTransaction() override {
    if (begun_) reads_.End();
  }

  absl::Status Begin() {
    absl::Status status = reads_.Begin();
    begun_ = status.ok();
    return status;
  }

 private:
  Session& source() override { return reads_.session(); }

  HostReads& reads_;
  ConnectionTurn::Hold turn_;
  bool begun_ = false;
};

class HostStore final : public Store {
 public:
  explicit HostStore(SqliteHostOptions options)
      : options_(std::move(options)), name_(NameOf(options_.connection)) {}

  absl::Status Open(const Schema& schema, bool create) override;
  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override;
  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override;
  absl::StatusOr<bool> EraseTraces() override;
  absl::StatusOr<int64_t> LastSeq() override;

 private:
  absl::Status Fault(absl::StatusCode code, std::string_view what) const {
    return PathStatus(code, name_, what);
  }
  bool ReadOnly() const { return sqlite3_db_readonly(options_.connection, "main") == 1; }

  const SqliteHostOptions options_;
  const std::string name_;
  ConnectionTurn turn_;
  HostClaim claim_;  // given up when no statement is left on the connection
  std::unique_ptr<Layout> layout_;
  std::unique_ptr<HostWriter> writer_;  // null: not open
  std::optional<HostReads> reads_;
};

absl::Status HostStore::Open(const Schema& schema, bool create) {
  if (writer_ != nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "already open");
  if (absl::Status status = CheckSchema(schema); !status.ok()) return status;
  HostClaim claim = ClaimHostPlace(options_.connection, options_.prefix);
  if (claim == nullptr) {
    return Fault(absl::StatusCode::kFailedPrecondition,
                 "the ledger " + options_.prefix + " is open on this connection already");
  }
  auto layout = std::make_unique<Layout>(schema, options_.prefix);
  auto writer =
      std::make_unique<HostWriter>(Connection::Borrow(options_.connection, name_), *layout);
  if (absl::Status status = OpenHostTables(writer->session(), create); !status.ok()) return status;
  claim_ = std::move(claim);
  layout_ = std::move(layout);
  writer_ = std::move(writer);
  reads_.emplace(writer_->session());
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ReadTransaction>> HostStore::BeginRead() {
  if (writer_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  absl::StatusOr<ConnectionTurn::Hold> turn = turn_.Take(ConnectionTurn::kRead);
  if (!turn.ok()) return turn.status();
  auto transaction = std::make_unique<HostReadTransaction>(*reads_, *std::move(turn));
  if (absl::Status status = transaction->Begin(); !status.ok()) return status;
  // BEGIN alone takes no snapshot; the first read does.
  if (absl::Status status = writer_->JournalTail().status(); !status.ok()) return status;
  return transaction;
}

absl::StatusOr<std::unique_ptr<WriteTransaction>> HostStore::BeginWrite() {
  if (writer_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  if (ReadOnly()) return Fault(absl::StatusCode::kPermissionDenied, "read-only");
  absl::StatusOr<ConnectionTurn::Hold> turn = turn_.Take(ConnectionTurn::kWrite);
  if (!turn.ok()) return turn.status();
  auto transaction =
      std::make_unique<WriterTransaction<ConnectionTurn::Hold>>(*writer_, *std::move(turn));
  if (absl::Status status = transaction->Begin(); !status.ok()) return status;
  return transaction;
}

absl::StatusOr<bool> HostStore::EraseTraces() {
  if (writer_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  if (ReadOnly()) return Fault(absl::StatusCode::kPermissionDenied, "read-only");
  absl::StatusOr<ConnectionTurn::Hold> turn = turn_.Take(ConnectionTurn::kWrite);
  if (!turn.ok()) return turn.status();
  return writer_->EraseTraces();
}

absl::StatusOr<int64_t> HostStore::LastSeq() {
  if (writer_ == nullptr) return Fault(absl::StatusCode::kFailedPrecondition, "not open");
  absl::StatusOr<ConnectionTurn::Hold> turn = turn_.Take(ConnectionTurn::kRead);
  if (!turn.ok()) return turn.status();
  absl::StatusOr<ReadTransaction::Tail> tail = writer_->JournalTail();
  if (!tail.ok()) return tail.status();
  return tail->seq;
}

bool IsPrefix(std::string_view prefix) {
  if (prefix.empty() || prefix.size() > kMaxPrefix || prefix.starts_with("sqlite_")) return false;
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (const char c : prefix) {
    if (!is_part(c)) return false;
  }
  return prefix[0] < '0' || prefix[0] > '9';
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> NewSqliteHostStore(SqliteHostOptions options) {
  if (options.connection == nullptr) return InvalidField("connection", "is missing");
  if (options.libversion == nullptr) return InvalidField("libversion", "is missing");
  if (!IsPrefix(options.prefix)) {
    return InvalidField("prefix", "is not [a-z_][a-z0-9_]*, or longer than 32, or SQLite's own");
  }
  if (options.libversion != &sqlite3_libversion) {
    return absl::FailedPreconditionError(
        std::string("libversion: the connection is of another copy of SQLite (") +
        options.libversion() + ") than this library uses (" + sqlite3_libversion() +
        "); two copies in one process damage files: link both with the same shared library");
  }
  return std::make_unique<HostStore>(std::move(options));
}

}  // namespace throughline
