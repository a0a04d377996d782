#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_SET_COUNTS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_SET_COUNTS_H_

#include <cstdint>
#include <vector>

#include "analytics/attribution/path_view.h"

// Paths as sets of keys, counted.

namespace throughline {

struct KeySet {
  std::vector<uint32_t> keys;  // distinct, rising
  double conversions = 0;
  double nulls = 0;
};

// One for each set of keys that some path has; none is empty.
std::vector<KeySet> CountSets(const PathView& view);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_SET_COUNTS_H_
