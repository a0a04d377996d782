#ifndef THROUGHLINE_ATTRIBUTION_QUALITY_H_
#define THROUGHLINE_ATTRIBUTION_QUALITY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "throughline/attribution.h"

// Which model to believe (docs/attribution.md): what they say side by side, how far that is
// chance, and how well each foretells what converts.

namespace throughline {

// What models are to be compared by.
struct ComparisonRequest {
  // Distinct; empty: all that the paths allow. kShapleyOrdered is kShapley here, and left out.
  std::vector<AttributionModel> models;
  // All that models go by but the model. Its seed also settles which paths are drawn.
  AttributionRequest settings;
  // How often paths are drawn anew for the intervals of the models that go by the data; 0: there
  // are no intervals. At most 10,000.
  int resamples = 100;
  // The share of the paths that validation holds out, above 0 and below 1.
  double held_out = 0.3;
};

// A row for each key, and columns of its share of the conversions by each model: "linear",
// "markov". Of the models that go by the data also bounds, "markov_low" and "markov_high": between
// them are 95 % of the shares in as many data sets drawn from this one, each conversion and each
// null of a path as often as a Poisson variable of mean 1 says (B. Efron, "Bootstrap methods:
// another look at the jackknife", Annals of Statistics 7, 1979).
//
// INVALID_ARGUMENT for a number out of its range, or a model twice; errors else as of
// AttributePaths.
absl::StatusOr<Table> CompareAttribution(const AttributionPaths& paths,
                                         const ComparisonRequest& request);

// A row for each model, fitted to some of the paths and tried on the others, which were held out. A
// path's value is the sum, over its touches, of what a touch of such a key earned on average. "auc"
// is the chance that a path that converts has a higher value than one that does not (0.5: no better
// than chance), and "log_loss" is -ln of the chance that the value gave to what became of a path
// (by a logistic regression on the fitted paths), on average; "log_loss_of_rate" the same if every
// path is given the rate of conversion, which a model that tells something is below. Empty if the
// paths held out all convert, or none. Errors as of CompareAttribution.
absl::StatusOr<Table> ValidateAttribution(const AttributionPaths& paths,
                                          const ComparisonRequest& request);

}  // namespace throughline

#endif  // THROUGHLINE_ATTRIBUTION_QUALITY_H_
