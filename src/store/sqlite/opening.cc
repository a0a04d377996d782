#include "store/sqlite/opening.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/file.h"
#include "store/sqlite/layout.h"
#include "throughline/sqlite_store.h"

namespace throughline {
namespace {

enum class Content { kEmpty, kLedger };

absl::Status NoLedger(const Connection& connection) {
  return PathStatus(absl::StatusCode::kNotFound, connection.path(), "empty, no ledger in it");
}

absl::Status NotADatabase(const Connection& connection) {
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(),
                    "not a ledger: not a database");
}

absl::Status CheckPath(const SqliteOptions& options, bool create) {
  if (create && !options.read_only) {
    // A folder of that name is refused below.
    if (absl::Status status = CreatePrivateFile(options.path); !status.ok()) return status;
  }
  absl::StatusOr<FileKind> kind = KindOfFile(options.path);
  if (!kind.ok()) return kind.status();
  switch (*kind) {
    case FileKind::kMissing:
      return PathStatus(absl::StatusCode::kNotFound, options.path, "no such file");
    case FileKind::kFolder:
      return PathStatus(absl::StatusCode::kFailedPrecondition, options.path,
                        "not a ledger: a folder");
    case FileKind::kOther:
      return PathStatus(absl::StatusCode::kFailedPrecondition, options.path,
                        "not a ledger: not a regular file");
    case FileKind::kRegular:
      break;
  }
  return CheckAccess(options.path, !options.read_only);
}

// SQLite takes a file of one byte for an empty one.
absl::StatusOr<Content> InspectEmpty(const Connection& connection) {
  absl::StatusOr<int64_t> size = SizeOfFile(connection.path());
  if (!size.ok()) return size.status();
  if (*size != 1) return Content::kEmpty;
  return NotADatabase(connection);
}

// In a transaction, so that all is seen at one time.
absl::StatusOr<Content> Inspect(Connection& connection, int known_version) {
  absl::StatusOr<int64_t> application = connection.QueryInteger("PRAGMA application_id");
  if (!application.ok()) return application.status();
  absl::StatusOr<int64_t> version = connection.QueryInteger("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (*application == kApplicationId) {
    absl::Status status = CheckVersion(connection, *version, known_version);
    if (!status.ok()) return status;
    return Content::kLedger;
  }
  absl::StatusOr<int64_t> tables = connection.QueryInteger("SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.status();
  if (*application == 0 && *version == 0 && *tables == 0) return InspectEmpty(connection);
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(),
                    "not a ledger: the SQLite database of another application");
}

// A rollback journal waits to be played back, which the connection may not do. Ledgers have none,
// but for the moment of their creation, when the file has a page at most.
absl::StatusOr<Content> InspectInterrupted(const Connection& connection) {
  absl::StatusOr<int64_t> size = SizeOfFile(connection.path());
  if (!size.ok()) return size.status();
  if (*size <= kPageBytes) return Content::kEmpty;
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(),
                    "not a ledger: a database that another application left in mid-change");
}

absl::StatusOr<Content> Probe(Connection& connection, int known_version) {
  if (absl::Status status = connection.Execute("BEGIN"); !status.ok()) return status;
  absl::StatusOr<Content> content = Inspect(connection, known_version);
  const int code = sqlite3_extended_errcode(connection.handle());
  if (connection.InTransaction()) connection.Execute("ROLLBACK").IgnoreError();
  if (content.ok()) return content;
  if (code == SQLITE_READONLY_ROLLBACK) return InspectInterrupted(connection);
  if (code == SQLITE_NOTADB) return NotADatabase(connection);
  return content;
}

absl::Status CreateTables(Connection& writer, const Layout& layout) {
  for (const std::string& sql : layout.CreateSql()) {
    if (absl::Status status = writer.Execute(sql.c_str()); !status.ok()) return status;
  }
  const std::string mark = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                           "; PRAGMA user_version=" + std::to_string(layout.schema().version);
  return writer.Execute(mark.c_str());
}

// SQLite does not wait for another connection that is switching as well: it is locked at once.
absl::Status SwitchToWal(Connection& writer, int busy_timeout_ms) {
  constexpr int kStepMs = 2;
  absl::Status status = writer.Execute("PRAGMA journal_mode=WAL");
  for (int waited = 0; absl::IsUnavailable(status) && waited < busy_timeout_ms; waited += kStepMs) {
    sqlite3_sleep(kStepMs);
    status = writer.Execute("PRAGMA journal_mode=WAL");
  }
  return status;
}

// Makes an empty database into a ledger, unless somebody else just did.
absl::Status Initialise(Connection& writer, const Layout& layout, int busy_timeout_ms) {
  const std::string page_size = "PRAGMA page_size=" + std::to_string(kPageBytes);
  absl::Status status = writer.Execute(page_size.c_str());
  if (status.ok()) status = SwitchToWal(writer, busy_timeout_ms);
  if (status.ok()) status = writer.Execute("BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  absl::StatusOr<Content> content = Inspect(writer, layout.schema().version);
  status = content.status();
  if (status.ok() && *content == Content::kEmpty) status = CreateTables(writer, layout);
  if (status.ok()) status = writer.Execute("COMMIT");
  if (!status.ok() && writer.InTransaction()) writer.Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::StatusOr<std::unique_ptr<Connection>> OpenWriter(const SqliteOptions& options) {
  absl::StatusOr<std::unique_ptr<Connection>> writer =
      Connection::Open(options, Connection::kReadWrite);
  if (!writer.ok()) return writer;
  // SQLite falls back to reading where it may not write.
  if (sqlite3_db_readonly((*writer)->handle(), "main") != 0) {
    return PathStatus(absl::StatusCode::kPermissionDenied, options.path, "cannot write to it");
  }
  absl::Status status = (*writer)->Tune(options, Connection::kReadWrite);
  if (!status.ok()) return status;
  return writer;
}

absl::Status RequireWal(Connection& writer) {
  absl::StatusOr<std::string> mode = writer.QueryText("PRAGMA journal_mode=WAL");
  if (!mode.ok()) return mode.status();
  if (*mode == "wal") return absl::OkStatus();
  return PathStatus(absl::StatusCode::kFailedPrecondition, writer.path(),
                    "its file system cannot hold a write-ahead log (SQLite mode " + *mode + ")");
}

}  // namespace

absl::Status CheckVersion(const Connection& connection, int64_t found, int known) {
  if (found == known) return absl::OkStatus();
  const bool newer = found > known;
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(),
                    std::string("a ledger of a") + (newer ? " newer" : "n older") + " version (" +
                        std::to_string(found) + "; this library reads " + std::to_string(known) +
                        ")");
}

absl::StatusOr<OpenedFile> OpenFile(const SqliteOptions& options, const Layout& layout,
                                    bool create) {
  if (absl::Status status = CheckPath(options, create); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Connection>> reader =
      Connection::Open(options, Connection::kReadOnly);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Content> content = Probe(**reader, layout.schema().version);
  if (!content.ok()) return content.status();
  if (*content == Content::kEmpty && (!create || options.read_only)) return NoLedger(**reader);
  OpenedFile opened;
  if (!options.read_only) {
    absl::StatusOr<std::unique_ptr<Connection>> writer = OpenWriter(options);
    if (!writer.ok()) return writer.status();
    absl::Status status = *content == Content::kEmpty
                              ? Initialise(**writer, layout, options.busy_timeout_ms)
                              : absl::OkStatus();
    if (status.ok()) status = RequireWal(**writer);
    if (!status.ok()) return status;
    opened.writer = *std::move(writer);
  }
  absl::Status status = (*reader)->Tune(options, Connection::kReadOnly);
  if (!status.ok()) return status;
  opened.reader = *std::move(reader);
  return opened;
}

}  // namespace throughline
