#ifndef THROUGHLINE_CORE_MATCH_H_
#define THROUGHLINE_CORE_MATCH_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/policy.h"
#include "throughline/row.h"

// Who sent something: from what the outside world knows, a contact and an account. The shell works
// through it in order: for each lookup of a MatchPlan the candidates that the records have, until
// Judge settles it or none are left. docs/matching.md.

namespace throughline {

// One question to the records: who has this?
struct MatchLookup {
  enum class By : uint8_t { kContactId, kAccountId, kEmail, kDomain, kName };
  By by = By::kEmail;
  MatchRule rule = MatchRule::kNone;
  std::string value;    // as it is compared
  ExternalId external;  // of the first two

  bool of_person() const { return by == By::kContactId || by == By::kEmail; }
};

// What to look up, rule by rule: most are settled by the first, and to reduce a domain costs as
// much as a lookup. Refers to the identity and the policy.
class MatchPlan {
 public:
  // INVALID_ARGUMENT names the member, e.g. "match.email", or says that nobody could be known again
  // by what is given; in an account that is known, a person's name is enough.
  static absl::StatusOr<MatchPlan> Of(const Identity& identity, const Policy& policy,
                                      bool account_known = false);

  std::span<const MatchRule> rules() const { return matching_.order; }
  std::vector<MatchLookup> LookupsOf(MatchRule rule);
  std::vector<MatchLookup> AllLookups();  // in the order of the policy

  // The registered domain of a new account; "": none is known.
  std::string Domain();

 private:
  MatchPlan(const Identity& identity, const Policy& policy);
  const std::vector<std::string>& Domains();
  std::string CompanyKey() const;
  bool KnowsAnything();

  const Identity& identity_;
  const Matching& matching_;
  std::string email_;                                // as it is compared
  std::optional<std::vector<std::string>> domains_;  // once they were asked for
};

// Whose a value is.
struct MatchCandidate {
  AccountId account;
  ContactId contact;  // of a person's lookup
  Time opened_at;     // the account; needed if there are two or more
};

// The answer so far.
struct MatchOutcome {
  MatchEvidence evidence;
  std::vector<AccountId> candidates;  // accounts that the value is of
  std::vector<AccountId> review;      // those that the new account is to be compared with
  std::vector<AccountId> elsewhere;   // where an imported fact may have been recorded before
  std::string domain;                 // of a new account
  bool personal = false;              // the value is of a person: not for the journal

  bool settled() const { return evidence.account || !review.empty(); }
};

// What is known of whether two accounts, or those merged into them, are one company.
enum class Question : uint8_t {
  kNever,      // nobody asked
  kOpenedFor,  // the first was opened to be compared with the second
  kAsked,      // it was asked or settled otherwise
};
using QuestionOf = std::function<absl::StatusOr<Question>(AccountId account, AccountId other)>;

// Settles an outcome by the candidates of a lookup, if there are any. Two or more accounts: the
// policy says whether the oldest is taken or a new one opened, for somebody to review. A question
// is asked once: what was opened for the others is taken from then on, also if it was merged with
// one of them since; if all are known to be different, or are too many to ask, the oldest.
absl::Status Judge(const MatchLookup& lookup, std::span<const MatchCandidate> candidates,
                   Ambiguity ambiguous, const QuestionOf& question, MatchOutcome& outcome);

// The same for a person of an account that is known already, `leading` of those merged with it.
// INVALID_ARGUMENT if an external id is that of somebody of another account.
absl::Status JudgePerson(const MatchLookup& lookup, std::span<const MatchCandidate> candidates,
                         AccountId leading, MatchOutcome& outcome);

// What a person of whom only the name is known is to be looked for by in the account found; "":
// they are not.
std::string NameAskedFor(const Identity& identity, const MatchOutcome& outcome);
void FoundByName(ContactId contact, MatchOutcome& outcome);

// Says what is still to be opened. The person is opened if there is something to know them by.
void Conclude(const Identity& identity, MatchOutcome& outcome);

// The identity that a command wants to have looked up; null: none, or it names the contact itself.
const Identity* IdentityOf(const Command& command);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_MATCH_H_
