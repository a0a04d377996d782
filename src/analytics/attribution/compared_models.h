#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPARED_MODELS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPARED_MODELS_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/attribution/path_view.h"
#include "throughline/attribution_quality.h"

namespace throughline {

// The requests that a comparison makes, one for each model, each checked.
absl::StatusOr<std::vector<AttributionRequest>> ComparedModels(const KeptPaths& paths,
                                                               const ComparisonRequest& request);

// The same paths with other numbers: how often each converted, and did not.
struct WeightedPaths {
  std::vector<double> conversions;
  std::vector<double> nulls;

  PathView ViewOf(const PathView& paths) const;
};

// Shares of the conversions by key, and behind them that of no touch.
absl::StatusOr<std::vector<double>> SharesOfModel(const PathView& view, const KeptPaths& paths,
                                                  const AttributionRequest& request);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPARED_MODELS_H_
