#include "ledger/account_history.h"

#include <utility>

#include "core/fold.h"
#include "ledger/journal_stream.h"

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

absl::StatusOr<const StreamFacts*> AccountHistory::Facts() {
  if (facts_) return &*facts_;
  StreamFacts facts;
  absl::Status status = ReadStreamFacts(store_, account_, facts);
  status.Update(pending_.Visit(account_, [&](const RecordedEvent& event) {
    facts.Add(account_, event.id.seq(), event.event);
  }));
  if (!status.ok()) return status;
  return &facts_.emplace(std::move(facts));
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
  if (facts_) facts_->Add(account_, event.id.seq(), event.event);
}

}  // namespace throughline
