#include "ledger/import/salesforce/ledger_records.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ledger/import/salesforce/export_context.h"

namespace throughline::salesforce {

absl::StatusOr<LedgerRecords> LedgerRecords::Begin(Ledger& ledger) {
  // A new ledger's only commit is its policy: there is nothing to look for.
  absl::StatusOr<std::vector<Commit>> commits = ledger.ReadCommits(0, 2);
  if (!commits.ok()) return commits.status();
  return LedgerRecords(commits->size() > 1 ? &ledger : nullptr);
}

template <class Row>
std::optional<Row> LedgerRecords::Take(absl::StatusOr<Row> row) {
  if (row.ok()) return *std::move(row);
  if (!absl::IsNotFound(row.status()) && status_.ok()) status_ = row.status();
  return std::nullopt;
}

std::optional<AccountRow> LedgerRecords::Account(const AccountRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetAccount(ref));
}

std::optional<ContactRow> LedgerRecords::Contact(const ContactRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetContact(ref));
}

std::optional<ContactProfileRow> LedgerRecords::Profile(const ContactRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetContactProfile(ref));
}

std::optional<LeadRow> LedgerRecords::Lead(const LeadRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetLead(ref));
}

std::optional<OpportunityRow> LedgerRecords::Opportunity(const OpportunityRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetOpportunity(ref));
}

std::optional<OwnerRow> LedgerRecords::Owner(const OwnerRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetOwner(ref));
}

std::optional<CampaignRow> LedgerRecords::Campaign(const CampaignRef& ref) {
  if (ledger_ == nullptr || !ref) return std::nullopt;
  return Take(ledger_->GetCampaign(ref));
}

AccountId LedgerRecords::RootOf(AccountId account) {
  for (auto row = Account(account); row && row->merged_into; row = Account(account)) {
    account = row->merged_into;
  }
  return account;
}

ContactId LedgerRecords::RootOf(ContactId contact) {
  for (auto row = Contact(contact); row && row->merged_into; row = Contact(contact)) {
    contact = row->merged_into;
  }
  return contact;
}

bool LedgerRecords::HasDomain(AccountId account, const std::string& domain) {
  if (ledger_ == nullptr) return false;
  const auto rows = Take(ledger_->FindAccountsByDomain(domain));
  return rows && std::any_of(rows->begin(), rows->end(),
                             [&](const AccountRow& row) { return row.account == account; });
}

bool LedgerRecords::HasSalesforceId(EntityKind kind, int64_t id) {
  if (ledger_ == nullptr) return false;
  const auto ids = Take(ledger_->GetExternalIds(kind, id));
  return ids && std::any_of(ids->begin(), ids->end(),
                            [](const ExternalId& external) { return external.system == kSystem; });
}

}  // namespace throughline::salesforce
