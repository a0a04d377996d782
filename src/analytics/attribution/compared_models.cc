#include "analytics/attribution/compared_models.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/attribution_counts.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr int kMaxResamples = 10'000;

absl::Status CheckComparison(const ComparisonRequest& request) {
  if (request.resamples < 0 || request.resamples > kMaxResamples) {
    return InvalidField("resamples",
                        absl::StrCat(request.resamples, " is not within 0 and ", kMaxResamples));
  }
  if (!(request.held_out > 0 && request.held_out < 1)) {
    return InvalidField("held_out", absl::StrCat(request.held_out, " is not within 0 and 1"));
  }
  for (size_t i = 0; i < request.models.size(); ++i) {
    const auto end = request.models.begin() + static_cast<ptrdiff_t>(i);
    if (std::find(request.models.begin(), end, request.models[i]) == end) continue;
    return InvalidField(absl::StrCat("models[", i, "]"), "is there twice");
  }
  return absl::OkStatus();
}

std::vector<AttributionModel> AllModels() {
  std::vector<AttributionModel> models;
  for (const AttributionModelInfo& info : AttributionModels()) {
    if (info.model != AttributionModel::kShapleyOrdered) models.push_back(info.model);
  }
  return models;
}

}  // namespace

absl::StatusOr<std::vector<AttributionRequest>> ComparedModels(const KeptPaths& paths,
                                                               const ComparisonRequest& request) {
  if (absl::Status status = CheckComparison(request); !status.ok()) return status;
  std::vector<AttributionRequest> requests;
  for (const AttributionModel model : request.models.empty() ? AllModels() : request.models) {
    AttributionRequest one = request.settings;
    one.model = model;
    absl::StatusOr<AttributionRequest> settled = paths.Settle(std::move(one));
    absl::Status status = settled.status();
    if (status.ok()) status = CheckRequest(*settled, paths.view());
    if (status.ok()) {
      requests.push_back(*std::move(settled));
    } else if (!request.models.empty() || DetailOf(status).field != NeededBy(model)) {
      return status;
    }
  }
  return requests;
}

PathView WeightedPaths::ViewOf(const PathView& paths) const {
  PathView view = paths;
  view.conversions = conversions;
  view.nulls = nulls;
  view.money = false;
  view.values = {};
  view.currencies.clear();
  return view;
}

absl::StatusOr<std::vector<double>> SharesOfModel(const PathView& view, const KeptPaths& paths,
                                                  const AttributionRequest& request) {
  PathContext context = paths.context();
  context.money = view.money;
  const auto counts = CountAttribution(view, context, request, /*whole=*/true);
  if (!counts.ok()) return counts.status();
  return SharesByKey(*counts);
}

}  // namespace throughline
