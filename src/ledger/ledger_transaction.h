#ifndef THROUGHLINE_LEDGER_LEDGER_TRANSACTION_H_
#define THROUGHLINE_LEDGER_LEDGER_TRANSACTION_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/writer_cache.h"
#include "throughline/event.h"
#include "throughline/policy.h"
#include "throughline/store.h"
#include "throughline/time.h"

namespace throughline {

// An open write transaction of a ledger, with what decisions are made from: the policy in force,
// the supply of ids, the time and the next place in the journal. Deleting it without Commit rolls
// back.
class LedgerTransaction {
 public:
  // What a transaction that is about to rebuild the rows need not be able to read of them.
  enum class Damage { kFails, kIsPassedOver };

  // `cache` and `clock` must outlive it; nobody else may use `cache` meanwhile.
  static absl::StatusOr<std::unique_ptr<LedgerTransaction>> Begin(
      Store& store, WriterCache& cache, const std::function<Time()>& clock);
  ~LedgerTransaction();
  LedgerTransaction(const LedgerTransaction&) = delete;
  LedgerTransaction& operator=(const LedgerTransaction&) = delete;

  WriteTransaction& store() { return *store_; }
  IdSupply& ids() { return cache_.ids; }

  // Reads the counters of ids as they are in the store; ids are raised by them, never lowered.
  absl::Status ReadCounters();
  // Null only if the policy table is damaged: a rebuild mends it.
  const Policy* policy() const { return cache_.policy.get(); }
  int64_t policy_version() const { return cache_.policy_version; }
  const std::string& request_key() const { return cache_.request_key; }

  // Whether there may be identities of people who were erased.
  bool anybody_erased() const { return cache_.anybody_erased; }

  // Somebody was: nothing of what is gone from the vault may stay in the store.
  void NoteErasure() { erased_ = cache_.anybody_erased = true; }
  bool erased() const { return erased_; }

  // The seq of the commit that is appended next, and the time at which it is recorded if it is now.
  int64_t next_seq() const { return cache_.tail.seq + 1; }
  Time Now() const;

  // Appends commits, at least one. They point to what they are made of.
  absl::Status Append(std::span<const JournalEntry> commits);
  static JournalEntry EntryOf(const CommitHead& head, std::string_view events);

  // An owner or a campaign, from memory or from the store; null if there is none. The pointer is
  // good until the next call.
  absl::StatusOr<const OwnerRow*> FindOwner(OwnerId id);
  absl::StatusOr<const CampaignRow*> FindCampaign(CampaignId id);

  // The id of an entity by an external id; 0 if nobody has it.
  absl::StatusOr<int64_t> FindExternal(EntityKind kind, const ExternalId& external);

  // Commits of account 0 change what FindOwner, FindCampaign and FindExternal remember.
  void ForgetReferences() { cache_.references.Clear(); }

  // The policy for later decisions of this transaction and, once committed, for all after it.
  void SetPolicy(int64_t version, std::shared_ptr<const Policy> policy);

  // To undo decisions that were not appended.
  struct Mark {
    IdSupply::Counters ids;
    std::shared_ptr<const Policy> policy;
    int64_t policy_version = 0;
  };
  Mark TakeMark() const;
  void Restore(const Mark& mark);

  // Whether there is anything to commit. Who writes through store() only says so.
  bool wrote() const { return wrote_; }
  void MarkWritten();
  int64_t last_seq() const { return cache_.tail.seq; }

  // As WriteTransaction::Commit. When the store does not know the outcome, it is looked up in the
  // journal, and only if that fails too `outcome_unknown` is true: else an error means that nothing
  // was written.
  absl::Status Commit();
  bool outcome_unknown() const { return outcome_unknown_; }

 private:
  LedgerTransaction(Store& store, std::unique_ptr<WriteTransaction> transaction, WriterCache& cache,
                    const std::function<Time()>& clock)
      : store_object_(store), store_(std::move(transaction)), cache_(cache), clock_(clock) {}

  absl::Status Load();
  absl::Status LoadPolicy();
  absl::Status PutIdCounters();
  absl::Status RewriteVault();
  absl::StatusOr<bool> Landed();

  Store& store_object_;
  std::unique_ptr<WriteTransaction> store_;
  WriterCache& cache_;
  const std::function<Time()>& clock_;
  bool wrote_ = false;
  bool erased_ = false;
  bool outcome_unknown_ = false;
  JournalEntry last_;     // the newest commit appended, without what it points to
  size_t last_size_ = 0;  // of its events
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LEDGER_TRANSACTION_H_
