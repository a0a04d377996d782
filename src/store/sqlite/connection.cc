#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/statement.h"
#include "throughline/sqlite_store.h"

namespace throughline {
namespace {

SqliteFailure FailureOf(sqlite3* db, const std::string& path, int code) {
  if (db == nullptr) return {path, code, 0, sqlite3_errstr(code)};
  const int newest = sqlite3_extended_errcode(db);
  // A host's connection may give the plain code only.
  if ((newest & 0xff) == code) code = newest;
  // A failed bind reports its code without going through the connection.
  const bool own = newest == code;
  return {path, code, sqlite3_system_errno(db), own ? sqlite3_errmsg(db) : sqlite3_errstr(code)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const SqliteOptions& options,
                                                             Mode mode) {
  const int flags = (mode == kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  // Made first: memory may run out, and what is open must be somebody's.
  std::unique_ptr<Connection> connection(new Connection(nullptr, options.path, /*owned=*/true));
  sqlite3*& db = connection->db_;
  const int code = sqlite3_open_v2(options.path.c_str(), &db, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (code != SQLITE_OK) return connection->Error(code, "cannot open");
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, options.busy_timeout_ms);
  // Nothing that stands in a file can run code.
  for (const int feature : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                            SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
    sqlite3_db_config(db, feature, 0, nullptr);
  }
  return connection;
}

std::unique_ptr<Connection> Connection::Borrow(sqlite3* db, std::string name) {
  return std::unique_ptr<Connection>(new Connection(db, std::move(name), /*owned=*/false));
}

absl::Status Connection::Tune(const SqliteOptions& options, Mode mode) {
  if (mode == kReadOnly) {
    const std::string mapped = std::to_string(options.mapped_bytes);
    return Execute(("PRAGMA cache_size=-4096; PRAGMA mmap_size=" + mapped).c_str());
  }
  std::string pragmas = "PRAGMA cache_size=-16384; PRAGMA secure_delete=ON;";
  pragmas += "PRAGMA journal_size_limit=16777216; PRAGMA synchronous=";
  pragmas += options.synchronous == SqliteOptions::kFull ? "FULL" : "NORMAL";
  return Execute(pragmas.c_str());
}

absl::Status Connection::Execute(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<int64_t> Connection::QueryInteger(const char* sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const int code = statement->Step();
  if (code == SQLITE_ROW) return statement->Integer(0);
  if (code == SQLITE_DONE) return 0;
  return Error(code);
}

absl::StatusOr<std::string> Connection::QueryText(const char* sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const int code = statement->Step();
  if (code == SQLITE_ROW) return std::string(statement->Bytes(0));
  if (code == SQLITE_DONE) return std::string();
  return Error(code);
}

absl::StatusOr<Statement> Connection::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return Error(code);
  return Statement(statement);
}

absl::StatusOr<StatementUse> Connection::UseOwn(std::string_view sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  return StatementUse(*std::move(statement));
}

absl::Status Connection::Error(int code, std::string_view what) const {
  return StatusOf(FailureOf(db_, path_, code), what);
}

absl::Status Connection::CommitError(int code) const {
  return CommitStatusOf(FailureOf(db_, path_, code));
}

}  // namespace throughline
