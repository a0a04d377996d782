#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPARED_MODELS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPARED_MODELS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/attribution/path_view.h"
#include "throughline/attribution_quality.h"

namespace throughline {

// What a comparison asks for.
struct ComparedModels {
  std::vector<AttributionRequest> requests;  // one for each model, each checked
  // Of the models that nobody asked for by name, those that these paths are too large for, and why.
  std::vector<std::pair<std::string, std::string>> left_out;
};
absl::StatusOr<ComparedModels> ModelsToCompare(const KeptPaths& paths,
                                               const ComparisonRequest& request);

// Tells of models that are left out, and of those that fall back as there are so few conversions.
void AddModelParameters(const ComparedModels& models, double conversions, Table& table);

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
