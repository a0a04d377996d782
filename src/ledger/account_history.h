#ifndef THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_
#define THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "ledger/pending_commits.h"
#include "ledger/stream_facts.h"
#include "throughline/store.h"

namespace throughline {

// The streams of an account and of those merged with it, pending events included, read as far as
// somebody asks for them.
class AccountHistory {
 public:
  AccountHistory(ReadTransaction& store, const PendingCommits& pending)
      : store_(store), pending_(pending) {}

  // `is_new`: nothing of the account is in the store.
  void Bind(AccountId account, bool is_new);

  // Which streams it is of: `accounts` has the one that it is bound to.
  void SetAccounts(const std::vector<AccountId>& accounts);

  // Asked once, they are kept.
  absl::StatusOr<const StreamFacts*> Facts();

  // All events, in order. Asked once, they are kept.
  absl::StatusOr<std::span<const RecordedEvent>> Events();

  // The touches that count. Not kept.
  absl::StatusOr<std::vector<TouchFact>> Touches();

  // What was kept stays complete: to be told of each event of its streams that becomes pending.
  void Added(const RecordedEvent& event);

 private:
  absl::StatusOr<std::vector<RecordedEvent>> Read();

  ReadTransaction& store_;
  const PendingCommits& pending_;
  std::vector<AccountId> accounts_;
  std::optional<std::vector<RecordedEvent>> events_;
  std::optional<StreamFacts> facts_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_
