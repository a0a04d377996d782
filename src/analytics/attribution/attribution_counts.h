#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_COUNTS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_COUNTS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/attribution/credit.h"
#include "analytics/attribution/set_counts.h"
#include "analytics/attribution/transitions.h"
#include "throughline/attribution.h"

namespace throughline {

// What a model takes of paths: all of it can be added up.
struct AttributionCounts {
  AttributionRequest request;
  PathContext context;
  std::vector<Currency> currencies;
  std::vector<std::string> keys;
  double nulls = 0;
  // By key, and one row for no touch: of the model, or, of one that goes by the data, what it falls
  // back to.
  Credit credit;
  // Of those models that go by the data, each its own.
  std::vector<KeyPosition> positions;  // rows of credit_by_position
  Credit credit_by_position;
  Transitions transitions;
  std::vector<KeySet> sets;

  double conversions() const;
};

// Whether the model needs a minimum of data.
bool GoesByData(AttributionModel model);

// Whether there is not what the model takes beside paths: the times of touches, or weights.
bool Lacks(const PathView& view, const AttributionRequest& request);

// What the model falls back to.
inline constexpr AttributionModel kFallback = AttributionModel::kLinear;

// INVALID_ARGUMENT names the field of the request, or what the paths lack.
absl::Status CheckRequest(const AttributionRequest& request, const PathView& view);

// `whole`: nothing will be added, so what is not needed may be left out.
absl::StatusOr<AttributionCounts> CountAttribution(const PathView& view, const PathContext& context,
                                                   const AttributionRequest& request, bool whole);

// What each key has of all conversions, and behind the keys no touch: together 1, or all 0.
std::vector<double> SharesByKey(const AttributionCounts& counts);

Table FinishedTable(const AttributionCounts& counts);

// INVALID_ARGUMENT if there are more keys or states than the model takes: what was added up may
// have more than each part had.
absl::Status CheckSize(const AttributionCounts& counts);

// Whether two counts may be added up.
bool SameRequest(const AttributionCounts& a, const AttributionCounts& b);

std::string EncodeCounts(const AttributionCounts& counts);
absl::StatusOr<AttributionCounts> DecodeCounts(std::string_view bytes);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_COUNTS_H_
