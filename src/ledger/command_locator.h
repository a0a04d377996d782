#ifndef THROUGHLINE_LEDGER_COMMAND_LOCATOR_H_
#define THROUGHLINE_LEDGER_COMMAND_LOCATOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/match.h"
#include "core/needs.h"
#include "core/rows.h"
#include "ledger/identity_finder.h"
#include "ledger/ledger_transaction.h"
#include "ledger/pending_commits.h"
#include "throughline/command.h"

namespace throughline {

// To whom a command belongs.
struct Home {
  AccountId account;
  bool opens = false;     // the account is about to be opened by it
  int64_t known_seq = 0;  // the commit that recorded the fact before: there is nothing to do
  std::optional<MatchOutcome> match;  // of a command whose identity was looked up
};

// Finds out to whom commands belong, and reads the records that they name into the rows of a
// session.
class CommandLocator {
 public:
  // `unwritten` is of the same rows.
  CommandLocator(LedgerTransaction& transaction, const PendingCommits& pending, Rows& rows,
                 UnwrittenRecords unwritten);

  // Fills in the ids of references, in place. `bound`: the account that the rows are of; records of
  // any other are not added to them. Null: they are of nobody yet.
  absl::StatusOr<Home> Locate(const AccountId* bound, Command& command, Context& context);

  // Whether the command names records of accounts, and all that it names are in the rows.
  // Fills in ids of references, in place.
  bool Knows(Command& command, Context& context);

  // Of the command that was located last, or could not be: the contacts that it names or means, and
  // the accounts of all records that it names.
  std::vector<ContactId> NamedContacts() const;
  absl::StatusOr<std::vector<AccountId>> NamedAccounts();

  // Whose commit it is, pending or not; none if there is no such commit.
  absl::StatusOr<std::optional<AccountId>> AccountOfCommit(int64_t seq);

 private:
  int64_t KnownExternal(EntityKind kind, const ExternalId& external) const;
  absl::StatusOr<int64_t> FindExternal(EntityKind kind, const ExternalId& external);
  bool AnybodyErased() const;
  absl::StatusOr<int64_t> FindErased(const std::string& identity);
  absl::StatusOr<AccountId> StreamOf(const Command& command);
  absl::StatusOr<Home> LocateIdentity(const Identity& identity, AccountId known,
                                      const Context& context);
  absl::Status AddErasedHome(const std::string& identity, const Context& context,
                             MatchOutcome& outcome);
  absl::Status AddErasedHomes(const Identity& identity, const Context& context,
                              MatchOutcome& outcome);
  bool NamesRecord() const;
  absl::StatusOr<AccountId> FindAccount(const AccountId* bound, const Command& command,
                                        AccountId event_stream);
  bool HasRecord(EntityKind kind, int64_t id) const;
  bool HasRecords() const;
  absl::Status LoadReferences();
  absl::Status LoadRecords(Rows& rows);
  absl::StatusOr<AccountId> AccountIn(const Command& command, AccountId event_stream, Rows& rows);
  absl::Status LoadClaims();
  AccountId HolderOfClaims() const;

  LedgerTransaction& transaction_;
  const PendingCommits& pending_;
  Rows& rows_;
  const UnwrittenRecords unwritten_;
  ContactId matched_;
  ExternalLookup lookup_;
  ExternalLookup known_;  // the same, in the rows alone
  Needs needs_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_COMMAND_LOCATOR_H_
