#include "ledger/account_history.h"

#include <algorithm>
#include <utility>

#include "core/fold.h"
#include "ledger/journal_stream.h"

namespace throughline {

void AccountHistory::Bind(AccountId account, bool is_new) {
  accounts_ = {account};
  if (is_new) facts_.emplace();
}

void AccountHistory::SetAccounts(const std::vector<AccountId>& accounts) {
  if (accounts == accounts_) return;
  accounts_ = accounts;
  events_.reset();
  facts_.reset();
}

absl::StatusOr<std::vector<RecordedEvent>> AccountHistory::Read() {
  std::vector<RecordedEvent> events;
  const auto add = [&](const RecordedEvent& event) { events.push_back(event); };
  for (const AccountId account : accounts_) {
    absl::Status status = VisitStream(store_, account, add);
    status.Update(pending_.Visit(account, add));
    if (!status.ok()) return status;
  }
  if (accounts_.size() > 1) std::ranges::sort(events, {}, &RecordedEvent::id);
  return events;
}

absl::StatusOr<const StreamFacts*> AccountHistory::Facts() {
  if (facts_) return &*facts_;
  StreamFacts facts;
  for (const AccountId account : accounts_) {
    absl::Status status = ReadStreamFacts(store_, account, facts);
    status.Update(pending_.Visit(account, [&](const RecordedEvent& event) {
      facts.Add(account, event.id.seq(), event.event);
    }));
    if (!status.ok()) return status;
  }
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
  if (facts_) facts_->Add(event.stream, event.id.seq(), event.event);
}

}  // namespace throughline
