#include "store/sqlite/session.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/fixed_array.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/scan_plan.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {
namespace {

constexpr size_t kMaxChoices = 32;

// The current row of a statement, as long as it stays there.
class RowView {
 public:
  RowView(Statement& statement, const TableSchema& table, uint64_t wanted = kAllColumns)
      : values_(table.columns.size()) {
    for (size_t i = 0; i < values_.size(); ++i) {
      if ((wanted >> i & 1) == 0) continue;
      values_[i] = statement.Column(static_cast<int>(i), table.columns[i]);
    }
  }
  std::span<const Value> values() const { return {values_.data(), values_.size()}; }

 private:
  absl::FixedArray<Value, kMaxColumns> values_;
};

JournalEntry EntryOf(Statement& statement) {
  JournalEntry entry;
  entry.seq = statement.Integer(0);
  entry.account = statement.Integer(1);
  entry.version = statement.Integer(2);
  entry.recorded_at = statement.Integer(3);
  entry.actor = statement.Integer(4);
  entry.policy = statement.Integer(5);
  entry.request = statement.Bytes(6);
  entry.events = statement.Bytes(7);
  return entry;
}

}  // namespace

absl::Status Session::Run(StatementSlot& slot, std::string_view sql) {
  absl::StatusOr<StatementUse> use = connection_->Use(slot, [&] { return sql; });
  if (!use.ok()) return use.status();
  const int code = (*use)->Step();
  return code == SQLITE_DONE ? absl::OkStatus() : connection_->Error(code);
}

absl::Status Session::RunCommit(StatementSlot& slot) {
  absl::StatusOr<StatementUse> use = connection_->Use(slot, [] { return "COMMIT"; });
  if (!use.ok()) return use.status();
  const int code = (*use)->Step();
  return code == SQLITE_DONE ? absl::OkStatus() : connection_->CommitError(code);
}

absl::Status Session::BeginRead() {
  if (!end_) {
    absl::StatusOr<Statement> prepared = connection_->Prepare("COMMIT");
    if (!prepared.ok()) return prepared.status();
    end_ = *std::move(prepared);
  }
  if (absl::Status status = Run(begin_, "BEGIN"); !status.ok()) return status;
  // BEGIN alone takes no snapshot; the first read does.
  absl::Status status = JournalTail().status();
  if (!status.ok()) EndRead();
  return status;
}

bool Session::EndRead() noexcept {
  if (!connection_->InTransaction()) return true;
  const int code = end_.Step();
  end_.Reset();
  return code == SQLITE_DONE;
}

absl::StatusOr<bool> Session::Get(TableNumber table, std::span<const Value> key, StoredRow& row) {
  if (absl::Status status = CheckKey(layout_.schema(), table, key); !status.ok()) return status;
  absl::StatusOr<StatementUse> use =
      connection_->Use(gets_[static_cast<size_t>(table)], [&] { return layout_.GetSql(table); });
  if (!use.ok()) return use.status();
  const TableSchema& schema = layout_.table(table);
  Statement& statement = **use;
  for (size_t i = 0; i < key.size(); ++i) {
    statement.Bind(static_cast<int>(i) + 1, key[i], schema.columns[i].type);
  }
  const int code = statement.Step();
  if (code == SQLITE_DONE) return false;
  if (code != SQLITE_ROW) return connection_->Error(code);
  row.Assign(RowView(statement, schema).values());
  return true;
}

absl::Status Session::ScanRows(const Scan& scan, const RowVisitor& visitor) {
  if (absl::Status status = CheckScan(layout_.schema(), scan); !status.ok()) return status;
  bool more = true;
  for (const Range& range : PlanScan(layout_, scan)) {
    if (absl::Status status = VisitRange(range, scan.wanted, visitor, more);
        !status.ok() || !more) {
      return status;
    }
  }
  return absl::OkStatus();
}

// Choices of columns can be many: only the first ones keep their statements.
StatementSlot& Session::SlotOf(const RangeForm& form, uint64_t wanted, StatementSlot& once) {
  if (wanted == kAllColumns) return ranges_[form.Key()];
  const std::pair key(form.Key(), wanted);
  const auto at = choices_.find(key);
  if (at != choices_.end()) return at->second;
  return choices_.size() < kMaxChoices ? choices_[key] : once;
}

absl::Status Session::VisitRange(const Range& range, uint64_t wanted, const RowVisitor& visitor,
                                 bool& more) {
  const RangeForm& form = range.form;
  StatementSlot once;
  absl::StatusOr<StatementUse> use =
      connection_->Use(SlotOf(form, wanted, once), [&] { return layout_.RangeSql(form, wanted); });
  if (!use.ok()) return use.status();
  const TableSchema& schema = layout_.table(form.table);
  const std::vector<int>& order = layout_.Order(form.table, form.index);
  Statement& statement = **use;
  for (size_t i = 0; i < range.values.size(); ++i) {
    // Both bounds are of the column behind the fixed ones.
    const int column = order[std::min(i, static_cast<size_t>(form.fixed))];
    statement.Bind(static_cast<int>(i) + 1, *range.values[i],
                   schema.columns[static_cast<size_t>(column)].type);
  }
  int code = SQLITE_ROW;
  while (more && (code = statement.Step()) == SQLITE_ROW) {
    more = visitor(RowView(statement, schema, wanted).values());
  }
  assert(sqlite3_stmt_status(statement.get(), SQLITE_STMTSTATUS_SORT, 0) == 0);
  return code == SQLITE_ROW || code == SQLITE_DONE ? absl::OkStatus() : connection_->Error(code);
}

absl::Status Session::VisitEntries(StatementUse use, const JournalVisitor& visitor,
                                   int64_t& visited) {
  for (;;) {
    const int code = use->Step();
    if (code == SQLITE_DONE) return absl::OkStatus();
    if (code != SQLITE_ROW) return connection_->Error(code);
    ++visited;
    if (!visitor(EntryOf(*use))) return absl::OkStatus();
  }
}

absl::Status Session::ReadJournal(int64_t after, const JournalVisitor& visitor) {
  absl::StatusOr<StatementUse> use =
      connection_->Use(read_journal_, [&] { return layout_.ReadJournalSql(); });
  if (!use.ok()) return use.status();
  (*use)->BindInteger(1, after);
  int64_t visited = 0;
  return VisitEntries(*std::move(use), visitor, visited);
}

absl::Status Session::ReadStream(int64_t account, int64_t after, bool descending,
                                 const JournalVisitor& visitor) {
  absl::StatusOr<StatementUse> use =
      connection_->Use(descending ? read_stream_back_ : read_stream_,
                       [&] { return layout_.ReadStreamSql(descending); });
  if (!use.ok()) return use.status();
  int64_t bound = after;
  if (descending)
    bound = after == 0 ? std::numeric_limits<int64_t>::max() : std::max<int64_t>(after, 1) - 1;
  (*use)->BindInteger(1, account);
  (*use)->BindInteger(2, bound);
  int64_t visited = 0;
  return VisitEntries(*std::move(use), visitor, visited);
}

absl::StatusOr<bool> Session::ReadEntry(int64_t seq, const JournalVisitor& visitor) {
  absl::StatusOr<StatementUse> use =
      connection_->Use(read_entry_, [&] { return layout_.ReadEntrySql(); });
  if (!use.ok()) return use.status();
  (*use)->BindInteger(1, seq);
  int64_t visited = 0;
  absl::Status status = VisitEntries(*std::move(use), visitor, visited);
  if (!status.ok()) return status;
  return visited > 0;
}

absl::StatusOr<ReadTransaction::Tail> Session::JournalTail() {
  absl::StatusOr<StatementUse> use = connection_->Use(tail_, [&] { return layout_.TailSql(); });
  if (!use.ok()) return use.status();
  const int code = (*use)->Step();
  if (code == SQLITE_DONE) return ReadTransaction::Tail{};
  if (code != SQLITE_ROW) return connection_->Error(code);
  return ReadTransaction::Tail{(*use)->Integer(0), (*use)->Integer(1)};
}

}  // namespace throughline
