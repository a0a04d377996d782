#include "ledger/rebuild.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/fold.h"
#include "core/rows.h"
#include "ledger/account_group.h"
#include "ledger/account_rows.h"
#include "ledger/journal_stream.h"
#include "ledger/opened_entity.h"
#include "store/schema.h"

namespace throughline {
namespace {

absl::Status EraseDerived(WriteTransaction& store) {
  const std::vector<TableSchema>& tables = LedgerSchema().tables;
  for (TableNumber table = 0; table < std::ssize(tables); ++table) {
    if (!tables[table].derived || table == kTableOf<IdCounterRow>) continue;
    if (absl::Status status = store.EraseAll(table); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> LastAccount(ReadTransaction& store) {
  int64_t last = 0;
  const absl::Status status = store.ReadJournal(0, [&](const JournalEntry& entry) {
    last = std::max(last, entry.account);
    return true;
  });
  if (!status.ok()) return status;
  return last;
}

absl::Status RebuildAccount(LedgerTransaction& transaction, AccountId account) {
  absl::StatusOr<std::vector<RecordedEvent>> history = ReadHistory(transaction.store(), account);
  if (!history.ok()) return history.status();
  for (const RecordedEvent& event : *history) {
    const OpenedEntity opened = OpenedBy(event.event.payload);
    if (opened.id != 0) transaction.ids().RaiseTo(opened.kind, opened.id);
  }
  if (!MergedInHistory(*history).empty()) {
    absl::StatusOr<GroupHistory> group = ReadGroupHistory(transaction.store(), account);
    if (!group.ok()) return group.status();
    if (group->accounts.front() != account) return absl::OkStatus();  // done with the first
    history = std::move(group->events);
  }
  Rows rows = Fold(*history);
  return SaveChanges(transaction.store(), rows);
}

}  // namespace

absl::Status RebuildLedger(LedgerTransaction& transaction) {
  transaction.MarkWritten();
  absl::StatusOr<int64_t> last = LastAccount(transaction.store());
  if (!last.ok()) return last.status();
  absl::Status status = transaction.ReadCounters();
  status.Update(EraseDerived(transaction.store()));
  for (int64_t account = 0; status.ok() && account <= *last; ++account) {
    status = RebuildAccount(transaction, AccountId{account});
  }
  return status;
}

}  // namespace throughline
