#include "ledger/identity_finder.h"

#include <algorithm>
#include <utility>

#include "ledger/read_records.h"
#include "ledger/row_access.h"
#include "model/fold_case.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr uint64_t Column(int position) { return uint64_t{1} << position; }

// The first values of the rows under a key, which is all that a candidate needs: at most as many as
// are looked at.
template <class Row, class Visit>
absl::Status ScanFirst(ReadTransaction& store, int index, std::span<const Value> key,
                       uint64_t wanted, Visit&& visit) {
  Scan scan;
  scan.table = kTableOf<Row>;
  scan.index = index;
  scan.prefix = key;
  scan.wanted = wanted;
  size_t seen = 0;
  return store.ScanRows(scan, [&](std::span<const Value> values) {
    visit(values);
    return ++seen < kMaxMatchCandidates;
  });
}

// The id in a column of a scanned row.
template <class IdType>
IdType IdIn(const Value& value) {
  const auto* id = std::get_if<int64_t>(&value);
  return IdType{id == nullptr ? 0 : *id};
}

}  // namespace

absl::StatusOr<MatchOutcome> IdentityFinder::Find(const Identity& identity, AccountId known) {
  absl::StatusOr<MatchPlan> plan = MatchPlan::Of(identity, policy_);
  if (!plan.ok()) return plan.status();
  MatchOutcome outcome;
  elsewhere_.clear();
  outcome.evidence.account = known;
  for (const MatchRule rule : plan->rules()) {
    absl::StatusOr<bool> settled = Settle(plan->LookupsOf(rule), static_cast<bool>(known), outcome);
    if (!settled.ok()) return settled.status();
    if (*settled) break;
  }
  if (const std::string name = NameAskedFor(identity, outcome); !name.empty()) {
    absl::StatusOr<ContactId> named = FindNamed(outcome.evidence.account, name);
    if (!named.ok()) return named.status();
    if (*named) FoundByName(*named, outcome);
  }
  Conclude(identity, outcome);
  if (outcome.evidence.opens_account) outcome.domain = plan->Domain();
  outcome.elsewhere = std::move(elsewhere_);
  return outcome;
}

absl::StatusOr<bool> IdentityFinder::Settle(std::span<const MatchLookup> lookups, bool known,
                                            MatchOutcome& outcome) {
  const auto asked = [this](AccountId newer, AccountId older) { return AskedBefore(newer, older); };
  for (const MatchLookup& lookup : lookups) {
    if (known && !lookup.of_person()) continue;
    absl::Status status = Read(lookup);
    if (!status.ok()) return status;
    status = known ? JudgePerson(lookup, candidates_, outcome)
                   : Judge(lookup, candidates_, policy_.matching().ambiguous, asked, outcome);
    if (!status.ok()) return status;
    if (known ? static_cast<bool>(outcome.evidence.contact) : outcome.settled()) return true;
  }
  return false;
}

absl::Status IdentityFinder::Read(const MatchLookup& lookup) {
  candidates_.clear();
  absl::Status status;
  switch (lookup.by) {
    case MatchLookup::By::kContactId:
      status = ReadContactId(lookup.external);
      break;
    case MatchLookup::By::kAccountId:
      status = ReadAccountId(lookup.external);
      break;
    case MatchLookup::By::kEmail:
      status = ReadEmail(lookup.value);
      break;
    case MatchLookup::By::kDomain:
      status = ReadDomain(lookup.value);
      break;
    case MatchLookup::By::kName:
      status = ReadName(lookup.value);
      break;
  }
  return status.ok() && candidates_.size() > 1 ? ReadOpenings() : status;
}

absl::Status IdentityFinder::ReadContactId(const ExternalId& external) {
  if (unwritten_ != nullptr) {
    const auto& ids = unwritten_->rows.contact_external_ids;
    if (const auto* row = ids.Find({external.system, external.key})) {
      return AddContact(row->contact);
    }
    if (ids.Erased({external.system, external.key})) return absl::OkStatus();
  }
  absl::StatusOr<int64_t> id = FindExternalId(store_, EntityKind::kContact, external);
  if (!id.ok()) return id.status();
  return *id == 0 ? absl::OkStatus() : AddContact(ContactId{*id});
}

absl::Status IdentityFinder::ReadAccountId(const ExternalId& external) {
  if (unwritten_ != nullptr) {
    const auto& ids = unwritten_->rows.external_ids;
    if (const auto* row = ids.Find({EntityKind::kAccount, external.system, external.key})) {
      return AddAccount(AccountId{row->id});
    }
    if (ids.Erased({EntityKind::kAccount, external.system, external.key})) return absl::OkStatus();
  }
  absl::StatusOr<int64_t> id = FindExternalId(store_, EntityKind::kAccount, external);
  if (!id.ok()) return id.status();
  return *id == 0 ? absl::OkStatus() : AddAccount(AccountId{*id});
}

absl::Status IdentityFinder::ReadEmail(const std::string& key) {
  constexpr uint64_t kWanted = Column(0) | Column(1);  // contact, revision
  std::vector<ContactId> contacts;
  absl::Status status = ScanFirst<ContactProfileRow>(
      store_, ContactProfileIndex::kByEmailKey, KeyValues(key), kWanted, [&](const auto& values) {
        const auto contact = IdIn<ContactId>(values[0]);
        const auto* revision = std::get_if<int64_t>(&values[1]);
        const ContactProfileRow* newer =
            unwritten_ == nullptr || revision == nullptr
                ? nullptr
                : unwritten_->rows.contact_profiles.Find({contact, *revision});
        if (newer == nullptr || newer->email_key == key) contacts.push_back(contact);
      });
  if (!status.ok()) return status;
  AddUnwritten(key, contacts);
  std::ranges::sort(contacts);
  contacts.erase(std::ranges::unique(contacts).begin(), contacts.end());
  for (const ContactId contact : contacts) {
    if (status = AddContact(contact); !status.ok()) return status;
  }
  return status;
}

void IdentityFinder::AddUnwritten(const std::string& email_key,
                                  std::vector<ContactId>& contacts) const {
  if (unwritten_ == nullptr) return;
  const auto at = unwritten_->emails.find(email_key);
  if (at == unwritten_->emails.end()) return;
  for (const ContactId contact : at->second) {
    unwritten_->rows.contact_profiles.ForEachFrom({contact, 0}, [&](const auto& row) {
      if (row.contact == contact && row.email_key == email_key) contacts.push_back(contact);
      return row.contact == contact;
    });
  }
}

absl::Status IdentityFinder::ReadDomain(const std::string& domain) {
  constexpr uint64_t kWanted = Column(0) | Column(1);  // account, domain
  std::vector<AccountId> accounts;
  absl::Status status = ScanFirst<AccountDomainRow>(
      store_, AccountDomainIndex::kByRegistered, KeyValues(domain), kWanted,
      [&](const auto& values) {
        const auto account = IdIn<AccountId>(values[0]);
        const auto* text = std::get_if<std::string_view>(&values[1]);
        const bool gone = unwritten_ != nullptr && text != nullptr &&
                          unwritten_->rows.account_domains.Erased({account, std::string(*text)});
        if (!gone) accounts.push_back(account);
      });
  if (!status.ok()) return status;
  if (unwritten_ != nullptr) {
    unwritten_->rows.account_domains.ForEach([&](const AccountDomainRow& row) {
      if (row.registered == domain) accounts.push_back(row.account);
    });
  }
  return AddAccounts(accounts);
}

absl::Status IdentityFinder::ReadName(const std::string& key) {
  std::vector<AccountId> accounts;
  absl::Status status = ScanFirst<AccountRow>(
      store_, AccountIndex::kByNameKey, KeyValues(key), Column(0), [&](const auto& values) {
        const auto account = IdIn<AccountId>(values[0]);
        const AccountRow* newer =
            unwritten_ == nullptr ? nullptr : unwritten_->rows.accounts.Find(account);
        if (newer == nullptr || newer->name_key == key) accounts.push_back(account);
      });
  if (!status.ok()) return status;
  if (unwritten_ != nullptr) {
    unwritten_->rows.accounts.ForEach([&](const AccountRow& row) {
      if (row.name_key == key) accounts.push_back(row.account);
    });
  }
  return AddAccounts(accounts);
}

// The row as it is now; one of id 0 if there is none.
template <class Row, class IdType>
absl::StatusOr<Row> IdentityFinder::RowOf(const RowSet<Row>* newer, IdType id) {
  Row row;
  if (newer != nullptr) {
    if (newer->Erased(id)) return row;
    if (const Row* known = newer->Find(id)) return *known;
  }
  absl::StatusOr<bool> found = GetRow(store_, KeyValues(id), row);
  if (!found.ok()) return found.status();
  return *found ? row : Row();
}

// Most ledgers have no merged accounts: then no account has to be read.
absl::StatusOr<bool> IdentityFinder::AnyMerged() {
  if (unwritten_ != nullptr && !unwritten_->rows.account_merges.empty()) return true;
  if (!merged_in_store_) {
    Scan scan;
    scan.table = kTableOf<AccountMergeRow>;
    bool any = false;
    absl::Status status = store_.ScanRows(scan, [&](std::span<const Value>) {
      any = true;
      return false;
    });
    if (!status.ok()) return status;
    merged_in_store_ = any;
  }
  return *merged_in_store_;
}

// Of accounts that were merged the one whose name shows.
absl::StatusOr<AccountId> IdentityFinder::LeadingAccount(AccountId account) {
  absl::StatusOr<bool> merged = AnyMerged();
  if (!merged.ok()) return merged.status();
  if (!*merged) return account;
  const auto* newer = unwritten_ == nullptr ? nullptr : &unwritten_->rows.accounts;
  for (AccountId id = account;;) {
    absl::StatusOr<AccountRow> row = RowOf(newer, id);
    if (!row.ok()) return row.status();
    if (!row->merged_into) {
      if (id != account) elsewhere_.push_back(account);
      return id;
    }
    id = row->merged_into;
  }
}

absl::Status IdentityFinder::AddContact(ContactId contact) {
  const auto* newer = unwritten_ == nullptr ? nullptr : &unwritten_->rows.contacts;
  absl::StatusOr<ContactRow> row = RowOf(newer, contact);
  while (row.ok() && row->merged_into) {
    elsewhere_.push_back(row->account);
    row = RowOf(newer, row->merged_into);
  }
  if (!row.ok() || !row->contact) return row.status();
  absl::StatusOr<AccountId> account = LeadingAccount(row->account);
  if (!account.ok()) return account.status();
  const auto same = [&](const MatchCandidate& c) { return c.contact == row->contact; };
  if (std::ranges::none_of(candidates_, same)) candidates_.push_back({*account, row->contact, {}});
  return absl::OkStatus();
}

absl::Status IdentityFinder::AddAccount(AccountId account) {
  absl::StatusOr<AccountId> leading = LeadingAccount(account);
  if (!leading.ok()) return leading.status();
  const auto same = [&](const MatchCandidate& c) { return c.account == *leading; };
  if (std::ranges::none_of(candidates_, same)) candidates_.push_back({*leading, {}, {}});
  return absl::OkStatus();
}

absl::Status IdentityFinder::AddAccounts(const std::vector<AccountId>& accounts) {
  for (const AccountId account : accounts) {
    if (absl::Status status = AddAccount(account); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status IdentityFinder::ReadOpenings() {
  const auto* newer = unwritten_ == nullptr ? nullptr : &unwritten_->rows.accounts;
  for (MatchCandidate& candidate : candidates_) {
    absl::StatusOr<AccountRow> row = RowOf(newer, candidate.account);
    if (!row.ok()) return row.status();
    candidate.opened_at = row->opened_at;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IdentityFinder::AskedBefore(AccountId newer, AccountId older) {
  const ReviewRow* row =
      unwritten_ == nullptr ? nullptr : unwritten_->rows.reviews.Find({newer, older});
  if (row != nullptr) return row->rule != MatchRule::kNone;
  ReviewRow stored;
  absl::StatusOr<bool> found = GetRow(store_, KeyValues(newer, older), stored);
  if (!found.ok()) return found;
  return *found && stored.rule != MatchRule::kNone;
}

absl::StatusOr<ContactId> IdentityFinder::FindNamed(AccountId account,
                                                    const std::string& person_key) {
  std::vector<ContactRow> contacts;
  absl::Status status = ScanPrefix<ContactRow>(
      store_, ContactIndex::kByAccount, KeyValues(account), [&](ContactRow&& row) {
        const bool newer = unwritten_ != nullptr && (unwritten_->rows.contacts.Find(row.contact) ||
                                                     unwritten_->rows.contacts.Erased(row.contact));
        if (!newer) contacts.push_back(row);
      });
  if (!status.ok()) return status;
  if (unwritten_ != nullptr) {
    unwritten_->rows.contacts.ForEach([&](const ContactRow& row) {
      if (row.account == account) contacts.push_back(row);
    });
  }
  for (const ContactRow& contact : contacts) {
    absl::StatusOr<bool> same = HasName(contact, person_key);
    if (!same.ok()) return same.status();
    if (*same) return contact.contact;
  }
  return ContactId{};
}

absl::StatusOr<bool> IdentityFinder::HasName(const ContactRow& contact,
                                             const std::string& person_key) {
  const ContactProfileRow* row =
      unwritten_ == nullptr
          ? nullptr
          : unwritten_->rows.contact_profiles.Find({contact.contact, contact.revision});
  if (row != nullptr) return FoldName(row->name) == person_key;
  ContactProfileRow stored;
  absl::StatusOr<bool> found = GetRow(store_, KeyValues(contact.contact, contact.revision), stored);
  if (!found.ok()) return found;
  return *found && FoldName(stored.name) == person_key;
}

}  // namespace throughline
