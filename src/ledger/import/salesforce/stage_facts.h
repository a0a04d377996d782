#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_FACTS_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_FACTS_H_

#include <span>
#include <string_view>

#include "ledger/import/salesforce/export_context.h"

// How a change of stage in Salesforce is said as a fact.

namespace throughline::salesforce {

// Where the record was, and where it is. `from` may be null.
struct StageStep {
  const Stage* from = nullptr;
  const Stage* to = nullptr;
  When when;
};

// Nothing if the two are the same stage of the policy, or if a lead is converted by it, which is a
// fact of its own.
void AddLeadStep(SalesforceId lead, const StageStep& step, FactList& facts);
void AddOpportunityStep(SalesforceId opportunity, const StageStep& step,
                        const std::optional<Money>& amount, const ExportContext& context,
                        FactList& facts);

// A deal counts as closed on its CloseDate, if that is not after the day it was entered as closed:
// then it was entered late. But it does not close before it came to its last open stage.
When ClosedWhen(const Moment& entered, const std::optional<Date>& close_date,
                std::optional<Time> last_stage_at = std::nullopt);
// Of a closing in the history of the deal.
When ClosedWhen(const Change& closing, const std::optional<Date>& close_date,
                std::span<const Change> run);

// The changes of stage of a record, from the history that has them: OpportunityHistory, else the
// one of fields.
std::span<const Change> StageChangesOf(SalesforceId record, const ExportContext& context);

// The stage before the first change; null if there is none.
const Stage* StageBefore(std::span<const Change> changes, bool of_lead,
                         const ExportContext& context);

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_FACTS_H_
