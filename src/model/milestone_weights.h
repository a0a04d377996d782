#ifndef THROUGHLINE_MODEL_MILESTONE_WEIGHTS_H_
#define THROUGHLINE_MODEL_MILESTONE_WEIGHTS_H_

#include <string_view>

#include "absl/status/status.h"
#include "throughline/policy.h"

namespace throughline {

// INVALID_ARGUMENT, of the field or a member of it, unless the weights are at least 0 and add up to
// 100.
absl::Status CheckWeights(std::string_view field, const MilestoneWeights& weights);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_MILESTONE_WEIGHTS_H_
