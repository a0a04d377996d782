#ifndef THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_
#define THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analytics/counted_shards.h"
#include "analytics/reports/report_counts.h"
#include "analytics/reports/report_scope.h"

namespace throughline {

// What a report has counted in a shard, with all that finishing it takes.
struct Partial {
  std::string report;
  ReportContext context;
  ReportCounts counted;
  CountedShards shards;
};

std::string EncodePartial(const Partial& partial);
absl::StatusOr<Partial> DecodePartial(std::string_view bytes);  // INVALID_ARGUMENT if damaged

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_
