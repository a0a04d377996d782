#ifndef THROUGHLINE_SALESFORCE_H_
#define THROUGHLINE_SALESFORCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "throughline/import.h"
#include "throughline/ledger.h"

namespace throughline {

// How an export of Salesforce is to be read.
struct SalesforceOptions {
  std::string time_zone;    // IANA name, for times without a zone; without it these are refused
  std::string dates;        // as `dates` of a mapping (docs/import.md), e.g. "%d.%m.%Y %H:%M"
  std::string currency;     // ISO 4217, for amounts of an org with one currency
  std::string stages_json;  // {"lead": {"Hot": "sql"}, "opportunity": {"Demo": "discovery"}}
  char decimal = '.';       // of numbers, or ','
  char thousands = 0;       // 0: none
};

// Imports the CSV files of a folder, one or more for each object: Account, Contact, Lead,
// LeadHistory, Opportunity, OpportunityHistory, OpportunityFieldHistory, OpportunityContactRole,
// Campaign, CampaignMember, Task, Event, User. docs/salesforce.md says what becomes of each column.
// Records are known by their 18-character ids (system "salesforce"). Importing a newer export adds
// what has changed since. Rejects, samples and warnings are as those of ImportFiles.
//
// INVALID_ARGUMENT, before anything is written, for what the files cannot say for themselves: a
// stage that the policy does not have (all are named at once), times without a zone, dates whose
// order is unknown, amounts without a currency, a column that is missing. NOT_FOUND if there is no
// such folder, or no file of an object in it.
absl::StatusOr<ImportReport> ImportSalesforce(Ledger& ledger, std::string_view directory,
                                              const SalesforceOptions& salesforce,
                                              const ImportOptions& options);

}  // namespace throughline

#endif  // THROUGHLINE_SALESFORCE_H_
