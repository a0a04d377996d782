#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_LEDGER_RECORDS_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_LEDGER_RECORDS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "throughline/ledger.h"

namespace throughline::salesforce {

// What the ledger knew before this import, to tell what has changed since. The first error of the
// store is kept; after it nothing is found.
class LedgerRecords {
 public:
  static absl::StatusOr<LedgerRecords> Begin(Ledger& ledger);

  std::optional<AccountRow> Account(const AccountRef& ref);
  std::optional<ContactRow> Contact(const ContactRef& ref);
  std::optional<ContactProfileRow> Profile(const ContactRef& ref);
  std::optional<LeadRow> Lead(const LeadRef& ref);
  std::optional<OpportunityRow> Opportunity(const OpportunityRef& ref);
  std::optional<OwnerRow> Owner(const OwnerRef& ref);
  std::optional<CampaignRow> Campaign(const CampaignRef& ref);

  // What the record is an alias of, at the end of all merges; itself if of none.
  AccountId RootOf(AccountId account);
  ContactId RootOf(ContactId contact);

  // Whether the account has the domain.
  bool HasDomain(AccountId account, const std::string& domain);
  // Whether the record has an id of Salesforce.
  bool HasSalesforceId(EntityKind kind, int64_t id);

  const absl::Status& status() const { return status_; }

 private:
  explicit LedgerRecords(Ledger* ledger) : ledger_(ledger) {}
  template <class Row>
  std::optional<Row> Take(absl::StatusOr<Row> row);

  Ledger* ledger_;  // null: it has no records
  absl::Status status_;
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_LEDGER_RECORDS_H_
