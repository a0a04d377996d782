#ifndef THROUGHLINE_LEDGER_RECORDED_RECEIPT_H_
#define THROUGHLINE_LEDGER_RECORDED_RECEIPT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/store.h"

// The receipts of what was recorded before, made anew from the journal.

namespace throughline {

// DATA_LOSS if there is none.
absl::StatusOr<Commit> ReadCommit(ReadTransaction& store, int64_t seq);

// Of a commit that is one call's.
Receipt ReceiptOf(const Commit& commit);

// Of the events that a fact became; of the whole commit, if it has no other fact.
Receipt ReceiptOfFact(const Commit& commit, uint64_t fact);

// Completes the receipts of facts that are known; those that come one after the other are often of
// one commit.
class KnownFacts {
 public:
  explicit KnownFacts(ReadTransaction& store) : store_(store) {}

  // Of a receipt that says no more than where: in which commit, which has been written.
  absl::StatusOr<Receipt> Complete(const Receipt& known, uint64_t fact);

 private:
  ReadTransaction& store_;
  std::optional<Commit> last_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_RECORDED_RECEIPT_H_
