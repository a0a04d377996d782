#include "ledger/journal_stream.h"

#include <string>
#include <utility>

#include "model/codec.h"

namespace throughline {

CommitHead HeadOf(const JournalEntry& entry) {
  return {entry.seq,
          AccountId{entry.account},
          entry.version,
          Time{entry.recorded_at},
          OwnerId{entry.actor},
          entry.policy,
          std::string(entry.request)};
}

absl::StatusOr<Commit> CommitOf(const JournalEntry& entry) {
  absl::StatusOr<std::vector<Event>> events = DecodeEvents(entry.events);
  if (!events.ok()) return events.status();
  return Commit{HeadOf(entry), *std::move(events)};
}

absl::Status VisitRecorded(const CommitHead& head, std::string_view events,
                           const std::function<void(const RecordedEvent&)>& visit) {
  RecordedEvent recorded;
  recorded.stream = head.account;
  recorded.version = head.version;
  recorded.recorded_at = head.recorded_at;
  int64_t ordinal = 0;
  return VisitEvents(events, [&](const Event& event) {
    recorded.id = EventId::Of(head.seq, ordinal++);
    recorded.actor = ActorOf(head.actor, event);
    recorded.event = event;
    visit(recorded);
    return true;
  });
}

absl::Status VisitStream(ReadTransaction& transaction, AccountId account,
                         const std::function<void(const RecordedEvent&)>& visit,
                         const std::function<void(const CommitHead&)>& on_commit) {
  absl::Status damage;
  const absl::Status status = transaction.ReadStream(
      account.value, 0, /*descending=*/false, [&](const JournalEntry& entry) {
        const CommitHead head = HeadOf(entry);
        if (on_commit) on_commit(head);
        damage = VisitRecorded(head, entry.events, visit);
        return damage.ok();
      });
  return status.ok() ? damage : status;
}

absl::StatusOr<std::vector<RecordedEvent>> ReadHistory(ReadTransaction& transaction,
                                                       AccountId account) {
  std::vector<RecordedEvent> history;
  const absl::Status status = VisitStream(
      transaction, account, [&](const RecordedEvent& event) { history.push_back(event); });
  if (!status.ok()) return status;
  return history;
}

}  // namespace throughline
