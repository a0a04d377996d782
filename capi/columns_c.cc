// Records as columns.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "handles.h"
#include "table_handle.h"
#include "throughline/columns.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

using ReadFunction = absl::StatusOr<Table> (*)(Ledger&, const RecordFilter&,
                                               std::span<const std::string>);

tl_status ReadIntoColumns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                          int64_t column_count, tl_table** out, tl_error* error,
                          ReadFunction read) noexcept {
  ClearHandle(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    RecordFilter conditions;
    std::vector<std::string> names;
    absl::Status status = CheckGiven("out_table", out);
    if (status.ok()) status = TakeFilter(filter, conditions);
    if (status.ok() && column_count < 0) status = NoSuchValue({"column_count"}, column_count);
    if (status.ok()) {
      status = TakeItems({"columns"}, tl_texts{columns, static_cast<size_t>(column_count)}, names);
    }
    if (!status.ok()) return status;
    absl::StatusOr<Table> found = read(*open.ledger, conditions, names);
    if (!found.ok()) return found.status();
    *out = MakeTable(*std::move(found)).release();
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_lead_columns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                          int64_t column_count, tl_table** out_table, tl_error* error) noexcept {
  return ReadIntoColumns(ledger, filter, columns, column_count, out_table, error, &LeadColumns);
}

tl_status tl_opportunity_columns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                                 int64_t column_count, tl_table** out_table,
                                 tl_error* error) noexcept {
  return ReadIntoColumns(ledger, filter, columns, column_count, out_table, error,
                         &OpportunityColumns);
}
