#include "ledger/command_locator.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/digest.h"
#include "ledger/account_group.h"
#include "ledger/account_rows.h"
#include "model/text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// Copies the record to `to` if it is in `from`.
template <class Row, class Key>
bool CopyRow(const RowSet<Row>& from, Key key, RowSet<Row>& to) {
  const Row* row = from.Find(key);
  if (row != nullptr) to.Load(*row);
  return row != nullptr;
}

bool CopyRecord(const Rows& from, EntityKind kind, int64_t id, Rows& to) {
  switch (kind) {
    case EntityKind::kAccount:
      return CopyRow(from.accounts, AccountId{id}, to.accounts);
    case EntityKind::kContact:
      return CopyRow(from.contacts, ContactId{id}, to.contacts);
    case EntityKind::kLead:
      return CopyRow(from.leads, LeadId{id}, to.leads);
    case EntityKind::kOpportunity:
      return CopyRow(from.opportunities, OpportunityId{id}, to.opportunities);
    case EntityKind::kOwner:
      return CopyRow(from.owners, OwnerId{id}, to.owners);
    case EntityKind::kCampaign:
      return CopyRow(from.campaigns, CampaignId{id}, to.campaigns);
    default:
      return false;
  }
}

template <class Row, class Key>
absl::Status ReadRow(ReadTransaction& store, Key key, RowSet<Row>& to) {
  return LoadOnce(store, key, KeyValues(key), to);
}

absl::Status ReadRecord(ReadTransaction& store, EntityKind kind, int64_t id, Rows& to) {
  switch (kind) {
    case EntityKind::kAccount:
      return ReadRow(store, AccountId{id}, to.accounts);
    case EntityKind::kContact:
      return ReadRow(store, ContactId{id}, to.contacts);
    case EntityKind::kLead:
      return ReadRow(store, LeadId{id}, to.leads);
    case EntityKind::kOpportunity:
      return ReadRow(store, OpportunityId{id}, to.opportunities);
    default:
      return absl::OkStatus();
  }
}

}  // namespace

CommandLocator::CommandLocator(LedgerTransaction& transaction, const PendingCommits& pending,
                               Rows& rows, UnwrittenRecords unwritten)
    : transaction_(transaction), pending_(pending), rows_(rows), unwritten_(unwritten) {
  lookup_ = [this](EntityKind kind, const ExternalId& external) {
    return FindExternal(kind, external);
  };
  known_ = [this](EntityKind kind, const ExternalId& external) {
    return KnownExternal(kind, external);
  };
}

bool CommandLocator::Knows(Command& command, Context& context) {
  needs_.records.clear();
  if (!ResolveReferences(known_, command, context).ok()) return false;
  NeedsOf(command, context, needs_);
  return !needs_.event && NamesRecord() && HasRecords();
}

bool CommandLocator::NamesRecord() const {
  const auto is_reference = [](const auto& record) { return IsReference(record.first); };
  return !std::ranges::all_of(needs_.records, is_reference);
}

int64_t CommandLocator::KnownExternal(EntityKind kind, const ExternalId& external) const {
  if (kind == EntityKind::kContact) {
    const auto* row = rows_.contact_external_ids.Find({external.system, external.key});
    return row == nullptr ? 0 : row->contact.value;
  }
  const auto* row = rows_.external_ids.Find({kind, external.system, external.key});
  return row == nullptr ? 0 : row->id;
}

absl::StatusOr<int64_t> CommandLocator::FindExternal(EntityKind kind, const ExternalId& external) {
  if (const int64_t known = KnownExternal(kind, external); known != 0) return known;
  absl::StatusOr<int64_t> id = transaction_.FindExternal(kind, external);
  if (!id.ok()) return id;
  if (kind != EntityKind::kContact) {
    if (*id != 0) rows_.external_ids.Load({kind, external.system, external.key, *id});
    return KnownExternal(kind, external);  // 0 if it was erased in memory
  }
  if (*id != 0) rows_.contact_external_ids.Load({external.system, external.key, ContactId{*id}});
  if (const int64_t known = KnownExternal(kind, external); known != 0) return known;
  if (!AnybodyErased()) return 0;
  return FindErased(ExternalIdentity(external.system, external.key, transaction_.request_key()));
}

// If not, the digests of identities need not be made.
bool CommandLocator::AnybodyErased() const {
  return transaction_.anybody_erased() || !rows_.erased_identities.empty();
}

// The contact who had this identity and was erased: what an import says of them once more is to be
// found where it was recorded. 0: nobody.
absl::StatusOr<int64_t> CommandLocator::FindErased(const std::string& identity) {
  if (transaction_.anybody_erased()) {
    absl::Status status =
        LoadOnce(transaction_.store(), identity, KeyValues(identity), rows_.erased_identities);
    if (!status.ok()) return status;
  }
  const ErasedIdentityRow* row = rows_.erased_identities.Find(identity);
  return row == nullptr ? 0 : row->contact.value;
}

absl::StatusOr<std::optional<AccountId>> CommandLocator::AccountOfCommit(int64_t seq) {
  if (const AccountId* account = pending_.StreamOf(seq)) return *account;
  std::optional<AccountId> account;
  absl::StatusOr<bool> found = transaction_.store().ReadEntry(seq, [&](const JournalEntry& entry) {
    account = AccountId{entry.account};
    return true;
  });
  if (!found.ok()) return found.status();
  return account;
}

// The stream that holds the event to be revised.
absl::StatusOr<AccountId> CommandLocator::StreamOf(const Command& command) {
  if (!needs_.event) return kNoAccount;
  auto account = AccountOfCommit(needs_.event.seq());
  if (!account.ok()) return account.status();
  if (account->has_value()) return **account;
  return NotFoundField(std::holds_alternative<TouchRetract>(command) ? "touch" : "event",
                       absl::StrCat("no commit ", needs_.event.seq()));
}

bool CommandLocator::HasRecord(EntityKind kind, int64_t id) const {
  switch (kind) {
    case EntityKind::kAccount:
      return rows_.accounts.Find(AccountId{id}) != nullptr;
    case EntityKind::kContact:
      return rows_.contacts.Find(ContactId{id}) != nullptr;
    case EntityKind::kLead:
      return rows_.leads.Find(LeadId{id}) != nullptr;
    case EntityKind::kOpportunity:
      return rows_.opportunities.Find(OpportunityId{id}) != nullptr;
    default:
      return true;  // owners and campaigns: LoadReferences has looked
  }
}

bool CommandLocator::HasRecords() const {
  for (const auto& [kind, id] : needs_.records) {
    if (!HasRecord(kind, id)) return false;
  }
  return true;
}

absl::Status CommandLocator::LoadReferences() {
  for (const auto& [kind, id] : needs_.records) {
    if (kind == EntityKind::kOwner && rows_.owners.Find(OwnerId{id}) == nullptr) {
      absl::StatusOr<const OwnerRow*> row = transaction_.FindOwner(OwnerId{id});
      if (!row.ok()) return row.status();
      if (*row != nullptr) rows_.owners.Load(**row);
    } else if (kind == EntityKind::kCampaign && rows_.campaigns.Find(CampaignId{id}) == nullptr) {
      absl::StatusOr<const CampaignRow*> row = transaction_.FindCampaign(CampaignId{id});
      if (!row.ok()) return row.status();
      if (*row != nullptr) rows_.campaigns.Load(**row);
    }
  }
  return absl::OkStatus();
}

// Reads the records that `rows_` does not have into `rows`, which may be the same.
absl::Status CommandLocator::LoadRecords(Rows& rows) {
  for (const auto& [kind, id] : needs_.records) {
    if (HasRecord(kind, id)) continue;
    absl::Status status = ReadRecord(transaction_.store(), kind, id, rows);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CommandLocator::LoadClaims() {
  for (const auto& [kind, external] : needs_.claimed) {
    if (external.system.empty() || external.key.empty()) continue;  // Decide refuses it
    absl::StatusOr<int64_t> id = FindExternal(kind, external);
    if (!id.ok()) return id.status();
  }
  if (!AnybodyErased()) return absl::OkStatus();
  const std::string email = EmailKey(needs_.email);
  if (email.empty()) return absl::OkStatus();
  return FindErased(EmailIdentity(email, transaction_.request_key())).status();
}

AccountId CommandLocator::HolderOfClaims() const {
  for (const auto& [kind, external] : needs_.claimed) {
    const auto* row = rows_.external_ids.Find({kind, external.system, external.key});
    if (row != nullptr) return AccountId{row->id};
  }
  return kNoAccount;
}

// As AccountOf. Records of different accounts go together if these are merged: then `rows` get what
// tells.
absl::StatusOr<AccountId> CommandLocator::AccountIn(const Command& command, AccountId event_stream,
                                                    Rows& rows) {
  absl::StatusOr<AccountId> account = AccountOf(command, rows, event_stream);
  if (account.ok() || !absl::IsInvalidArgument(account.status())) return account;
  absl::StatusOr<std::vector<AccountId>> named = NamedAccounts();
  if (!named.ok()) return named.status();
  if (event_stream) named->push_back(event_stream);
  for (const AccountId each : *named) {
    absl::Status status = LoadAliasesOf(transaction_.store(), each, rows);
    if (!status.ok()) return status;
  }
  return AccountOf(command, rows, event_stream);
}

absl::StatusOr<AccountId> CommandLocator::FindAccount(const AccountId* bound,
                                                      const Command& command,
                                                      AccountId event_stream) {
  if (bound == nullptr) {
    if (absl::Status status = LoadRecords(rows_); !status.ok()) return status;
  }
  if (bound == nullptr || HasRecords()) return AccountIn(command, event_stream, rows_);
  // Some record is new here: it joins the rows only if it turns out to be of this account.
  Rows candidates;
  for (const auto& [kind, id] : needs_.records) CopyRecord(rows_, kind, id, candidates);
  if (absl::Status status = LoadRecords(candidates); !status.ok()) return status;
  absl::StatusOr<AccountId> account = AccountIn(command, event_stream, candidates);
  if (!account.ok() || *account != *bound) return account;
  for (const auto& [kind, id] : needs_.records) CopyRecord(candidates, kind, id, rows_);
  // Not all may have joined: what was erased in memory is not found, though the store still has it.
  return AccountIn(command, event_stream, rows_);
}

std::vector<ContactId> CommandLocator::NamedContacts() const {
  std::vector<ContactId> contacts;
  for (const auto& [kind, id] : needs_.records) {
    if (kind == EntityKind::kContact) contacts.push_back(ContactId{id});
  }
  if (matched_) contacts.push_back(matched_);
  return contacts;
}

absl::StatusOr<std::vector<AccountId>> CommandLocator::NamedAccounts() {
  Rows named;
  for (const auto& [kind, id] : needs_.records) {
    if (CopyRecord(rows_, kind, id, named)) continue;
    absl::Status status = ReadRecord(transaction_.store(), kind, id, named);
    if (!status.ok()) return status;
  }
  std::set<AccountId> accounts;
  const auto add = [&](const auto& row) { accounts.insert(row.account); };
  named.accounts.ForEach(add);
  named.contacts.ForEach(add);
  named.leads.ForEach(add);
  named.opportunities.ForEach(add);
  return std::vector<AccountId>(accounts.begin(), accounts.end());
}

// What is known of somebody who was erased stands where they were, and what is observed of the time
// before joins it: nobody else is found by it.
absl::Status CommandLocator::AddErasedHome(const std::string& identity, const Context& context,
                                           MatchOutcome& outcome) {
  absl::StatusOr<int64_t> contact = FindErased(identity);
  if (!contact.ok() || *contact == 0) return contact.status();
  ContactRow row;
  absl::StatusOr<bool> found = GetRow(transaction_.store(), KeyValues(ContactId{*contact}), row);
  if (!found.ok() || !*found) return found.status();
  outcome.elsewhere.push_back(row.account);
  const bool of_before =
      !context.occurred_at || !row.erased_at || context.occurred_at->at <= *row.erased_at;
  if (context.mode == Mode::kObserve && of_before && outcome.evidence.opens_account) {
    outcome.evidence.account = row.account;
    outcome.evidence.opens_account = false;
  }
  return absl::OkStatus();
}

absl::Status CommandLocator::AddErasedHomes(const Identity& identity, const Context& context,
                                            MatchOutcome& outcome) {
  const std::string& secret = transaction_.request_key();
  absl::Status status;
  if (const std::string email = EmailKey(identity.email); !email.empty()) {
    status = AddErasedHome(EmailIdentity(email, secret), context, outcome);
  }
  for (const ExternalId& id : identity.contact_external_ids) {
    status.Update(AddErasedHome(ExternalIdentity(id.system, id.key, secret), context, outcome));
  }
  return status;
}

absl::StatusOr<Home> CommandLocator::LocateIdentity(const Identity& identity, AccountId known,
                                                    const Context& context) {
  if (transaction_.policy() == nullptr) {
    return absl::DataLossError("no policy can be read: rebuild the ledger");
  }
  IdentityFinder finder(transaction_.store(), *transaction_.policy(), &unwritten_);
  absl::StatusOr<MatchOutcome> outcome = finder.Find(identity, known);
  if (!outcome.ok()) return outcome.status();
  matched_ = outcome->evidence.contact;
  if (AnybodyErased()) {
    absl::Status status = AddErasedHomes(identity, context, *outcome);
    if (!status.ok()) return status;
  }
  Home home{outcome->evidence.account, outcome->evidence.opens_account};
  home.match = *std::move(outcome);
  return home;
}

absl::StatusOr<Home> CommandLocator::Locate(const AccountId* bound, Command& command,
                                            Context& context) {
  needs_.records.clear();
  matched_ = {};
  absl::Status status = ResolveReferences(lookup_, command, context);
  if (!status.ok()) return status;
  NeedsOf(command, context, needs_);
  if (status = LoadReferences(); !status.ok()) return status;
  if (status = LoadClaims(); !status.ok()) return status;
  absl::StatusOr<AccountId> event_stream = StreamOf(command);
  if (!event_stream.ok()) return event_stream.status();
  const Identity* identity = IdentityOf(command);
  if (identity != nullptr && !NamesRecord()) return LocateIdentity(*identity, {}, context);
  absl::StatusOr<AccountId> account = FindAccount(bound, command, *event_stream);
  if (!account.ok()) return account.status();
  if (identity != nullptr) return LocateIdentity(*identity, *account, context);
  if (!std::holds_alternative<AccountOpen>(command)) return Home{*account};
  // An account that is there already is where its opening may have been recorded before.
  const AccountId holder = HolderOfClaims();
  return Home{holder, !holder};
}

}  // namespace throughline
