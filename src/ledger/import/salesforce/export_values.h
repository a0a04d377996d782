#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_VALUES_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_VALUES_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/value_parser.h"
#include "throughline/money.h"
#include "throughline/salesforce.h"

namespace throughline::salesforce {

// Reads values as this export writes them. FAILED_PRECONDITION is a fault of the whole export, not
// of one cell: something has to be said that the files do not say. Other errors are the cell's.
class ExportValues {
 public:
  // INVALID_ARGUMENT for an option that is wrong in itself.
  static absl::StatusOr<ExportValues> Compile(const SalesforceOptions& options);

  absl::StatusOr<Moment> ParseTime(std::string_view text) const;
  // `currency`: of the row, may be empty.
  absl::StatusOr<Money> ParseMoney(std::string_view text, std::string_view currency) const;

 private:
  std::vector<TimeFormat> formats_;  // the first that fits counts
  bool zone_stated_ = false;
  bool order_stated_ = false;
  Currency currency_;
  NumberFormat numbers_;
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_VALUES_H_
