#ifndef THROUGHLINE_SQLITE_STORE_H_
#define THROUGHLINE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "throughline/store.h"

namespace throughline {

// Where the file is, and how it is to be used.
struct SqliteOptions {
  // What a commit that was answered outlives.
  enum Synchronous {
    kFull,    // a commit returns once it is on the disk: it outlives a loss of power
    kNormal,  // a commit outlives the process; a loss of power may take the newest ones, in order
  };

  // --- Affects behaviour. ---

  // The file. Beside it, while it is open, after a crash and after reading only, stand <path>-wal
  // and <path>-shm: they are part of the ledger; never move or delete one without the others.
  std::string path;

  // Refuses write transactions and never changes the file. The folder must still be writable, or
  // another process have the ledger open, for SQLite's readers share memory through <path>-shm.
  bool read_only = false;

  Synchronous synchronous = kFull;

  // How long to wait for another process, in milliseconds, 0 or more, before UNAVAILABLE. Threads
  // of one store wait for one another without limit.
  int busy_timeout_ms = 5000;

  // --- Affects performance. ---

  // How many reader connections are kept open for the next transactions. More readers than this may
  // be active: each of them opens its own, which costs about a millisecond. 0..1024.
  int idle_readers = 8;

  // How much of the file readers may map into memory, in bytes, 0 or more; 0: none. What is mapped
  // is read without a call to the system, and shared by all readers. But where it is mapped an
  // error of the disk ends the process with SIGBUS instead of a status: 0 where that must not be.
  int64_t mapped_bytes = int64_t{2} << 30;

  // SQLite's name of the file system layer to use; empty: the default. For tests.
  std::string vfs;
};

// A store in an SQLite file, through the system's shared library. Does not touch the file: that is
// for Store::Open, which creates it if told to, readable by its owner only, and otherwise leaves a
// file that it refuses as it was. INVALID_ARGUMENT names the option; FAILED_PRECONDITION if SQLite
// was built without threads.
//
// Thread-safe as every store. Several stores, in one process or in many, may open one file; they
// take turns to write. A store must not be used across fork(). No threads of its own.
//
// Store::Open answers
//   NOT_FOUND            no such file or it is empty (and not told to create it); no such folder
//   FAILED_PRECONDITION  a folder or device; not a database; another application's database; a
//                        ledger of another version of the schema; already open
//   PERMISSION_DENIED    file or folder cannot be read or, unless read_only, written
//   UNAVAILABLE          locked by another process for longer than busy_timeout_ms
//   DATA_LOSS            a damaged ledger
//   RESOURCE_EXHAUSTED   no space for a new file, no memory
//
// The write-ahead log is kept below 16 MB, but for what one transaction writes, and as long as no
// reader stays in one transaction: then it grows until that reader ends.
absl::StatusOr<std::unique_ptr<Store>> NewSqliteStore(SqliteOptions options);

}  // namespace throughline

#endif  // THROUGHLINE_SQLITE_STORE_H_
