#ifndef THROUGHLINE_LEDGER_STREAM_FACTS_H_
#define THROUGHLINE_LEDGER_STREAM_FACTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/hash_map.h"
#include "throughline/event.h"
#include "throughline/store.h"

namespace throughline {

// The imported facts of one stream, and whence contacts came to it.
struct StreamFacts {
  HashMap<uint64_t, int64_t> seqs;  // by fact key: the commit that holds its event
  HashMap<ContactId, std::vector<AccountId>> arrivals;

  void Add(AccountId stream, int64_t seq, const Event& event);

  int64_t SeqOf(uint64_t fact) const;  // 0: not here

  // The accounts from which one of the contacts came, without repeats.
  std::vector<AccountId> HomesBefore(std::span<const ContactId> contacts) const;
};

// Where a fact was recorded; `seq` 0: nowhere.
struct RecordedFact {
  AccountId account;
  int64_t seq = 0;
};

// Finds facts in streams other than the one that they would go to now: a contact may have moved
// since they were recorded. Keeps what it has read.
class FactSearch {
 public:
  explicit FactSearch(ReadTransaction& store) : store_(store) {}

  // Looks in the streams of `accounts`, and in those that any of `contacts` was in before it came
  // to one of them.
  absl::StatusOr<RecordedFact> Find(uint64_t fact, std::vector<AccountId> accounts,
                                    std::span<const ContactId> contacts);

 private:
  absl::StatusOr<const StreamFacts*> FactsOf(AccountId account);

  ReadTransaction& store_;
  HashMap<AccountId, StreamFacts> streams_;
};

// Adds the facts of a stream as it is in the store.
absl::Status ReadStreamFacts(ReadTransaction& store, AccountId account, StreamFacts& facts);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_STREAM_FACTS_H_
