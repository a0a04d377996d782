#ifndef THROUGHLINE_SQLITE_HOST_STORE_H_
#define THROUGHLINE_SQLITE_HOST_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "throughline/store.h"

struct sqlite3;  // <sqlite3.h>

namespace throughline {

// Whose connection a store is on, and where in its database.
struct SqliteHostOptions {
  // The host's connection; the ledger's tables are in its database "main".
  sqlite3* connection = nullptr;

  // &sqlite3_libversion of the SQLite that opened the connection.
  const char* (*libversion)() = nullptr;

  // What the names of all tables and indexes begin with: [a-z_][a-z0-9_]*, at most 32 characters,
  // not "sqlite_". Another prefix is another ledger in the same database. To the host the tables
  // are for reading.
  std::string prefix = "throughline_";
};

// A store inside the host's own SQLite database, on the host's connection, so that the host's rows
// and a commit of the ledger stand or fall together.
//
// Transactions. If the host is in a transaction, a write of this store is a savepoint in it: it is
// released if the write succeeds and rolled back to if it does not, and what happens to it after
// that is the host's decision. A ROLLBACK of the host, or of a savepoint around the write, takes
// the write back; its seq and ids are given out again, and the ledger notices. Reads then see the
// transaction as it stands. If the host is in no transaction, every write is a transaction of its
// own (BEGIN IMMEDIATE), and every read one that lasts as long as the read.
//
// What the ledger tells of a commit while the host's transaction is open (receipts, commit
// callbacks, WaitForCommits, a Snapshot) is what the host may still roll back. As with statements
// of the host's own, some errors (a full disk, an I/O error, an interrupt) make SQLite roll back
// the whole transaction: sqlite3_get_autocommit() tells. UNAVAILABLE in a transaction that began
// with reading may mean that another connection has committed since: roll back and begin again.
//
// Ownership. The connection stays the host's: it is never closed, and its pragmas, hooks, busy
// handler and limits are used as they are, so durability is the host's choice. But PRAGMA
// secure_delete is switched on: without it, erased personal data would be left in free pages of the
// file. Store::EraseTraces waits as the busy handler does, and is not done inside a transaction.
// The store must be deleted before the connection is closed. sqlite3_last_insert_rowid() is left as
// it was; sqlite3_changes() and sqlite3_errmsg() are not.
//
// Threads. One at a time for everything on the connection, the host's statements as well as this
// store and its ledger. Calls of the ledger take turns by themselves, but they do not know of the
// host's. Who follows the change feed from another thread opens the ledger once more, on a
// connection of its own: there is at most one open store per connection and prefix.
//
// Beside what store.h says: on one connection nothing can be read as it was before a write. A
// transaction of the store that is begun in the thread that has one open already, of which one
// writes, is FAILED_PRECONDITION. A ReadTransaction that is held (by users of Ledger::store()) must
// be ended before a command is executed, and before the host begins or ends a transaction.
//
// NewSqliteHostStore answers INVALID_ARGUMENT for a fault in the options, and FAILED_PRECONDITION
// if the connection is of another copy of SQLite than the one that this library is linked with: two
// copies in one process damage files. Store::Open answers
//   NOT_FOUND            no ledger with this prefix (and not told to create it)
//   FAILED_PRECONDITION  a ledger of another version of the schema; the names are taken by
//                        something else; a database that is not in UTF-8; already open, by
//                        this store or another one on the connection
//   PERMISSION_DENIED    read-only, or an authorizer of the host said no
//   UNAVAILABLE          locked by another connection
// A ledger that was created in a transaction of the host which was rolled back is gone: everything
// is FAILED_PRECONDITION then, and the store is to be deleted.
absl::StatusOr<std::unique_ptr<Store>> NewSqliteHostStore(SqliteHostOptions options);

}  // namespace throughline

#endif  // THROUGHLINE_SQLITE_HOST_STORE_H_
