#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_LEDGER_COLUMNS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_LEDGER_COLUMNS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analytics/attribution/path_view.h"
#include "analytics/reports/report_scope.h"
#include "analytics/snapshot/column.h"
#include "analytics/snapshot/facts.h"
#include "throughline/ledger_paths.h"

namespace throughline {

// The columns of paths that were assembled from a snapshot, which they keep.
struct LedgerColumns {
  std::shared_ptr<const Snapshot> snapshot;
  std::shared_ptr<const ReportScope> scope;  // whose facts are the snapshot's
  PathRequest request;

  // Of touches.
  Column<uint32_t> keys;
  Column<double> days;
  Column<uint16_t> milestones;
  Column<const Touch*> touches;  // the snapshot's

  // Of paths.
  Column<uint64_t> begins;
  Column<double> conversions;
  Column<double> nulls;
  Column<int64_t> amounts;
  Column<uint8_t> amount_currencies;
  Column<int64_t> own_amounts;  // empty unless amounts are converted
  Column<uint32_t> records;     // ids of leads or opportunities; 0: of a company that aged out

  std::vector<std::string> labels;  // of keys
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_LEDGER_COLUMNS_H_
