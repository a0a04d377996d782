#include "store/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>

namespace throughline::fault_vfs {
namespace {

// One process-wide state, which threads may use while no fault is set or changed.
struct State {
  std::atomic<int64_t> log_syncs = 0;
  std::atomic<int64_t> database_syncs = 0;
  std::atomic<int64_t> log_writes = 0;
  std::atomic<int64_t> database_writes = 0;
  std::atomic<int64_t> reads = 0;
  std::atomic<int64_t> left = INT64_MAX;  // operations until the first failure
  std::atomic<Operation> failing = Operation::kWrite;
  std::atomic<int> code = SQLITE_OK;  // SQLITE_OK: nothing fails
  std::atomic<bool> failed = false;
};

State& TheState() {
  static State state;
  return state;
}

sqlite3_vfs* Default() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

// SQLite allocates szOsFile bytes: this, and the default layer's file right behind it.
struct File {
  sqlite3_file base;
  bool is_log;
};

sqlite3_file* Inner(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}

const sqlite3_io_methods* Methods(sqlite3_file* file) { return Inner(file)->pMethods; }

bool IsLog(sqlite3_file* file) { return reinterpret_cast<File*>(file)->is_log; }

// The code to fail with, or SQLITE_OK.
int Fault(Operation operation, Operation database_operation, bool is_log) {
  State& state = TheState();
  const int code = state.code;
  if (code == SQLITE_OK) return SQLITE_OK;
  if (state.failing != operation && (is_log || state.failing != database_operation)) {
    return SQLITE_OK;
  }
  if (--state.left > 0) return SQLITE_OK;
  state.failed = true;
  return code;
}

int Close(sqlite3_file* file) { return Methods(file)->xClose(Inner(file)); }

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  ++TheState().reads;
  return Methods(file)->xRead(Inner(file), out, size, offset);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  State& state = TheState();
  ++(IsLog(file) ? state.log_writes : state.database_writes);
  const int code = Fault(Operation::kWrite, Operation::kDatabaseWrite, IsLog(file));
  if (code == SQLITE_OK) return Methods(file)->xWrite(Inner(file), data, size, offset);
  Methods(file)->xWrite(Inner(file), data, size / 2, offset);
  return code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Methods(file)->xTruncate(Inner(file), size);
}

int Sync(sqlite3_file* file, int flags) {
  State& state = TheState();
  ++(IsLog(file) ? state.log_syncs : state.database_syncs);
  const int code = Fault(Operation::kSync, Operation::kDatabaseSync, IsLog(file));
  return code == SQLITE_OK ? Methods(file)->xSync(Inner(file), flags) : code;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Methods(file)->xFileSize(Inner(file), size);
}

int Lock(sqlite3_file* file, int level) { return Methods(file)->xLock(Inner(file), level); }
int Unlock(sqlite3_file* file, int level) { return Methods(file)->xUnlock(Inner(file), level); }

int CheckReservedLock(sqlite3_file* file, int* held) {
  return Methods(file)->xCheckReservedLock(Inner(file), held);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Methods(file)->xFileControl(Inner(file), operation, argument);
}

int SectorSize(sqlite3_file* file) { return Methods(file)->xSectorSize(Inner(file)); }

int DeviceCharacteristics(sqlite3_file* file) {
  return Methods(file)->xDeviceCharacteristics(Inner(file));
}

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return Methods(file)->xShmMap(Inner(file), region, size, extend, out);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Methods(file)->xShmLock(Inner(file), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) { Methods(file)->xShmBarrier(Inner(file)); }

int ShmUnmap(sqlite3_file* file, int remove) {
  return Methods(file)->xShmUnmap(Inner(file), remove);
}

// Version 2: shared memory, but no memory mapping of the database.
constexpr sqlite3_io_methods kMethods = {.iVersion = 2,
                                         .xClose = Close,
                                         .xRead = Read,
                                         .xWrite = Write,
                                         .xTruncate = Truncate,
                                         .xSync = Sync,
                                         .xFileSize = FileSize,
                                         .xLock = Lock,
                                         .xUnlock = Unlock,
                                         .xCheckReservedLock = CheckReservedLock,
                                         .xFileControl = FileControl,
                                         .xSectorSize = SectorSize,
                                         .xDeviceCharacteristics = DeviceCharacteristics,
                                         .xShmMap = ShmMap,
                                         .xShmLock = ShmLock,
                                         .xShmBarrier = ShmBarrier,
                                         .xShmUnmap = ShmUnmap,
                                         .xFetch = nullptr,
                                         .xUnfetch = nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  reinterpret_cast<File*>(file)->is_log = (flags & SQLITE_OPEN_WAL) != 0;
  std::memset(Inner(file), 0, static_cast<size_t>(Default()->szOsFile));
  const int code = Default()->xOpen(Default(), name, Inner(file), flags, out_flags);
  if (Inner(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

}  // namespace

std::string Name() {
  static constexpr char name[] = "throughline-fault";
  static sqlite3_vfs vfs = *Default();  // all that is not replaced takes the default's own data
  static std::once_flag registered;
  std::call_once(registered, [] {
    vfs.szOsFile = static_cast<int>(sizeof(File)) + Default()->szOsFile;
    vfs.zName = name;
    vfs.pNext = nullptr;
    vfs.xOpen = Open;
    sqlite3_vfs_register(&vfs, /*makeDflt=*/0);
  });
  return name;
}

Counts Counted() {
  const State& state = TheState();
  return {state.log_syncs, state.database_syncs, state.log_writes, state.database_writes,
          state.reads};
}

void ResetCounts() {
  State& state = TheState();
  state.log_syncs = state.database_syncs = state.log_writes = state.database_writes = 0;
  state.reads = 0;
}

void FailFrom(int64_t nth, Operation operation, int code) {
  State& state = TheState();
  state.left = nth;
  state.failing = operation;
  state.failed = false;
  state.code = code;
}

bool StopFailing() {
  State& state = TheState();
  state.code = SQLITE_OK;
  return state.failed;
}

}  // namespace throughline::fault_vfs
