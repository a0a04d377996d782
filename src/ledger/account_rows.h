#ifndef THROUGHLINE_LEDGER_ACCOUNT_ROWS_H_
#define THROUGHLINE_LEDGER_ACCOUNT_ROWS_H_

#include <algorithm>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "core/rows.h"
#include "ledger/row_access.h"
#include "throughline/ids.h"
#include "throughline/store.h"

// The derived rows of accounts: reading them all, replacing them, writing what changed. Those of
// account 0 are the rows that belong to no company.

namespace throughline {

// Reads a row unless it is there already; what was changed or erased in memory stays so.
template <class Row>
absl::Status LoadOnce(ReadTransaction& transaction, const typename RowSet<Row>::Key& key,
                      std::span<const Value> values, RowSet<Row>& rows) {
  if (rows.Find(key) != nullptr) return absl::OkStatus();
  Row row;
  absl::StatusOr<bool> found = GetRow(transaction, values, row);
  if (found.ok() && *found) rows.Load(std::move(row));
  return found.status();
}

// Adds the rows under a key of leading columns, but for those that are there already.
template <class Row>
absl::Status LoadPrefix(ReadTransaction& transaction, int index, std::span<const Value> prefix,
                        RowSet<Row>& rows) {
  return ScanPrefix<Row>(transaction, index, prefix, [&](Row&& row) {
    if (rows.Find(KeyOf(row)) == nullptr) rows.Load(std::move(row));
  });
}

// Reads all leads and opportunities of an account, but for those that are there already.
absl::Status LoadGroup(ReadTransaction& transaction, AccountId account, Rows& rows);

// The same for its contacts.
absl::Status LoadContacts(ReadTransaction& transaction, AccountId account, Rows& rows);

// Reads all derived rows of an account, but for those that are there already. Rows that hang on a
// lead or an opportunity are found through those in `rows`.
absl::Status LoadAccount(ReadTransaction& transaction, AccountId account, Rows& rows);

// Reads what hangs on the leads and opportunities in `of`, but for what is there already.
absl::Status LoadDependents(ReadTransaction& transaction, const Rows& of, Rows& rows);

// Reads what the vault has of a person, notes aside, but for what is there already.
absl::Status LoadPerson(ReadTransaction& transaction, ContactId contact, Rows& rows);

// Makes the rows of the accounts in `rows`, of which all must be there, those of `folded`. Rows
// that are there for other reasons (another account, owners, ids that others hold) are left alone.
void ReplaceAccounts(std::span<const AccountId> accounts, const Rows& folded, Rows& rows);

// Puts and erases what changed in the derived tables and in the vault, and forgets that it changed.
absl::Status SaveChanges(WriteTransaction& transaction, Rows& rows);

// Whether a row belongs to the streams of accounts, going by the leads and opportunities in `rows`.
class Membership {
 public:
  Membership(std::span<const AccountId> accounts, const Rows& rows)
      : accounts_(accounts), rows_(rows) {}

  bool Has(const ExternalIdRow& r) const;
  bool Has(const OpportunityLeadRow& r) const { return Has(r.opportunity); }
  bool Has(const OpportunityRoleRow& r) const { return Has(r.opportunity); }
  template <class Row>
  bool Has(const Row& r) const {
    if constexpr (requires { r.account; }) {
      return Has(r.account);
    } else {  // owners, campaigns, their cost, rates, policies
      return Has(kNoAccount);
    }
  }

 private:
  bool Has(AccountId account) const {
    return std::ranges::find(accounts_, account) != accounts_.end();
  }
  bool Has(OpportunityId id) const;
  bool Has(LeadId id) const;

  std::span<const AccountId> accounts_;
  const Rows& rows_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ACCOUNT_ROWS_H_
