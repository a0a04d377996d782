#ifndef THROUGHLINE_STORE_H_
#define THROUGHLINE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The store waist: what a database must do to hold a ledger. A store knows tables, rows and a
// journal; it does not know what an event means. tests/store/conformance.h checks an
// implementation, docs/writing-a-store.md tells how to write one.

namespace throughline {

// One column of one row. Text and blob columns both carry a view; the column's type tells which it
// is. Views handed out by a store live as long as the callback (or `StoredRow`) that carries them;
// views handed to one are read during the call only. Text is any bytes, NUL included. A real column
// holds every double but NaN; -0.0 may come back as 0.0.
using Value = std::variant<std::monostate, int64_t, double, std::string_view>;

// What a column holds.
enum class ColumnType : uint8_t { kInteger, kReal, kText, kBlob };

// Names of columns, tables and indexes are [a-z][a-z0-9_]*.
struct ColumnSchema {
  std::string name;
  ColumnType type = ColumnType::kInteger;
  bool nullable = false;
};

// An ordered index over columns, given by their positions. The primary key is appended to it by the
// store as tie-breaker, so the order of every scan is total: null before everything, numbers by
// value, text and blobs by bytes. Rows whose first indexed column is null need not be kept in the
// index and are never found through it.
struct IndexSchema {
  std::string name;  // unique among all tables and indexes of the schema
  std::vector<int> columns;
};

// A table of a store.
struct TableSchema {
  std::string name;
  std::vector<ColumnSchema> columns;
  int key_columns = 1;  // the first n columns are the primary key; they are not nullable
  std::vector<IndexSchema> indexes;
  bool derived = true;  // false: primary data that cannot be rebuilt from the journal (the vault)
};

// The number of a table in the schema; stores address tables and indexes by position.
using TableNumber = int;
inline constexpr int kPrimaryKey = -1;  // in place of an index number: scan by primary key

inline constexpr size_t kMaxColumns = 64;                  // of a table
inline constexpr uint64_t kAllColumns = ~uint64_t{0};      // for Scan::wanted
inline constexpr size_t kMaxRowBytes = 256 * 1024 * 1024;  // of a row, and of a journal entry

// The tables of a store.
struct Schema {
  int version = 0;  // of the layout, > 0; grows with every change of a table
  std::vector<TableSchema> tables;
};

// One commit as the journal keeps it. That `seq`, `version` and `recorded_at` grow as said here is
// the caller's duty; a store only refuses a seq or version that is taken.
struct JournalEntry {
  int64_t seq = 0;           // > 0, strictly increasing in commit order; gaps are allowed
  int64_t account = 0;       // 0: the stream that belongs to no company
  int64_t version = 0;       // 1, 2, 3 ... without a gap, per account
  int64_t recorded_at = 0;   // microseconds since the Unix epoch, strictly increasing
  int64_t actor = 0;         // owner id; 0: none given
  int64_t policy = 0;        // version of the policy that decided
  std::string_view request;  // request id; may be empty
  std::string_view events;   // encoded events, docs/journal.proto
};

// An owned copy of a row, reusable to spare allocations.
class StoredRow {
 public:
  StoredRow() = default;
  StoredRow(const StoredRow& other) { Assign(other.values_); }
  StoredRow& operator=(const StoredRow& other) {
    Assign(other.values_);
    return *this;
  }
  StoredRow(StoredRow&&) = default;
  StoredRow& operator=(StoredRow&&) = default;

  // Copies the values and what they view, which may be this row's own.
  void Assign(std::span<const Value> values);
  std::span<const Value> values() const { return values_; }
  const Value& operator[](size_t i) const { return values_[i]; }

 private:
  std::vector<Value> values_;
  std::vector<char> bytes_;  // not a string: a move must leave the views valid
};

// A range of a table in the order of an index. A row's position there is all indexed columns, then
// all columns of the primary key (just these for kPrimaryKey). `prefix` fixes the leading columns
// of the position, null matching null; `after`, if not empty, is a full position: the scan starts
// strictly behind it, in the direction of the scan, whether or not a row stands there.
// `lower`/`upper` bound the column after the prefix, both inclusive; with either of them, rows
// whose column is null are left out.
struct Scan {
  TableNumber table = 0;
  int index = kPrimaryKey;
  std::span<const Value> prefix;
  std::span<const Value> after;
  Value lower;  // null: no bound
  Value upper;
  bool descending = false;

  // The columns that the visitor looks at, as bits 1 << position: the others may come as null. For
  // reading many rows of a wide table.
  uint64_t wanted = kAllColumns;
};

using RowVisitor = std::function<bool(std::span<const Value>)>;   // false ends the scan
using JournalVisitor = std::function<bool(const JournalEntry&)>;  // false ends the reading

// A consistent view of the store as of its beginning: it sees all transactions committed before,
// none committed after. For one thread at a time. Ends when deleted, which must happen before its
// store is. Visitors may read through the transaction that calls them, but not write; they may
// throw.
class ReadTransaction {
 public:
  virtual ~ReadTransaction() = default;

  // The row with this primary key: true and `row` filled, or false.
  virtual absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key,
                                   StoredRow& row) = 0;

  // Calls `visitor` with each row of the range, in order.
  virtual absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) = 0;

  // Journal entries with seq > after, oldest first.
  virtual absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) = 0;

  // Entries of one account's stream, oldest first, with version > after; or, descending, newest
  // first, with version < after, where `after` = 0 means from the newest.
  virtual absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                                  const JournalVisitor& visitor) = 0;

  // The entry with this seq: true and visited, or false.
  virtual absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) = 0;

  // The newest entry's seq and recorded_at; zeros in an empty journal.
  struct Tail {
    int64_t seq = 0;
    int64_t recorded_at = 0;
  };
  virtual absl::StatusOr<Tail> JournalTail() = 0;
};

// The one writer. What it wrote it also reads. Deleting it without Commit rolls back. At most one
// exists per store at a time: beginning a second one waits, without limit, until the first has
// committed or is deleted.
//
// A write that is ALREADY_EXISTS or INVALID_ARGUMENT was not done, and the transaction goes on.
// After any other error of a write it can only end: Commit returns that error, and nothing was
// written.
class WriteTransaction : public ReadTransaction {
 public:
  // Appends commits, in this order. INVALID_ARGUMENT if one is malformed: then none is appended.
  // ALREADY_EXISTS if the seq of one, or its account's version, is taken: those before it are.
  virtual absl::Status AppendAll(std::span<const JournalEntry> entries) = 0;
  absl::Status Append(const JournalEntry& entry) { return AppendAll(std::span(&entry, 1)); }

  // Inserts the row or replaces the one with its primary key. `row` has a value for every column.
  virtual absl::Status Put(TableNumber table, std::span<const Value> row) = 0;

  // Removes the row with this key; no error if there is none.
  virtual absl::Status Erase(TableNumber table, std::span<const Value> key) = 0;

  // Removes every row of a table.
  virtual absl::Status EraseAll(TableNumber table) = 0;

  // Writes a table anew. A database may keep copies of rows in places that it no longer uses: after
  // this, none is left there of the rows that were erased or replaced, in this transaction or any
  // before, but for what readers of earlier states need (Store::EraseTraces). Takes time in
  // proportion to the table.
  virtual absl::Status Rewrite(TableNumber table) = 0;

  // True if anybody but this store object committed since its last write transaction began: what
  // the caller keeps in memory of the store may be stale. True in the first transaction. May be
  // true without cause, if rarely.
  virtual bool ChangedByOthers() const = 0;

  // Makes everything durable as the store's options promise, and visible. After an error nothing
  // was written, except after UNAVAILABLE: then it is unknown. The transaction is over either way:
  // it can only be deleted.
  virtual absl::Status Commit() = 0;
};

// A database that holds one ledger. Thread-safe: any thread may begin transactions, and readers
// wait for no one.
//
// Errors of all operations: INVALID_ARGUMENT (what was given does not fit the schema or the
// limits), FAILED_PRECONDITION (not open), UNAVAILABLE (locked by another process beyond the
// time-out, or the outcome of a commit is unknown), RESOURCE_EXHAUSTED (disk or memory full),
// PERMISSION_DENIED (read-only), DATA_LOSS (damaged), INTERNAL. A store that failed stays usable if
// the cause goes away.
class Store {
 public:
  virtual ~Store() = default;

  // Opens or creates the tables; once, before anything else. `create`: make an empty store into a
  // ledger's; else NOT_FOUND if it is empty or missing. FAILED_PRECONDITION if it holds something
  // else, or another version of the schema. After an error nothing has changed, and it may be tried
  // again.
  virtual absl::Status Open(const Schema& schema, bool create) = 0;

  // A transaction that reads one state, or one that may write.
  virtual absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() = 0;
  virtual absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() = 0;

  // Makes sure that no file of the store holds what the tables rewritten by earlier transactions no
  // longer have. True if so. False: a reader, of any process, that began before may still need it;
  // to be called again when that has ended. Waits for no reader longer than a moment.
  virtual absl::StatusOr<bool> EraseTraces() = 0;

  // The newest seq that a new reader would see, 0 in an empty journal; cheap, for waiting on it.
  virtual absl::StatusOr<int64_t> LastSeq() = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_H_
