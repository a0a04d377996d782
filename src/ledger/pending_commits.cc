#include "ledger/pending_commits.h"

#include <algorithm>
#include <span>
#include <utility>

#include "ledger/journal_stream.h"
#include "model/codec.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {

void PendingCommits::Open(LedgerTransaction& transaction, OwnerId actor) {
  if (closed_ < entries_.size()) return;
  now_ = transaction.Now();
  if (entries_.empty()) {
    next_seq_ = transaction.next_seq();
  } else {
    now_.micros = std::max(now_.micros, entries_.back().head.recorded_at.micros + 1);
  }
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

const PendingCommits::Entry* PendingCommits::FindOpen(AccountId account) const {
  for (size_t i = closed_; i < entries_.size(); ++i) {
    if (entries_[i].head.account == account) return &entries_[i];
  }
  return nullptr;
}

EventId PendingCommits::NextEvent(AccountId account) const {
  const Entry* entry = FindOpen(account);
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
  if (const Entry* known = FindOpen(account)) return entries_[known - entries_.data()];
  const int64_t place = std::ssize(entries_);
  Entry& entry = entries_.emplace_back();
  entry.head.seq = next_seq_ + place;
  entry.head.account = account;
  entry.head.version = version + 1;
  entry.head.recorded_at = Time{now_.micros + place - static_cast<int64_t>(closed_)};
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
  absl::Status status;
  for (const Entry& entry : entries_) {
    if (entry.head.account != account) continue;
    if (status = VisitRecorded(entry.head, entry.events, visit); !status.ok()) break;
  }
  return status;
}

void PendingCommits::Close(std::string_view request) {
  if (closed_ < entries_.size()) entries_[closed_].head.request = std::string(request);
  closed_ = entries_.size();
}

absl::Status PendingCommits::Append(LedgerTransaction& transaction) {
  std::vector<JournalEntry> commits;
  commits.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    commits.push_back(LedgerTransaction::EntryOf(entry.head, entry.events));
  }
  absl::Status status = transaction.Append(commits);
  entries_.clear();
  closed_ = 0;
  return status;
}

}  // namespace throughline
