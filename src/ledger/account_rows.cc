#include "ledger/account_rows.h"

#include <utility>
#include <vector>

#include "store/schema.h"

namespace throughline {
namespace {

absl::Status LoadExternalIds(ReadTransaction& transaction, EntityKind kind, int64_t id,
                             Rows& rows) {
  return LoadPrefix(transaction, ExternalIdIndex::kById, KeyValues(kind, id), rows.external_ids);
}

absl::Status LoadNoCompany(ReadTransaction& transaction, Rows& rows) {
  absl::Status status = LoadPrefix(transaction, kPrimaryKey, {}, rows.owners);
  status.Update(LoadPrefix(transaction, kPrimaryKey, {}, rows.campaigns));
  status.Update(LoadPrefix(transaction, kPrimaryKey, {}, rows.campaign_costs));
  status.Update(LoadPrefix(transaction, kPrimaryKey, {}, rows.exchange_rates));
  status.Update(LoadPrefix(transaction, kPrimaryKey, {}, rows.policies));
  for (const EntityKind kind : {EntityKind::kOwner, EntityKind::kCampaign}) {
    status.Update(LoadPrefix(transaction, kPrimaryKey, KeyValues(kind), rows.external_ids));
  }
  return status;
}

template <class Row>
void ReplaceRows(const Membership& members, const RowSet<Row>& folded, RowSet<Row>& rows) {
  std::vector<Row> gone;
  rows.ForEach([&](const Row& row) {
    if (members.Has(row) && folded.Find(KeyOf(row)) == nullptr) gone.push_back(row);
  });
  for (const Row& row : gone) rows.Erase(row);
  folded.ForEach([&](const Row& row) {
    const Row* known = rows.Find(KeyOf(row));
    if (known == nullptr || !(*known == row)) rows.Put(row);
  });
}

}  // namespace

bool Membership::Has(OpportunityId id) const {
  const OpportunityRow* row = rows_.opportunities.Find(id);
  return row != nullptr && Has(row->account);
}

bool Membership::Has(LeadId id) const {
  const LeadRow* row = rows_.leads.Find(id);
  return row != nullptr && Has(row->account);
}

bool Membership::Has(const ExternalIdRow& r) const {
  switch (r.entity) {
    case EntityKind::kAccount:
      return Has(AccountId{r.id});
    case EntityKind::kLead:
      return Has(LeadId{r.id});
    case EntityKind::kOpportunity:
      return Has(OpportunityId{r.id});
    default:
      return Has(kNoAccount);
  }
}

absl::Status LoadGroup(ReadTransaction& transaction, AccountId account, Rows& rows) {
  const auto key = KeyValues(account);
  absl::Status status = LoadPrefix(transaction, LeadIndex::kByAccount, key, rows.leads);
  if (!status.ok()) return status;
  return LoadPrefix(transaction, OpportunityIndex::kByAccount, key, rows.opportunities);
}

absl::Status LoadContacts(ReadTransaction& transaction, AccountId account, Rows& rows) {
  return LoadPrefix(transaction, ContactIndex::kByAccount, KeyValues(account), rows.contacts);
}

absl::Status LoadDependents(ReadTransaction& transaction, const Rows& of, Rows& rows) {
  absl::Status status;
  of.leads.ForEach([&](const LeadRow& r) {
    if (!status.ok()) return;
    status = LoadExternalIds(transaction, EntityKind::kLead, r.lead.value, rows);
  });
  of.opportunities.ForEach([&](const OpportunityRow& r) {
    if (!status.ok()) return;
    const auto key = KeyValues(r.opportunity);
    status = LoadExternalIds(transaction, EntityKind::kOpportunity, r.opportunity.value, rows);
    status.Update(LoadPrefix(transaction, kPrimaryKey, key, rows.opportunity_leads));
    status.Update(LoadPrefix(transaction, kPrimaryKey, key, rows.opportunity_roles));
  });
  return status;
}

absl::Status LoadAccount(ReadTransaction& transaction, AccountId account, Rows& rows) {
  const auto key = KeyValues(account);
  absl::Status status = LoadOnce(transaction, account, key, rows.accounts);
  if (!status.ok()) return status;
  if (account == kNoAccount) return LoadNoCompany(transaction, rows);
  status.Update(LoadGroup(transaction, account, rows));
  status.Update(LoadPrefix(transaction, kPrimaryKey, key, rows.account_domains));
  status.Update(LoadPrefix(transaction, kPrimaryKey, key, rows.reviews));
  status.Update(LoadPrefix(transaction, kPrimaryKey, key, rows.account_merges));
  status.Update(LoadContacts(transaction, account, rows));
  status.Update(LoadExternalIds(transaction, EntityKind::kAccount, account.value, rows));
  status.Update(LoadDependents(transaction, rows, rows));
  return status;
}

absl::Status LoadPerson(ReadTransaction& transaction, ContactId contact, Rows& rows) {
  const auto key = KeyValues(contact);
  absl::Status status = LoadPrefix(transaction, kPrimaryKey, key, rows.contact_profiles);
  status.Update(
      LoadPrefix(transaction, ContactExternalIdIndex::kByContact, key, rows.contact_external_ids));
  return status;
}

void ReplaceAccounts(std::span<const AccountId> accounts, const Rows& folded, Rows& rows) {
  const Membership members(accounts, rows);
  // What hangs on a record goes before the record: membership is judged by it.
  ReplaceRows(members, folded.external_ids, rows.external_ids);
  ReplaceRows(members, folded.opportunity_leads, rows.opportunity_leads);
  ReplaceRows(members, folded.opportunity_roles, rows.opportunity_roles);
  Rows::ForEachDerivedPair(folded, rows,
                           [&](const auto& from, auto& to) { ReplaceRows(members, from, to); });
}

absl::Status SaveChanges(WriteTransaction& transaction, Rows& rows) {
  absl::Status status;
  const auto save = [&]<class Row>(RowSet<Row>& set) {
    set.ForEachChange([&](const Row& row, bool erased) {
      if (!status.ok()) return;
      status = erased ? EraseRow(transaction, row) : PutRow(transaction, row);
    });
    set.ForgetChanges();
  };
  Rows::ForEachDerived(rows, save);
  Rows::ForEachVault(rows, save);
  return status;
}

}  // namespace throughline
