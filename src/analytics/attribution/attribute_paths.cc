#include "absl/strings/str_cat.h"
#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution/merged_counts.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// A model of which a list tells what it does.
constexpr AttributionModelInfo kModels[] = {
    {AttributionModel::kLinear, "linear", "every touch the same"},
    {AttributionModel::kFirst, "first", "the first touch all"},
    {AttributionModel::kLast, "last", "the last touch all"},
    {AttributionModel::kLastNonDirect, "last_non_direct",
     "the last touch all that is not direct traffic"},
    {AttributionModel::kPosition, "position", "first 40 %, last 40 %, the middle 20 %"},
    {AttributionModel::kU, "u", "first 40 %, lead creation 40 %, the rest 20 %"},
    {AttributionModel::kW, "w",
     "first, lead creation and opportunity creation 30 % each, the rest 10 %"},
    {AttributionModel::kFullPath, "full_path",
     "first, lead creation, opportunity creation and close 22.5 % each, the rest 10 %"},
    {AttributionModel::kJ, "j", "first 20 %, the middle 20 %, last 60 %"},
    {AttributionModel::kInverseJ, "inverse_j", "first 60 %, the middle 20 %, last 20 %"},
    {AttributionModel::kTimeDecay, "time_decay", "half as much for each half-life before the last"},
    {AttributionModel::kCustom, "custom", "weights of your own for milestones and the middle"},
    {AttributionModel::kMarkov, "markov",
     "what a Markov chain of the paths loses without each (removal effect)"},
    {AttributionModel::kShapley, "shapley",
     "Shapley value of the conversions: each path shared by its distinct channels"},
    {AttributionModel::kShapleyOrdered, "shapley_ordered",
     "the same by position: how early or late in the path"},
    {AttributionModel::kShapleyRate, "shapley_rate", "Shapley value of the conversion rate"},
};

}  // namespace

std::vector<AttributionModelInfo> AttributionModels() {
  return {std::begin(kModels), std::end(kModels)};
}

double& WeightOf(MilestoneWeights& weights, std::string_view milestone) {
  if (milestone == "first") return weights.first;
  if (milestone == "lead") return weights.lead;
  if (milestone == "opportunity") return weights.opportunity;
  if (milestone == "close") return weights.close;
  if (milestone == "middle") return weights.middle;
  for (auto& [stage, weight] : weights.stages) {
    if (stage == milestone) return weight;
  }
  return weights.stages.emplace_back(std::string(milestone), 0).second;
}

absl::StatusOr<Table> AttributePaths(const AttributionPaths& paths,
                                     const AttributionRequest& request) {
  const KeptPaths& kept = KeptOf(paths);
  const absl::StatusOr<AttributionRequest> settled = kept.Settle(request);
  if (!settled.ok()) return settled.status();
  const auto counts = CountAttribution(kept.view(), kept.context(), *settled, /*whole=*/true);
  if (!counts.ok()) return counts.status();
  return FinishedTable(*counts);
}

absl::StatusOr<std::string> AttributionPartial(const AttributionPaths& paths,
                                               const AttributionRequest& request) {
  const KeptPaths& kept = KeptOf(paths);
  const absl::StatusOr<AttributionRequest> settled = kept.Settle(request);
  if (!settled.ok()) return settled.status();
  const auto counts = CountAttribution(kept.view(), kept.context(), *settled, /*whole=*/false);
  if (!counts.ok()) return counts.status();
  return EncodeCounts(*counts);
}

absl::StatusOr<std::string> MergeAttributionPartials(std::span<const std::string> partials) {
  if (partials.empty()) return InvalidField("partials", "there are none");
  absl::StatusOr<AttributionCounts> merged = DecodeCounts(partials[0]);
  if (!merged.ok()) return merged.status();
  for (size_t i = 1; i < partials.size(); ++i) {
    const absl::StatusOr<AttributionCounts> other = DecodeCounts(partials[i]);
    const std::string field = absl::StrCat("partials[", i, "]");
    if (!other.ok()) return InvalidField(field, std::string(other.status().message()));
    if (!SameRequest(*merged, *other)) {
      return InvalidField(field, "is of another request, time or kind of paths than the first");
    }
    absl::Status added = AddShards(other->context.shards, merged->context.shards);
    if (!added.ok()) return InvalidField(field, std::string(added.message()));
    AddCounts(*other, *merged);
    if (absl::Status status = CheckSize(*merged); !status.ok()) {
      return InvalidField(field, absl::StrCat("with those before it: ", status.message()));
    }
  }
  return EncodeCounts(*merged);
}

absl::StatusOr<Table> FinishAttribution(std::string_view partial) {
  const absl::StatusOr<AttributionCounts> counts = DecodeCounts(partial);
  if (!counts.ok()) return counts.status();
  if (absl::Status status = CheckComplete(counts->context.shards); !status.ok()) return status;
  return FinishedTable(*counts);
}

}  // namespace throughline
