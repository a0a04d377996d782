#ifndef THROUGHLINE_LEDGER_ACCOUNT_GROUP_H_
#define THROUGHLINE_LEDGER_ACCOUNT_GROUP_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "throughline/ids.h"
#include "throughline/store.h"

// Accounts that were merged: which they are, and their histories as one.

namespace throughline {

// Reads the rows of the accounts that this one is an alias of, directly or not, but for those that
// are there already.
absl::Status LoadAliasesOf(ReadTransaction& transaction, AccountId account, Rows& rows);

// Adds the accounts that are merged with this one, itself included, to `members`, and their account
// rows and merges to `rows`.
absl::Status LoadMembers(ReadTransaction& transaction, AccountId account, Rows& rows,
                         std::vector<AccountId>& members);

// The history of all accounts that were ever merged with one, directly or not, whether or not they
// still are.
struct GroupHistory {
  std::vector<AccountId> accounts;    // by id
  std::vector<RecordedEvent> events;  // by id
};
absl::StatusOr<GroupHistory> ReadGroupHistory(ReadTransaction& transaction, AccountId account);

// The accounts with which those of a history were ever merged.
std::vector<AccountId> MergedInHistory(const std::vector<RecordedEvent>& history);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ACCOUNT_GROUP_H_
