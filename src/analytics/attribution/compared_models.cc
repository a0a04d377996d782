#include "analytics/attribution/compared_models.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
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

// Why the paths are too large for the model; empty: they are not.
std::string TooLargeFor(const PathView& view, const AttributionRequest& request) {
  if (request.model != AttributionModel::kMarkov) return "";
  const absl::Status status = CountTransitions(view, request.order).status();
  if (status.ok()) return "";
  return std::string(absl::StripPrefix(status.message(), DetailOf(status).field + ": "));
}

// Adds what is to be asked of one model, unless it is one of all that there are and the paths do
// not allow it.
absl::Status AddModel(const KeptPaths& paths, AttributionRequest request, bool of_all,
                      ComparedModels& to) {
  const absl::StatusOr<AttributionRequest> settled = paths.Settle(std::move(request));
  if (!settled.ok()) return settled.status();
  if (of_all && Lacks(paths.view(), *settled)) return absl::OkStatus();
  if (absl::Status status = CheckRequest(*settled, paths.view()); !status.ok()) return status;
  if (const std::string why = of_all ? TooLargeFor(paths.view(), *settled) : ""; !why.empty()) {
    to.left_out.emplace_back(std::string(NameOf(settled->model)), "left out: " + why);
    return absl::OkStatus();
  }
  to.requests.push_back(*settled);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ComparedModels> ModelsToCompare(const KeptPaths& paths,
                                               const ComparisonRequest& request) {
  if (absl::Status status = CheckComparison(request); !status.ok()) return status;
  ComparedModels models;
  const bool all = request.models.empty();
  for (const AttributionModel model : all ? AllModels() : request.models) {
    AttributionRequest one = request.settings;
    one.model = model;
    absl::Status status = AddModel(paths, std::move(one), all, models);
    if (!status.ok()) return status;
  }
  return models;
}

void AddModelParameters(const ComparedModels& models, double conversions, Table& table) {
  auto& to = table.parameters;
  to.insert(to.end(), models.left_out.begin(), models.left_out.end());
  for (const AttributionRequest& model : models.requests) {
    if (!GoesByData(model.model) || conversions >= model.minimum_conversions) continue;
    to.emplace_back(std::string(NameOf(model.model)), "linear: too little data");
  }
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
