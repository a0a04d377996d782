#ifndef THROUGHLINE_COLUMNS_H_
#define THROUGHLINE_COLUMNS_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "throughline/ledger.h"
#include "throughline/read.h"
#include "throughline/table.h"

namespace throughline {

// All records that the filter asks for, of one consistent state, as a table "leads" or
// "opportunities", all of it in memory. Of as_of it has `seq` alone: the last commit that it shows.
// The columns are those of the table in SQL (row.h), or the ones named, in that order; they have no
// units and no definitions. INVALID_ARGUMENT names an unknown column,
// or what is wrong with the filter; store errors as they are.
absl::StatusOr<Table> LeadColumns(Ledger& ledger, const RecordFilter& filter,
                                  std::span<const std::string> names = {});
absl::StatusOr<Table> OpportunityColumns(Ledger& ledger, const RecordFilter& filter,
                                         std::span<const std::string> names = {});

}  // namespace throughline

#endif  // THROUGHLINE_COLUMNS_H_
