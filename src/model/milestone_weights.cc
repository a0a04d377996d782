#include "model/milestone_weights.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {

absl::Status CheckWeights(std::string_view field, const MilestoneWeights& weights) {
  const std::string path(field);
  std::vector<std::pair<std::string, double>> all = {{"first", weights.first},
                                                     {"lead", weights.lead},
                                                     {"opportunity", weights.opportunity},
                                                     {"close", weights.close},
                                                     {"middle", weights.middle}};
  if (weights.stages.size() > kMaxStageWeights) {
    return InvalidField(path + ".stages",
                        absl::StrCat("has ", weights.stages.size(), " stages, at most ",
                                     kMaxStageWeights, " are allowed"));
  }
  for (const auto& [stage, weight] : weights.stages) all.emplace_back("stages." + stage, weight);
  double sum = 0;
  for (const auto& [name, weight] : all) {
    if (!std::isfinite(weight) || weight < 0) {
      return InvalidField(absl::StrCat(path, ".", name),
                          absl::StrCat(weight, " is not a weight of 0 or more"));
    }
    sum += weight;
  }
  if (std::abs(sum - 100) <= 1e-9) return absl::OkStatus();
  return InvalidField(path, absl::StrCat("the weights add up to ", sum, ", not to 100"));
}

}  // namespace throughline
