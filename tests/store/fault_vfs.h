#ifndef THROUGHLINE_TESTS_STORE_FAULT_VFS_H_
#define THROUGHLINE_TESTS_STORE_FAULT_VFS_H_

#include <cstdint>
#include <string>

// A file system layer for SQLite that passes everything on to the default one, counts, and can be
// made to fail. Not for use by several stores at once if faults are set: they are process-wide.

namespace throughline::fault_vfs {

// Registers it, once; the name to give as SqliteOptions::vfs.
std::string Name();

struct Counts {
  int64_t log_syncs = 0;       // of write-ahead logs: with synchronous=FULL one per commit
  int64_t database_syncs = 0;  // of databases: by checkpoints
  int64_t log_writes = 0;
  int64_t database_writes = 0;
  int64_t reads = 0;  // of any file
};

Counts Counted();
void ResetCounts();

// Of any file, or of databases only.
enum class Operation { kWrite, kSync, kDatabaseWrite, kDatabaseSync };

// Lets the nth operation from now on, from 1, and all behind it fail with an SQLite result code
// (SQLITE_IOERR_WRITE, SQLITE_FULL ...). A failing write leaves half of its bytes in the file.
void FailFrom(int64_t nth, Operation operation, int code);

// Ends that. True if something has failed.
bool StopFailing();

}  // namespace throughline::fault_vfs

#endif  // THROUGHLINE_TESTS_STORE_FAULT_VFS_H_
