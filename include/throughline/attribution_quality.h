#ifndef THROUGHLINE_ATTRIBUTION_QUALITY_H_
#define THROUGHLINE_ATTRIBUTION_QUALITY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "throughline/attribution.h"

// Which model to believe (docs/attribution.md): what they say side by side, how far that is
// chance, and how well each foretells what converts. Both functions may be called from any thread,
// and neither can be stopped.

namespace throughline {

// What models are to be compared by.
struct ComparisonRequest {
  // Distinct; empty: all but kShapleyOrdered, which is kShapley here. Of these, what the paths have
  // no times or weights for is left out, and so is kMarkov if there are too many keys or states: a
  // parameter of the table, "markov", says why.
  std::vector<AttributionModel> models;
  // All that models go by but the model. Its seed also settles which paths are drawn. A model with
  // too little data is tried as kLinear, and the table's parameters say so.
  AttributionRequest settings;
  // How often paths are drawn anew for the intervals of the models that go by the data; 0: there
  // are no intervals. At most 10,000, and keys x such models x resamples at most
  // kMaxResampledShares.
  int resamples = 100;
  // The share of the conversions and nulls that validation holds out, above 0 and below 1. Each is
  // drawn by itself; of a path that has parts of one, all or none.
  double held_out = 0.3;
};
inline constexpr size_t kMaxResampledShares = 100'000'000;  // 8 bytes each

// A row for each key, and columns of its share of the conversions by each model: "linear",
// "markov". Of the models that go by the data also bounds, "markov_low" and "markov_high", between
// which 95 % of the shares lie in `resamples` data sets drawn from this one (a bootstrap: B. Efron,
// "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979; drawn by
// counts: a path with c conversions has a Poisson number of mean c, rounded normal above 50; the
// same for nulls). It takes `resamples` times as long as these models do.
//
// INVALID_ARGUMENT for a number out of its range, or a model twice; errors else as of
// AttributePaths.
absl::StatusOr<Table> CompareAttribution(const AttributionPaths& paths,
                                         const ComparisonRequest& request);

// A row for each model, fitted to some of the paths and tried on the others, which were held out. A
// path's value is the sum, over its touches, of what a touch of such a key earned on average. "auc"
// is the chance that a path that converts has a higher value than one that does not (0.5: no better
// than chance). "log_loss" is the mean of -ln p, p being the chance that a logistic regression of
// the fitted paths gave to the path's outcome from its value; "log_loss_of_rate" the same with p
// from the rate of conversion alone: a model that tells something has a lower log_loss. Empty if
// the paths held out all convert, or none. Errors as of CompareAttribution.
absl::StatusOr<Table> ValidateAttribution(const AttributionPaths& paths,
                                          const ComparisonRequest& request);

}  // namespace throughline

#endif  // THROUGHLINE_ATTRIBUTION_QUALITY_H_
