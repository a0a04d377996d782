#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_ROW_FACTS_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_ROW_FACTS_H_

#include "ledger/import/salesforce/export_context.h"
#include "ledger/import/salesforce/export_file.h"
#include "ledger/import/salesforce/fact_list.h"

// What a row of each object says, as facts: of a record that the ledger does not have its opening,
// of one that it has what has changed. A row with a fault gives none; the caller looks at it.
// Deleted rows do not come here, those that were merged into others to functions of their own.

namespace throughline::salesforce {

void UserFacts(ExportRow& row, ExportContext& context, FactList& facts);
void CampaignFacts(ExportRow& row, ExportContext& context, FactList& facts);
void AccountFacts(ExportRow& row, ExportContext& context, FactList& facts);
void ContactFacts(ExportRow& row, ExportContext& context, FactList& facts);
void LeadFacts(ExportRow& row, ExportContext& context, FactList& facts);
void LeadHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts);
void OpportunityFacts(ExportRow& row, ExportContext& context, FactList& facts);
void OpportunityHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts);
void OpportunityFieldHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts);
void RoleFacts(ExportRow& row, ExportContext& context, FactList& facts);
void MemberFacts(ExportRow& row, ExportContext& context, FactList& facts);
void TaskFacts(ExportRow& row, ExportContext& context, FactList& facts);
void EventFacts(ExportRow& row, ExportContext& context, FactList& facts);

// Two that were imported before they were merged: they become one where the ledger can say so.
void AccountMergeFacts(ExportRow& row, ExportContext& context, FactList& facts);
void ContactMergeFacts(ExportRow& row, ExportContext& context, FactList& facts);
void LeadMergeFacts(ExportRow& row, ExportContext& context, FactList& facts);

// They stay two, and that is told.
void WarnOfMerge(SalesforceId merged, std::string_view why, FactList& facts);

inline constexpr char kMergeReason[] = "merged_in_salesforce";

// The id in the column. Without one the row has a fault.
SalesforceId RequiredId(ExportRow& row, Column column = Column::kId);
std::optional<Moment> RequiredTime(ExportRow& row, Column column);

// The columns that say who somebody is, of contacts and leads; blank where they are.
struct Person {
  std::string name, email, phone, title;
  std::vector<Attribute> attributes;
};
Person PersonOf(const ExportRow& row, const ExportContext& context);

// Adds what has changed of a person, and new ids.
void UpdateContact(const ContactRow& known, const Person& person, std::vector<ExternalId> new_ids,
                   ExportRow& row, ExportContext& context, FactList& facts);

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_ROW_FACTS_H_
