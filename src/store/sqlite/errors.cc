#include "store/sqlite/errors.h"

#include <sqlite3.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace throughline {
namespace {

absl::StatusCode CodeOfErrno(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
      return absl::StatusCode::kNotFound;
    case ENOSPC:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::StatusCode CodeOfIoError(const SqliteFailure& failure) {
  switch (failure.code) {
    case SQLITE_IOERR_NOMEM:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
      return absl::StatusCode::kDataLoss;
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
      return absl::StatusCode::kUnavailable;
    default:
      return failure.system_errno == ENOSPC ? absl::StatusCode::kResourceExhausted
                                            : absl::StatusCode::kInternal;
  }
}

absl::StatusCode CodeOf(const SqliteFailure& failure) {
  switch (failure.code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return absl::StatusCode::kUnavailable;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_TOOBIG:
      return absl::StatusCode::kInvalidArgument;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kCancelled;
    case SQLITE_CANTOPEN:
      return CodeOfErrno(failure.system_errno);
    case SQLITE_IOERR:
      return CodeOfIoError(failure);
    default:
      return absl::StatusCode::kInternal;
  }
}

std::string_view Explain(const SqliteFailure& failure) {
  if (failure.code == SQLITE_BUSY_SNAPSHOT) {
    return "another connection has committed since the transaction began: begin it again";
  }
  switch (failure.code & 0xff) {
    case SQLITE_BUSY:
      return "locked by another connection";
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
      return "read-only";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "damaged";
    default:
      return {};
  }
}

}  // namespace

absl::Status PathStatus(absl::StatusCode code, std::string_view path, std::string_view what) {
  return {code, std::string(path).append(": ").append(what)};
}

absl::Status StatusOf(const SqliteFailure& failure, std::string_view what) {
  std::string message(what);
  for (const std::string_view part : {Explain(failure), std::string_view(failure.text)}) {
    if (part.empty()) continue;
    message.append(message.empty() ? "" : ": ").append(part);
  }
  message.append(" (SQLite ").append(std::to_string(failure.code)).append(")");
  return PathStatus(CodeOf(failure), failure.path, message);
}

absl::Status CommitStatusOf(const SqliteFailure& failure) {
  // A write or sync that failed may have left the whole commit in the log, where a crash before the
  // next commit would bring it back.
  if ((failure.code & 0xff) == SQLITE_IOERR && failure.code != SQLITE_IOERR_NOMEM) {
    return PathStatus(absl::StatusCode::kUnavailable, failure.path,
                      "commit: outcome unknown: " + failure.text + " (SQLite " +
                          std::to_string(failure.code) + ")");
  }
  return StatusOf(failure, "commit");
}

}  // namespace throughline
