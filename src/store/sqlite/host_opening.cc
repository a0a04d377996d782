#include "store/sqlite/host_opening.h"

#include <sqlite3.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/host_transaction.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/opening.h"
#include "store/sqlite/session.h"

namespace throughline {
namespace {

// The header of the file is the host's: the mark and the schema's version stand in a table of this
// name, in its one row.
constexpr char kMarkTable[] = "throughline";

enum class Found { kEmpty, kLedger };

absl::Status RefuseHost(const Connection& connection, const std::string& why) {
  return PathStatus(absl::StatusCode::kFailedPrecondition, connection.path(), why);
}

absl::Status CheckEncoding(Connection& connection) {
  absl::StatusOr<std::string> encoding = connection.QueryText("PRAGMA main.encoding");
  if (!encoding.ok()) return encoding.status();
  if (*encoding == "UTF-8") return absl::OkStatus();
  return RefuseHost(connection, "its encoding is " + *encoding + ", a ledger needs UTF-8");
}

// One of our names that stands in the database already; "" if there is none.
absl::StatusOr<std::string> FindTaken(Connection& connection, const Layout& layout) {
  std::string sql = "SELECT name FROM main.sqlite_master WHERE lower(name) IN (''";
  for (const std::string& name : layout.Names()) sql += ",'" + name + "'";
  return connection.QueryText((sql + ") LIMIT 1").c_str());
}

absl::StatusOr<int64_t> FindVersion(Connection& connection, const std::string& mark_table) {
  const std::string sql = "SELECT schema_version FROM \"" + mark_table +
                          "\" WHERE mark=" + std::to_string(kApplicationId);
  absl::StatusOr<int64_t> version = connection.QueryInteger(sql.c_str());
  const bool other_columns = (sqlite3_errcode(connection.handle()) & 0xff) == SQLITE_ERROR;
  if (version.ok() ? *version > 0 : !other_columns) return version;
  return RefuseHost(connection, "its table " + mark_table + " is not a ledger's");
}

absl::StatusOr<Found> LookForLedger(Connection& connection, const Layout& layout) {
  const std::string mark_table = layout.Named(kMarkTable);
  const std::string sql =
      "SELECT count(*) FROM main.sqlite_master WHERE lower(name)='" + mark_table + "'";
  absl::StatusOr<int64_t> marked = connection.QueryInteger(sql.c_str());
  if (!marked.ok()) return marked.status();
  if (*marked != 0) {
    absl::StatusOr<int64_t> version = FindVersion(connection, mark_table);
    if (!version.ok()) return version.status();
    absl::Status status = CheckVersion(connection, *version, layout.schema().version);
    if (!status.ok()) return status;
    return Found::kLedger;
  }
  absl::StatusOr<std::string> taken = FindTaken(connection, layout);
  if (!taken.ok()) return taken.status();
  if (taken->empty()) return Found::kEmpty;
  return RefuseHost(connection, "the name " + *taken + " is taken: choose another prefix");
}

absl::Status CreateHostTables(Connection& connection, const Layout& layout) {
  for (const std::string& sql : layout.CreateSql()) {
    if (absl::Status status = connection.Execute(sql.c_str()); !status.ok()) return status;
  }
  const std::string table = "\"" + layout.Named(kMarkTable) + "\"";
  const std::string mark = "CREATE TABLE " + table +
                           "(mark INTEGER NOT NULL, schema_version INTEGER NOT NULL);"
                           "INSERT INTO " +
                           table + " VALUES(" + std::to_string(kApplicationId) + "," +
                           std::to_string(layout.schema().version) + ")";
  return connection.Execute(mark.c_str());
}

// Makes the tables, unless somebody else just did.
absl::Status MakeLedger(Session& session) {
  HostTransaction transaction(session);
  if (absl::Status status = transaction.BeginWrite(); !status.ok()) return status;
  absl::StatusOr<Found> content = LookForLedger(session.connection(), session.layout());
  absl::Status status = content.status();
  if (status.ok() && *content == Found::kEmpty) {
    status = CreateHostTables(session.connection(), session.layout());
  }
  if (status.ok()) status = transaction.Commit();
  if (!status.ok()) transaction.Rollback();
  return status;
}

// The one setting of the host's that is not left alone: without it, personal data that was erased,
// or only replaced, would stay in free pages of the file.
absl::Status EraseForGood(Connection& connection) {
  return connection.Execute("PRAGMA main.secure_delete=ON");
}

}  // namespace

absl::Status OpenHostTables(Session& session, bool create) {
  Connection& connection = session.connection();
  HostTransaction reading(session);
  if (absl::Status status = reading.BeginRead(); !status.ok()) return status;
  absl::Status status = CheckEncoding(connection);
  absl::StatusOr<Found> content = absl::InternalError("not looked at");
  if (status.ok()) content = LookForLedger(connection, session.layout());
  reading.EndRead();
  if (!status.ok()) return status;
  if (!content.ok()) return content.status();
  if (*content == Found::kLedger) return EraseForGood(connection);
  if (create) {
    status = MakeLedger(session);
    return status.ok() ? EraseForGood(connection) : status;
  }
  return PathStatus(absl::StatusCode::kNotFound, connection.path(),
                    "no ledger with the prefix " + session.layout().Named("") + " in it");
}

}  // namespace throughline
