#ifndef THROUGHLINE_LEDGER_JOURNAL_STREAM_H_
#define THROUGHLINE_LEDGER_JOURNAL_STREAM_H_

#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "throughline/event.h"
#include "throughline/store.h"

// The journal's entries as commits and events.

namespace throughline {

CommitHead HeadOf(const JournalEntry& entry);
absl::StatusOr<Commit> CommitOf(const JournalEntry& entry);

// Calls `visit` with each event of one commit; the event is reused.
absl::Status VisitRecorded(const CommitHead& head, std::string_view events,
                           const std::function<void(const RecordedEvent&)>& visit);

// The same for an account's whole stream, oldest first. `on_commit` (may be null) sees each head
// before its events.
absl::Status VisitStream(ReadTransaction& transaction, AccountId account,
                         const std::function<void(const RecordedEvent&)>& visit,
                         const std::function<void(const CommitHead&)>& on_commit = nullptr);

absl::StatusOr<std::vector<RecordedEvent>> ReadHistory(ReadTransaction& transaction,
                                                       AccountId account);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_JOURNAL_STREAM_H_
