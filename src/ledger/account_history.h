#ifndef THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_
#define THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "ledger/pending_commits.h"
#include "throughline/store.h"

namespace throughline {

// The stream of one account, pending events included, read as far as somebody asks for it.
class AccountHistory {
 public:
  AccountHistory(ReadTransaction& store, const PendingCommits& pending)
      : store_(store), pending_(pending) {}

  // `is_new`: nothing of the account is in the store.
  void Bind(AccountId account, bool is_new);

  // The commit that holds the event of an imported fact; 0 if there is none. Asked once, the keys
  // of the whole stream are kept.
  absl::StatusOr<int64_t> SeqOfFact(uint64_t fact);

  // All events, in order. Asked once, they are kept.
  absl::StatusOr<std::span<const RecordedEvent>> Events();

  // The touches that count. Not kept.
  absl::StatusOr<std::vector<TouchFact>> Touches();

  // What was kept stays complete: to be told of each event that becomes pending.
  void Added(const RecordedEvent& event);

 private:
  absl::StatusOr<std::vector<RecordedEvent>> Read();
  absl::Status ReadFacts();

  ReadTransaction& store_;
  const PendingCommits& pending_;
  AccountId account_;
  std::optional<std::vector<RecordedEvent>> events_;
  std::optional<absl::flat_hash_map<uint64_t, int64_t>> facts_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ACCOUNT_HISTORY_H_
