#ifndef THROUGHLINE_STORE_SQLITE_SESSION_H_
#define THROUGHLINE_STORE_SQLITE_SESSION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/scan_plan.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

// A connection that reads a ledger: the reads of a transaction, with statements prepared once. For
// one thread at a time.
class Session {
 public:
  Session(std::unique_ptr<Connection> connection, const Layout& layout)
      : connection_(std::move(connection)), layout_(layout), gets_(layout.schema().tables.size()) {}

  // Begins a transaction and takes its snapshot.
  absl::Status BeginRead();

  // Ends it. False if the connection is of no more use.
  bool EndRead() noexcept;

  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row);
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor);
  absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor);
  absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                          const JournalVisitor& visitor);
  absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor);
  absl::StatusOr<ReadTransaction::Tail> JournalTail();

  Connection& connection() const { return *connection_; }
  const Layout& layout() const { return layout_; }

  // Runs a statement without rows that is kept in `slot`.
  absl::Status Run(StatementSlot& slot, std::string_view sql);
  absl::Status RunCommit(StatementSlot& slot);

 private:
  // Adds to `more` whether the visitor wants more.
  absl::Status VisitRange(const Range& range, uint64_t wanted, const RowVisitor& visitor,
                          bool& more);
  StatementSlot& SlotOf(const RangeForm& form, uint64_t wanted, StatementSlot& once);
  absl::Status VisitEntries(StatementUse use, const JournalVisitor& visitor, int64_t& visited);

  std::unique_ptr<Connection> connection_;
  const Layout& layout_;
  std::vector<StatementSlot> gets_;                                 // by table
  std::unordered_map<uint64_t, StatementSlot> ranges_;              // by RangeForm::Key
  std::map<std::pair<uint64_t, uint64_t>, StatementSlot> choices_;  // by that and the columns
  StatementSlot begin_, tail_, read_journal_, read_entry_, read_stream_, read_stream_back_;
  Statement end_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_SESSION_H_
