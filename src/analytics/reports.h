#ifndef THROUGHLINE_ANALYTICS_REPORTS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_H_

#include <cstdint>

#include "analytics/projection.h"
#include "throughline/report.h"
#include "throughline/table.h"

// The reports: pure functions of a projection. Name and time are filled in by RunReport.

namespace throughline {

Table PipelineReport(const Projection& projection, const AsOf& as_of);
Table FunnelReport(const Projection& projection, const AsOf& as_of);
Table CoverageReport(const Projection& projection, const AsOf& as_of);
Table SourcesReport(const Projection& projection, const AsOf& as_of, SourceChoice source);

// Below so many records a comparison says more about chance than about work.
inline constexpr int64_t kEnoughRecords = 10;

// Empty if there is nothing to share.
inline Cell ShareOf(int64_t part, int64_t whole) {
  return whole == 0 ? Cell() : Cell(static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_H_
