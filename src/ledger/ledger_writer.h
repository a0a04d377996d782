#ifndef THROUGHLINE_LEDGER_LEDGER_WRITER_H_
#define THROUGHLINE_LEDGER_LEDGER_WRITER_H_

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/commit_feed.h"
#include "ledger/group_commit.h"
#include "ledger/ledger_transaction.h"
#include "ledger/writer_cache.h"
#include "throughline/ledger.h"
#include "throughline/store.h"

namespace throughline {

// The one writer of a ledger object. Thread-safe: callers share transactions.
class LedgerWriter {
 public:
  LedgerWriter(Store& store, CommitFeed& feed, LedgerOptions options, RandomBytes random);

  // Makes an empty store a ledger: its settings, and commit 1 with the policy.
  absl::Status Found(std::string_view policy_json);

  absl::StatusOr<Receipt> Execute(const Command& command, const Context& context);
  absl::StatusOr<Receipt> ExecuteAtomic(std::span<const Command> commands, const Context& context);
  absl::Status ExecuteAll(std::span<const Request> requests,
                          std::vector<absl::StatusOr<Receipt>>& outcomes);

  // Does something of its own in a transaction and commits it; nothing in memory is trusted after
  // it.
  absl::Status RunAlone(const std::function<absl::Status(LedgerTransaction&)>& run);

  // For one who writes for longer: to be held while a transaction from Begin is open.
  std::mutex& mutex() { return mutex_; }
  absl::StatusOr<std::unique_ptr<LedgerTransaction>> Begin();

  // As Ledger::FinishErasures.
  absl::StatusOr<bool> FinishErasures() { return store_.EraseTraces(); }

  int queued() const { return group_.queued(); }  // for tests

  // Commits, ends the transaction and tells the feed. After an error nothing in memory is trusted.
  absl::Status Commit(std::unique_ptr<LedgerTransaction> transaction);

 private:
  struct Attempt {
    absl::Status status;
    bool may_retry = false;    // nothing was written, and it may have been one job's fault
    bool traces_left = false;  // of what was erased
  };

  void RunGroup(std::span<GroupCommit::Job* const> jobs);
  void RunUnderLock(std::span<GroupCommit::Job* const> jobs);
  Attempt TryGroup(std::span<GroupCommit::Job* const> jobs);
  bool EndTransaction(std::unique_ptr<LedgerTransaction> transaction);

  Store& store_;
  CommitFeed& feed_;
  const std::function<Time()> clock_;
  std::mutex mutex_;  // of the transaction and the cache
  WriterCache cache_;
  GroupCommit group_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LEDGER_WRITER_H_
