#ifndef THROUGHLINE_LEDGER_ACCOUNT_SESSION_H_
#define THROUGHLINE_LEDGER_ACCOUNT_SESSION_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/decide.h"
#include "core/needs.h"
#include "core/rows.h"
#include "ledger/account_history.h"
#include "ledger/command_locator.h"
#include "ledger/ledger_transaction.h"
#include "ledger/pending_commits.h"
#include "ledger/stream_facts.h"
#include "throughline/command.h"

namespace throughline {

// Decides commands of one account, one after the other, on rows that it keeps in memory, and then
// writes all of their events, as one commit or, with EndCommit between commands, as several. (What
// concerns two accounts, as a contact that moves, adds a commit to the stream of the other one.)
// The same for the stream of account 0. Of accounts that are merged with it the rows are kept too;
// a merge, or its undoing, is the last command of a session.
//
// Only one session of a transaction may hold events that are not flushed. Deleting it undoes those.
class AccountSession {
 public:
  // Who acts: the same one in all commands, or each event says for itself.
  enum class Actors { kOne, kMany };

  explicit AccountSession(LedgerTransaction& transaction, Actors actors = Actors::kOne);
  ~AccountSession();
  AccountSession(const AccountSession&) = delete;
  AccountSession& operator=(const AccountSession&) = delete;

  // Fills in the ids of references, in place, and finds out to whom the command belongs. A session
  // that is not bound yet is of no more use after an error, or if the fact is known.
  absl::StatusOr<Home> Locate(Command& command, Context& context);

  // Whether a command of that home may be applied here. The first Apply binds the session to one.
  bool Takes(const Home& home) const {
    if (!bound_ || home.known_seq != 0) return true;
    return !regrouped_ && !home.opens && home.account == account_;
  }
  bool bound() const { return bound_; }

  // Decides a located command that the session takes. A refusal changes nothing.
  absl::StatusOr<Receipt> Apply(const Command& command, const Context& context, const Home& home);

  // Whether all that the command names is known here: it can hardly be another account's.
  bool Knows(Command& command, Context& context) {
    return bound_ && !regrouped_ && account_ != kNoAccount && locator_.Knows(command, context);
  }

  // What was decided is a commit; what comes is another.
  void EndCommit() { pending_.Close({}); }

  // Ends the commit, with the request id, appends what was decided and puts the rows that changed.
  absl::Status Flush(std::string_view request = {});

  const PendingCommits& pending() const { return pending_; }

  // Of what waits to be flushed: encoded events, and texts for the vault.
  size_t pending_bytes() const { return pending_.bytes() + vault_bytes_; }

 private:
  absl::StatusOr<Home> KnownOrHome(const Context& context, Home home);
  absl::StatusOr<RecordedFact> FindFact(uint64_t fact);
  absl::Status CheckVersion(const Command& command, const Context& context, const Home& home) const;
  absl::Status LoadScope(const Command& command, const Context& context);
  absl::Status LoadVault(const Command& command);
  absl::Status LoadVoided(const Command& command, std::span<const RecordedEvent> history);
  absl::Status EnsureMembers(const Command& command);
  absl::Status LoadReview(const Command& command);
  absl::Status EnsureGroup();
  absl::Status EnsureAliases();
  absl::Status EnsureTouches();
  absl::Status EnsureWhole();

  void Bind(const Home& home);
  absl::StatusOr<std::span<const RecordedEvent>> HistoryFor(const Command& command, Scope scope);
  absl::StatusOr<Decision> DecideHere(const Command& command, const Context& context,
                                      const MatchOutcome* match);
  absl::StatusOr<Receipt> Accept(Decision decision, const MatchOutcome* match);
  absl::Status Record(AccountId stream, Event&& event, bool refold);
  absl::Status Refold();
  absl::Status AdoptPolicy(const PolicySet& set);
  void KeepVaultRows(Decision& decision);
  void Erase(const Erasure& erasure);

  LedgerTransaction& transaction_;
  const Actors actors_;
  LedgerTransaction::Mark mark_;  // before what is pending
  Rows rows_;
  HashMap<std::string, std::vector<ContactId>> emails_;  // of profiles that are not in the store
  PendingCommits pending_;
  CommandLocator locator_;
  AccountHistory history_;
  FactSearch other_streams_;

  bool bound_ = false;
  AccountId account_;
  std::vector<AccountId> members_;  // of its group, itself first
  bool regrouped_ = false;          // by the last command, or almost
  bool group_loaded_ = false;
  bool aliases_loaded_ = false;
  bool whole_loaded_ = false;
  bool erases_ = false;
  size_t vault_bytes_ = 0;
  std::vector<RecordedEvent> person_;  // the histories that an erasure is decided from
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ACCOUNT_SESSION_H_
