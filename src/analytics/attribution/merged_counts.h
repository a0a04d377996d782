#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_MERGED_COUNTS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_MERGED_COUNTS_H_

#include "analytics/attribution/attribution_counts.h"

namespace throughline {

// Adds what was counted elsewhere, by the names of keys and currencies.
void AddCounts(const AttributionCounts& from, AttributionCounts& to);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_MERGED_COUNTS_H_
