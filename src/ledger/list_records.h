#ifndef THROUGHLINE_LEDGER_LIST_RECORDS_H_
#define THROUGHLINE_LEDGER_LIST_RECORDS_H_

#include "absl/status/statusor.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/row.h"
#include "throughline/store.h"

namespace throughline {

// One page of the leads or opportunities for which all conditions hold.
absl::StatusOr<Page<LeadRow>> ListLeadRows(ReadTransaction& transaction, const Policy& policy,
                                           const RecordFilter& filter, const PageRequest& page);
absl::StatusOr<Page<OpportunityRow>> ListOpportunityRows(ReadTransaction& transaction,
                                                         const Policy& policy,
                                                         const RecordFilter& filter,
                                                         const PageRequest& page);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LIST_RECORDS_H_
