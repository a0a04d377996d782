#ifndef THROUGHLINE_ANALYTICS_REPORTS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_H_

#include <cstdint>

#include "analytics/facts.h"
#include "throughline/report.h"
#include "throughline/table.h"

// The reports: pure functions of the facts. Name and time are filled in by RunReport.

namespace throughline {

Table PipelineReport(const Facts& facts, const AsOf& as_of);
Table FunnelReport(const Facts& facts, const AsOf& as_of);
Table SourcesReport(const Facts& facts, const AsOf& as_of, SourceChoice source);

// Below so many records a comparison says more about chance than about work.
inline constexpr int64_t kEnoughRecords = 10;

// Empty if there is nothing to share.
inline Cell ShareOf(int64_t part, int64_t whole) {
  return whole == 0 ? Cell() : Cell(static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_H_
