#ifndef THROUGHLINE_LEDGER_IDENTITY_FINDER_H_
#define THROUGHLINE_LEDGER_IDENTITY_FINDER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/match.h"
#include "core/rows.h"
#include "model/hash_map.h"
#include "throughline/command.h"
#include "throughline/policy.h"
#include "throughline/store.h"

namespace throughline {

// What a session has decided and not yet written: it is newer than the store.
struct UnwrittenRecords {
  const Rows& rows;
  // Contacts that were given an email, by its key; they may have another one by now.
  const HashMap<std::string, std::vector<ContactId>>& emails;
};

// Finds out who an identity is: reads the candidates that the core asks for, from the store and,
// of a session, from what is not in it yet.
class IdentityFinder {
 public:
  // `unwritten` may be null.
  IdentityFinder(ReadTransaction& store, const Policy& policy, const UnwrittenRecords* unwritten)
      : store_(store), policy_(policy), unwritten_(unwritten) {}

  // `known`: the account, if something else has named it; then only the person is looked for.
  absl::StatusOr<MatchOutcome> Find(const Identity& identity, AccountId known = {});

 private:
  using Candidates = std::vector<MatchCandidate>;

  // Looks for the account, and the person if they are how it is found.
  absl::Status FindAnybody(MatchPlan& plan, MatchOutcome& outcome);
  // Looks for the person in an account that is found.
  absl::Status FindPerson(MatchPlan& plan, MatchOutcome& outcome);
  absl::Status Read(const MatchLookup& lookup);
  absl::Status ReadContactId(const ExternalId& external);
  absl::Status ReadAccountId(const ExternalId& external);
  absl::Status ReadEmail(const std::string& key);
  absl::Status ReadDomain(const std::string& domain);
  absl::Status ReadName(const std::string& key);
  void AddUnwritten(const std::string& email_key, std::vector<ContactId>& contacts) const;
  absl::Status AddContact(ContactId contact);
  absl::Status AddAccount(AccountId account);
  absl::Status AddAccounts(const std::vector<AccountId>& accounts);
  template <class Row, class IdType>
  absl::StatusOr<Row> RowOf(const RowSet<Row>* newer, IdType id);
  absl::StatusOr<bool> AnyMerged();
  absl::StatusOr<AccountId> LeadingAccount(AccountId account);
  absl::Status ReadOpenings();
  absl::StatusOr<std::vector<AccountId>> MembersOf(AccountId leading);
  absl::StatusOr<Question> QuestionBetween(AccountId account, AccountId other);
  absl::StatusOr<ReviewRow> ReviewOf(AccountId account, AccountId other);
  absl::StatusOr<ContactId> FindNamed(AccountId account, const std::string& person_key);
  absl::Status AddContactsOf(AccountId account, std::vector<ContactRow>& contacts);
  absl::StatusOr<bool> HasName(const ContactRow& contact, const std::string& person_key);

  ReadTransaction& store_;
  const Policy& policy_;
  const UnwrittenRecords* unwritten_;
  std::optional<bool> merged_in_store_;  // whether it has accounts that were merged
  Candidates candidates_;                // of the lookup at hand
  std::vector<AccountId> elsewhere_;     // accounts that were merged into those found
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IDENTITY_FINDER_H_
