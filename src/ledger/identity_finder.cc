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
  absl::StatusOr<MatchPlan> plan = MatchPlan::Of(identity, policy_, static_cast<bool>(known));
  if (!plan.ok()) return plan.status();
  MatchOutcome outcome;
  elsewhere_.clear();
  outcome.evidence.account = known;
  absl::Status status;
  if (!known) status = FindAnybody(*plan, outcome);
  if (status.ok() && outcome.evidence.account && !outcome.evidence.contact) {
    status = FindPerson(*plan, outcome);
  }
  if (!status.ok()) return status;
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

absl::Status IdentityFinder::FindAnybody(MatchPlan& plan, MatchOutcome& outcome) {
  const auto question = [this](AccountId a, AccountId b) { return QuestionBetween(a, b); };
  for (const MatchRule rule : plan.rules()) {
    const std::vector<MatchLookup> lookups = plan.LookupsOf(rule);
    for (const MatchLookup& lookup : lookups) {
      absl::Status status = Read(lookup);
      if (status.ok()) {
        status = Judge(lookup, candidates_, policy_.matching().ambiguous, question, outcome);
      }
      if (!status.ok() || outcome.settled()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status IdentityFinder::FindPerson(MatchPlan& plan, MatchOutcome& outcome) {
  absl::StatusOr<AccountId> leading = LeadingAccount(outcome.evidence.account);
  if (!leading.ok()) return leading.status();
  for (const MatchRule rule : plan.rules()) {
    const std::vector<MatchLookup> lookups = plan.LookupsOf(rule);
    for (const MatchLookup& lookup : lookups) {
      if (!lookup.of_person()) continue;
      absl::Status status = Read(lookup);
      if (!status.ok()) return status;
      MatchOutcome person = outcome;
      status = JudgePerson(lookup, candidates_, *leading, person);
      if (!status.ok()) return status;
      if (!person.evidence.contact) continue;
      // What found the account stays the evidence.
      outcome.evidence.contact = person.evidence.contact;
      if (outcome.evidence.rule == MatchRule::kNone) outcome = std::move(person);
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
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
        const bool gone = unwritten_ != nullptr && revision != nullptr &&
                          unwritten_->rows.contact_profiles.Erased({contact, *revision});
        const bool has = newer == nullptr ? !gone : newer->email_key == key;
        if (has) contacts.push_back(contact);
      });
  if (!status.ok()) return status;
  AddUnwritten(key, contacts);
  std::ranges::sort(contacts);
  contacts.erase(std::unique(contacts.begin(), contacts.end()), contacts.end());
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

// The account and all that were merged into it.
absl::StatusOr<std::vector<AccountId>> IdentityFinder::MembersOf(AccountId leading) {
  std::vector<AccountId> members = {leading};
  const auto add = [&](const AccountMergeRow& row) {
    if (std::ranges::count(members, row.merged) == 0) members.push_back(row.merged);
  };
  for (size_t next = 0; next < members.size();) {
    const AccountId member = members[next++];
    absl::Status status = ScanPrefix<AccountMergeRow>(
        store_, kPrimaryKey, KeyValues(member), [&](AccountMergeRow&& row) {
          if (unwritten_ == nullptr || !unwritten_->rows.account_merges.Erased(KeyOf(row)))
            add(row);
        });
    if (!status.ok()) return status;
    if (unwritten_ == nullptr) continue;
    unwritten_->rows.account_merges.ForEach([&](const AccountMergeRow& row) {
      if (row.account == member) add(row);
    });
  }
  return members;
}

// The row of a pair; of account 0 if there is none.
absl::StatusOr<ReviewRow> IdentityFinder::ReviewOf(AccountId account, AccountId other) {
  const AccountId newer = std::max(account, other), older = std::min(account, other);
  if (unwritten_ != nullptr) {
    if (const ReviewRow* row = unwritten_->rows.reviews.Find({newer, older})) return *row;
    if (unwritten_->rows.reviews.Erased({newer, older})) return ReviewRow();
  }
  ReviewRow row;
  absl::StatusOr<bool> found = GetRow(store_, KeyValues(newer, older), row);
  if (!found.ok()) return found.status();
  return *found ? row : ReviewRow();
}

absl::StatusOr<Question> IdentityFinder::QuestionBetween(AccountId account, AccountId other) {
  absl::StatusOr<std::vector<AccountId>> ours = MembersOf(account);
  if (!ours.ok()) return ours.status();
  absl::StatusOr<std::vector<AccountId>> theirs = MembersOf(other);
  if (!theirs.ok()) return theirs.status();
  Question question = Question::kNever;
  for (const AccountId a : *ours) {
    for (const AccountId b : *theirs) {
      absl::StatusOr<ReviewRow> row = ReviewOf(a, b);
      if (!row.ok()) return row.status();
      if (!row->account) continue;
      if (row->rule != MatchRule::kNone && row->account == a) return Question::kOpenedFor;
      question = Question::kAsked;
    }
  }
  return question;
}

absl::Status IdentityFinder::AddContactsOf(AccountId account, std::vector<ContactRow>& contacts) {
  absl::Status status = ScanPrefix<ContactRow>(
      store_, ContactIndex::kByAccount, KeyValues(account), [&](ContactRow&& row) {
        const bool newer = unwritten_ != nullptr && (unwritten_->rows.contacts.Find(row.contact) ||
                                                     unwritten_->rows.contacts.Erased(row.contact));
        if (!newer) contacts.push_back(row);
      });
  if (!status.ok() || unwritten_ == nullptr) return status;
  unwritten_->rows.contacts.ForEach([&](const ContactRow& row) {
    if (row.account == account) contacts.push_back(row);
  });
  return status;
}

// Of the account and of all that are merged with it. Of two with one name the first.
absl::StatusOr<ContactId> IdentityFinder::FindNamed(AccountId account,
                                                    const std::string& person_key) {
  absl::StatusOr<AccountId> leading = LeadingAccount(account);
  if (!leading.ok()) return leading.status();
  absl::StatusOr<std::vector<AccountId>> members = MembersOf(*leading);
  if (!members.ok()) return members.status();
  std::vector<ContactRow> contacts;
  for (const AccountId member : *members) {
    if (absl::Status status = AddContactsOf(member, contacts); !status.ok()) return status;
  }
  std::ranges::sort(contacts, {}, &ContactRow::contact);
  for (const ContactRow& contact : contacts) {
    absl::StatusOr<bool> same = HasName(contact, person_key);
    if (!same.ok()) return same.status();
    if (!*same) continue;
    candidates_.clear();
    if (absl::Status status = AddContact(contact.contact); !status.ok()) return status;
    if (!candidates_.empty()) return candidates_.front().contact;
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
  const bool gone = unwritten_ != nullptr &&
                    unwritten_->rows.contact_profiles.Erased({contact.contact, contact.revision});
  if (gone) return false;
  ContactProfileRow stored;
  absl::StatusOr<bool> found = GetRow(store_, KeyValues(contact.contact, contact.revision), stored);
  if (!found.ok()) return found;
  return *found && FoldName(stored.name) == person_key;
}

}  // namespace throughline
