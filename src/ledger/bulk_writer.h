#ifndef THROUGHLINE_LEDGER_BULK_WRITER_H_
#define THROUGHLINE_LEDGER_BULK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/refusal.h"
#include "throughline/command.h"
#include "throughline/ledger.h"

namespace throughline {

// Adds many facts with few commits and few transactions. Facts of one account that follow one
// another are decided on rows kept in memory; when a fact of another account comes, or the commit
// grows beyond kMaxCommitBytes, their events are appended as one commit and the rows they changed
// are put once. So facts sorted by account are cheap; in any other order the result is the same,
// only slower.
//
// The ledger's write lock is held from the first Apply until Commit: other writers wait meanwhile.
// Not thread-safe; must not outlive the ledger. Deleting it rolls back what was not committed.
class BulkWriter {
 public:
  static constexpr size_t kMaxCommitBytes = size_t{4} << 20;

  // INVALID_ARGUMENT if `ledger` was not made by Ledger::Create or Ledger::Open.
  static absl::StatusOr<std::unique_ptr<BulkWriter>> Begin(Ledger& ledger);

  virtual ~BulkWriter() = default;

  // Decides one fact. References given as external ids are filled in with ids, in place. What
  // earlier facts opened or claimed is known, committed or not.
  //   ok                 its events were added; the receipt has the breaches. `seq` and
  //   `recorded_at`
  //                      are those that its commit will have.
  //   ok, repeated       context.fact is known in the account's stream: nothing was added.
  //   IsRefusal(status)  nothing was added; go on with the next fact.
  //   other errors       the store failed: what was not committed is lost, and this object is done
  //   for.
  // `request_id` must be empty: a fact is told from its repetition by context.fact. A fact that
  // opens an account is sought in the streams of the accounts that hold its external ids.
  virtual absl::StatusOr<Receipt> Apply(Command& command, Context& context) = 0;

  // Appends what is pending as a commit now, so that the next fact begins a new one.
  virtual absl::Status EndCommit() = 0;

  // Makes all facts so far durable and visible, calls the commit callbacks, and lets go of the
  // write lock. The next Apply begins a new transaction. Nothing to do is ok.
  virtual absl::Status Commit() = 0;

  // What the open transaction holds, to judge when to call Commit; and in all, since Begin.
  struct Progress {
    int64_t uncommitted_events = 0;
    int64_t uncommitted_bytes = 0;  // of encoded events
    int64_t events = 0;
    int64_t commits = 0;
  };
  virtual const Progress& progress() const = 0;
};

// Finds out to whom records of the ledger belong, as of its beginning. Not thread-safe; must not
// outlive the ledger. Meant for sorting facts by account before they are applied.
class HomeFinder {
 public:
  static absl::StatusOr<std::unique_ptr<HomeFinder>> Begin(Ledger& ledger);

  virtual ~HomeFinder() = default;

  // The account of an account, contact, lead or opportunity; 0 if there is no such record.
  virtual absl::StatusOr<AccountId> Find(EntityKind kind, const ExternalId& external) = 0;
  virtual absl::StatusOr<AccountId> Find(EntityKind kind, int64_t id) = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_BULK_WRITER_H_
