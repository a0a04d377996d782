#include "analytics/attribution/attribution_counts.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "model/milestone_weights.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr int kMaxSamples = 1'000'000;

absl::Status CheckModel(const AttributionRequest& request, const PathView& view) {
  if (NameOf(request.model).empty()) {
    return InvalidField("model", absl::StrCat(static_cast<int>(request.model), " is no model"));
  }
  const bool custom = request.model == AttributionModel::kCustom;
  if (Lacks(view, request)) {
    if (custom)
      return InvalidField("weights",
                          "custom takes some (first=30, middle=70), and neither the request nor "
                          "the policy (milestone_weights) has any");
    return InvalidField("model", "time_decay takes the times of touches, which these paths lack");
  }
  return custom ? CheckWeights("weights", *request.weights) : absl::OkStatus();
}

AttributionRequest AsModel(AttributionRequest request, AttributionModel model) {
  request.model = model;
  return request;
}

// Of the conversions alone, if nothing else will be asked for.
Credit CreditOfFallback(const PathView& view, const AttributionRequest& request, bool whole) {
  const double all = SumOf(view.conversions);
  const bool enough = whole && all >= request.minimum_conversions;
  return CreditByRule(view, AsModel(request, enough ? AttributionModel::kLast : kFallback));
}

absl::Status CountForData(const PathView& view, AttributionCounts& counts) {
  switch (counts.request.model) {
    case AttributionModel::kMarkov: {
      absl::StatusOr<Transitions> counted = CountTransitions(view, counts.request.order);
      if (!counted.ok()) return counted.status();
      counts.transitions = *std::move(counted);
      break;
    }
    case AttributionModel::kShapleyRate:
      counts.sets = CountSets(view);
      break;
    case AttributionModel::kShapleyOrdered:
      counts.credit_by_position = CreditByPosition(view, counts.positions);
      break;
    default: {
      const Credit credit = CreditByRule(view, counts.request);
      counts.credit_by_position = credit;
      for (uint32_t key = 0; key < credit.rows(); ++key) counts.positions.push_back({key, 0});
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

double AttributionCounts::conversions() const { return SumOf(credit.conversions); }

bool GoesByData(AttributionModel model) { return model >= AttributionModel::kMarkov; }

bool Lacks(const PathView& view, const AttributionRequest& request) {
  if (request.model == AttributionModel::kTimeDecay) {
    return view.days.empty() && !view.touches.empty();
  }
  return request.model == AttributionModel::kCustom && !request.weights;
}

absl::Status CheckRequest(const AttributionRequest& request, const PathView& view) {
  if (request.order < 1 || request.order > kMaxOrder) {
    return InvalidField("order", absl::StrCat(request.order, " is not 1, 2 or 3"));
  }
  if (!std::isfinite(request.half_life_days) || request.half_life_days <= 0) {
    return InvalidField("half_life_days", absl::StrCat(request.half_life_days, " is not above 0"));
  }
  if (!std::isfinite(request.minimum_conversions) || request.minimum_conversions < 0) {
    return InvalidField("minimum_conversions",
                        absl::StrCat(request.minimum_conversions, " is not 0 or more"));
  }
  if (request.samples < 2 || request.samples > kMaxSamples) {
    return InvalidField("samples",
                        absl::StrCat(request.samples, " is not from 2 to ", kMaxSamples));
  }
  return CheckModel(request, view);
}

absl::Status CheckSize(const AttributionCounts& counts) {
  if (counts.request.model != AttributionModel::kMarkov) return absl::OkStatus();
  return CheckMarkovSize(counts.keys.size(), counts.transitions.states.size(),
                         counts.request.order);
}

absl::StatusOr<AttributionCounts> CountAttribution(const PathView& view, const PathContext& context,
                                                   const AttributionRequest& request, bool whole) {
  if (absl::Status status = CheckRequest(request, view); !status.ok()) return status;
  AttributionCounts counts;
  counts.request = request;
  counts.context = context;
  counts.currencies = view.currencies;
  counts.keys.assign(view.keys.begin(), view.keys.end());
  counts.nulls = SumOf(view.nulls);
  if (!GoesByData(request.model)) {
    counts.credit = CreditByRule(view, request, context.stages_of_leads);
    return counts;
  }
  counts.credit = CreditOfFallback(view, request, whole);
  if (absl::Status status = CountForData(view, counts); !status.ok()) return status;
  return counts;
}

}  // namespace throughline
