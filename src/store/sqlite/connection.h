#ifndef THROUGHLINE_STORE_SQLITE_CONNECTION_H_
#define THROUGHLINE_STORE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/statement.h"
#include "throughline/sqlite_store.h"

namespace throughline {

// One SQLite connection. For one thread at a time.
class Connection {
 public:
  enum Mode { kReadOnly, kReadWrite };

  // Opens an existing file. SQLite looks into it with the first statement only.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const SqliteOptions& options, Mode mode);

  // The connection of somebody else, who keeps it open: nothing about it is changed. `name` stands
  // for the path in messages.
  static std::unique_ptr<Connection> Borrow(sqlite3* db, std::string name);

  // Sets durability and memory. Reads the file.
  absl::Status Tune(const SqliteOptions& options, Mode mode);

  ~Connection() {
    if (owned_) sqlite3_close_v2(db_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements and drops their rows.
  absl::Status Execute(const char* sql);

  // The first column of the first row; 0 if there is none.
  absl::StatusOr<int64_t> QueryInteger(const char* sql);
  absl::StatusOr<std::string> QueryText(const char* sql);

  absl::StatusOr<Statement> Prepare(std::string_view sql);

  // The statement in `slot`, which `sql()` is prepared for on its first use.
  template <class Sql>
  absl::StatusOr<StatementUse> Use(StatementSlot& slot, const Sql& sql) {
    if (slot.in_use) return UseOwn(sql());
    if (!slot.statement) {
      absl::StatusOr<Statement> prepared = Prepare(sql());
      if (!prepared.ok()) return prepared.status();
      slot.statement = *std::move(prepared);
    }
    return StatementUse(slot);
  }

  // The last call's error. `code` is what it returned.
  absl::Status Error(int code, std::string_view what = {}) const;
  absl::Status CommitError(int code) const;

  bool InTransaction() const { return sqlite3_get_autocommit(db_) == 0; }
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return db_; }

 private:
  Connection(sqlite3* db, std::string path, bool owned)
      : db_(db), path_(std::move(path)), owned_(owned) {}

  absl::StatusOr<StatementUse> UseOwn(std::string_view sql);

  sqlite3* db_;
  std::string path_;
  bool owned_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_CONNECTION_H_
