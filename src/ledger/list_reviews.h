#ifndef THROUGHLINE_LEDGER_LIST_REVIEWS_H_
#define THROUGHLINE_LEDGER_LIST_REVIEWS_H_

#include "absl/status/statusor.h"
#include "throughline/read.h"
#include "throughline/row.h"
#include "throughline/store.h"

namespace throughline {

// One page of the pairs of accounts in a state; kNone: in any. Left out are open ones whose
// accounts merges with others have made one company: a page may hold fewer than asked for.
absl::StatusOr<Page<ReviewRow>> ListReviewRows(ReadTransaction& transaction, ReviewState state,
                                               const PageRequest& page);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LIST_REVIEWS_H_
