#include "ledger/pending_commits.h"

#include <span>
#include <utility>

#include "ledger/journal_stream.h"
#include "model/codec.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {

void PendingCommits::Open(LedgerTransaction& transaction, OwnerId actor) {
  if (!entries_.empty()) return;
  next_seq_ = transaction.next_seq();
  now_ = transaction.Now();
  actor_ = actor;
  policy_ = transaction.policy_version();
}

int64_t PendingCommits::events() const {
  int64_t events = 0;
  for (const Entry& entry : entries_) events += entry.count;
  return events;
}

size_t PendingCommits::bytes() const {
  size_t bytes = 0;
  for (const Entry& entry : entries_) bytes += entry.events.size();
  return bytes;
}

const PendingCommits::Entry* PendingCommits::Find(AccountId account) const {
  for (const Entry& entry : entries_) {
    if (entry.head.account == account) return &entry;
  }
  return nullptr;
}

EventId PendingCommits::NextEvent(AccountId account) const {
  const Entry* entry = Find(account);
  if (entry != nullptr) return EventId::Of(entry->head.seq, entry->count);
  return EventId::Of(next_seq_ + std::ssize(entries_), 0);
}

const AccountId* PendingCommits::StreamOf(int64_t seq) const {
  for (const Entry& entry : entries_) {
    if (entry.head.seq == seq) return &entry.head.account;
  }
  return nullptr;
}

PendingCommits::Entry& PendingCommits::EntryFor(AccountId account, int64_t version) {
  if (const Entry* known = Find(account)) return entries_[known - entries_.data()];
  const int64_t place = std::ssize(entries_);
  Entry& entry = entries_.emplace_back();
  entry.head.seq = next_seq_ + place;
  entry.head.account = account;
  entry.head.version = version + 1;
  entry.head.recorded_at = Time{now_.micros + place};
  entry.head.actor = actor_;
  entry.head.policy = policy_;
  return entry;
}

absl::StatusOr<const RecordedEvent*> PendingCommits::Add(AccountId account, int64_t version,
                                                         Event&& event) {
  Entry& entry = EntryFor(account, version);
  if (entry.count >= static_cast<int64_t>(kMaxEventsPerCommit)) {
    return absl::ResourceExhaustedError("more events than a commit can hold");
  }
  recorded_.actor = ActorOf(entry.head.actor, event);
  if (event.actor == entry.head.actor) event.actor = {};
  AppendEvents(std::span<const Event>(&event, 1), entry.events);
  recorded_.id = EventId::Of(entry.head.seq, entry.count++);
  recorded_.stream = account;
  recorded_.version = entry.head.version;
  recorded_.recorded_at = entry.head.recorded_at;
  recorded_.event = std::move(event);
  return &recorded_;
}

absl::Status PendingCommits::Visit(AccountId account,
                                   const std::function<void(const RecordedEvent&)>& visit) const {
  const Entry* entry = Find(account);
  if (entry == nullptr) return absl::OkStatus();
  return VisitRecorded(entry->head, entry->events, visit);
}

absl::Status PendingCommits::Append(LedgerTransaction& transaction, std::string_view request) {
  absl::Status status;
  for (Entry& entry : entries_) {
    if (&entry == &entries_.front()) entry.head.request = std::string(request);
    if (status = transaction.Append(entry.head, entry.events); !status.ok()) break;
  }
  entries_.clear();
  return status;
}

}  // namespace throughline
