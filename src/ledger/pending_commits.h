#ifndef THROUGHLINE_LEDGER_PENDING_COMMITS_H_
#define THROUGHLINE_LEDGER_PENDING_COMMITS_H_

#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "ledger/ledger_transaction.h"
#include "throughline/event.h"

namespace throughline {

// Commits in the making, of one or more streams: their places in the journal are settled when the
// first event comes, so that events have their ids from the beginning. Several may follow one
// another in a stream: those that are closed take no more events.
class PendingCommits {
 public:
  struct Entry {
    CommitHead head;
    std::string events;  // encoded
    int64_t count = 0;
  };

  // Settles the time, the actor and the policy of the open commits, unless they have an event
  // already. Events of other actors say so themselves; there may be such only if `actor` is none.
  void Open(LedgerTransaction& transaction, OwnerId actor);

  Time now() const { return now_; }
  int64_t policy() const { return policy_; }

  bool empty() const { return entries_.empty(); }
  const Entry& first_open() const { return entries_[closed_]; }
  int64_t commits() const { return std::ssize(entries_); }
  int64_t events() const;
  size_t bytes() const;

  // The id that the next event of a stream will have.
  EventId NextEvent(AccountId account) const;

  // The account of the pending commit with this seq; null if there is none.
  const AccountId* StreamOf(int64_t seq) const;

  // Closes the open commits; the first of them answers the request id.
  void Close(std::string_view request);

  // Adds an event to a stream of which `version` is the current one in the store.
  // RESOURCE_EXHAUSTED beyond kMaxEventsPerCommit. The reference is good until the next call.
  absl::StatusOr<const RecordedEvent*> Add(AccountId account, int64_t version, Event&& event);

  // The pending events of a stream.
  absl::Status Visit(AccountId account,
                     const std::function<void(const RecordedEvent&)>& visit) const;

  // Appends the commits, which are all closed, and forgets them.
  absl::Status Append(LedgerTransaction& transaction);

 private:
  Entry& EntryFor(AccountId account, int64_t version);
  const Entry* FindOpen(AccountId account) const;

  std::vector<Entry> entries_;
  size_t closed_ = 0;  // how many of them
  int64_t next_seq_ = 0;
  Time now_;
  OwnerId actor_;
  int64_t policy_ = 0;
  RecordedEvent recorded_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_PENDING_COMMITS_H_
