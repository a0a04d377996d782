#include "ledger/account_history.h"

#include <utility>

#include "core/fold.h"
#include "ledger/journal_stream.h"
#include "model/codec.h"

namespace throughline {

void AccountHistory::Bind(AccountId account, bool is_new) {
  account_ = account;
  if (is_new) facts_.emplace();
}

absl::StatusOr<std::vector<RecordedEvent>> AccountHistory::Read() {
  absl::StatusOr<std::vector<RecordedEvent>> events = ReadHistory(store_, account_);
  if (!events.ok()) return events;
  const absl::Status status =
      pending_.Visit(account_, [&](const RecordedEvent& event) { events->push_back(event); });
  if (!status.ok()) return status;
  return events;
}

absl::Status AccountHistory::ReadFacts() {
  facts_.emplace();
  absl::Status damage;
  const auto add = [&](int64_t seq, const Event& event) {
    if (event.fact != 0) facts_->emplace(event.fact, seq);
  };
  absl::Status status =
      store_.ReadStream(account_.value, 0, /*descending=*/false, [&](const JournalEntry& entry) {
        damage = VisitEvents(entry.events, [&](const Event& event) {
          add(entry.seq, event);
          return true;
        });
        return damage.ok();
      });
  status.Update(damage);
  if (!status.ok()) return status;
  return pending_.Visit(account_,
                        [&](const RecordedEvent& event) { add(event.id.seq(), event.event); });
}

absl::StatusOr<int64_t> AccountHistory::SeqOfFact(uint64_t fact) {
  if (!facts_) {
    if (absl::Status status = ReadFacts(); !status.ok()) return status;
  }
  const auto at = facts_->find(fact);
  return at == facts_->end() ? 0 : at->second;
}

absl::StatusOr<std::span<const RecordedEvent>> AccountHistory::Events() {
  if (!events_) {
    absl::StatusOr<std::vector<RecordedEvent>> events = Read();
    if (!events.ok()) return events.status();
    events_ = *std::move(events);
  }
  return std::span<const RecordedEvent>(*events_);
}

absl::StatusOr<std::vector<TouchFact>> AccountHistory::Touches() {
  if (events_) return Fold(*events_).touches;
  absl::StatusOr<std::vector<RecordedEvent>> events = Read();
  if (!events.ok()) return events.status();
  return Fold(*events).touches;
}

void AccountHistory::Added(const RecordedEvent& event) {
  if (events_) events_->push_back(event);
  if (facts_ && event.event.fact != 0) facts_->emplace(event.event.fact, event.id.seq());
}

}  // namespace throughline
