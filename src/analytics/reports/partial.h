#ifndef THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_
#define THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analytics/reports/report_counts.h"
#include "analytics/reports/report_scope.h"

namespace throughline {

// Which part of which snapshot was counted.
struct CountedShard {
  int64_t seq = 0;
  Time recorded_at;
  Shard shard;
  bool SameSnapshot(const CountedShard& other) const {
    return seq == other.seq && recorded_at == other.recorded_at;
  }
};

// What a report has counted in a shard, with all that finishing it takes.
struct Partial {
  std::string report;
  ReportContext context;
  ReportCounts counted;
  std::vector<CountedShard> shards;  // of each snapshot none twice
};

std::string EncodePartial(const Partial& partial);
// INVALID_ARGUMENT if a shard of a snapshot is missing.
absl::Status CheckComplete(const Partial& partial);
absl::StatusOr<Partial> DecodePartial(std::string_view bytes);  // INVALID_ARGUMENT if damaged

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_PARTIAL_H_
