#ifndef THROUGHLINE_BENCH_RAW_SQLITE_H_
#define THROUGHLINE_BENCH_RAW_SQLITE_H_

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "throughline/event.h"

// The peer to beat: sqlite3 code as a good programmer would write it by hand, with prepared
// statements, on the same tables and indexes, with a row per event in place of a journal of
// commits.

namespace throughline {

class RawStatement {
 public:
  RawStatement(sqlite3* db, const char* sql);
  ~RawStatement();
  RawStatement(const RawStatement&) = delete;
  RawStatement& operator=(const RawStatement&) = delete;

  RawStatement& Int(int column, int64_t value);
  RawStatement& IntOrNull(int column, int64_t value);  // 0 is NULL
  RawStatement& Null(int column);
  RawStatement& Text(int column, std::string_view value);
  bool Step();  // true: a row is there
  void Run();   // to the end, and ready for the next use
  void Reset();
  int64_t IntAt(int column) const;
  bool IsNullAt(int column) const;
  std::string_view TextAt(int column) const;
  std::string_view BlobAt(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
};

// A database with the tables of a ledger and the table `event`, that it keeps up to date by itself.
class RawLedger {
 public:
  // Turns a ledger's file, closed, into a raw one.
  RawLedger(const std::string& path, bool full_sync, const char* vfs = nullptr);
  ~RawLedger();
  RawLedger(const RawLedger&) = delete;
  RawLedger& operator=(const RawLedger&) = delete;

  void Begin();
  void Commit();

  // A lead's stage, by hand: read where it stands, write the event, update lead and account.
  void MoveLead(int64_t lead, int64_t to_stage, int64_t at);

  // Writes the event's row and updates what follows from it.
  void Apply(int64_t account, const Event& event);

  sqlite3* db() { return db_; }

 private:
  struct Statements;
  struct Follower;

  void InsertEvent(int64_t account, const Event& event);

  sqlite3* db_ = nullptr;
  Statements* s_ = nullptr;
  int64_t seq_ = 0;
  int64_t now_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_RAW_SQLITE_H_
