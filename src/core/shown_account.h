#ifndef THROUGHLINE_CORE_SHOWN_ACCOUNT_H_
#define THROUGHLINE_CORE_SHOWN_ACCOUNT_H_

#include "core/rows.h"

namespace throughline {

// The accounts of a group as one: the row of the one that `account` is an alias of in the end, with
// what only an alias knows, and the counts and times of all. `rows` has the account rows of the
// group and of nobody else.
AccountRow ShownAccount(const Rows& rows, AccountId account);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_SHOWN_ACCOUNT_H_
