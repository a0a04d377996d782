#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/path_view.h"
#include "model/abseil_text.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// Plain paths, checked once so that models need not.

namespace throughline {
namespace {

absl::Status InvalidItem(std::string_view field, size_t place, std::string_view why) {
  return InvalidField(absl::StrCat(ToAbsl(field), "[", place, "]"), why);
}

absl::Status CheckKeys(const PathColumns& columns) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < columns.keys.size(); ++i) {
    const std::string& key = columns.keys[i];
    if (!CheckText("keys", key, kMaxNameBytes).ok()) {
      return InvalidItem("keys", i, "is no text, or longer than a name");
    }
    if (key.empty()) return InvalidItem("keys", i, "is empty");
    if (key == kNoTouchKey) {
      return InvalidItem("keys", i, "is what conversions without any touch are called");
    }
    if (!seen.insert(key).second) return InvalidItem("keys", i, "'" + key + "' is there twice");
  }
  for (size_t i = 0; i < columns.direct_keys.size(); ++i) {
    if (columns.direct_keys[i] < columns.keys.size()) continue;
    return InvalidItem(
        "direct_keys", i,
        absl::StrCat(columns.direct_keys[i], " is not one of the ", columns.keys.size(), " keys"));
  }
  return absl::OkStatus();
}

absl::Status CheckBegins(const PathColumns& columns) {
  const std::vector<uint64_t>& begins = columns.begins;
  if (begins.empty()) return InvalidField("begins", "is empty: it ends with the number of touches");
  if (begins.front() != 0) return InvalidItem("begins", 0, "is not 0");
  const auto falls = std::ranges::adjacent_find(begins, std::greater());
  if (falls != begins.end()) {
    return InvalidItem("begins", static_cast<size_t>(falls - begins.begin()) + 1,
                       "is less than the one before");
  }
  if (begins.back() == columns.touches.size()) return absl::OkStatus();
  return InvalidField("begins", absl::StrCat("ends with ", begins.back(), ", but there are ",
                                             columns.touches.size(), " touches"));
}

// Counts are not negative; values may be.
absl::Status CheckNumbers(std::string_view field, const std::vector<double>& numbers, size_t paths,
                          bool may_lack, bool may_be_negative) {
  if (numbers.empty() && may_lack) return absl::OkStatus();
  if (numbers.size() != paths) {
    return InvalidField(field, absl::StrCat("has ", numbers.size(), " numbers for ", paths,
                                            paths == 1 ? " path" : " paths"));
  }
  const auto wrong = std::ranges::find_if(numbers, [&](double number) {
    return !std::isfinite(number) || (number < 0 && !may_be_negative);
  });
  if (wrong != numbers.end()) {
    return InvalidItem(field, static_cast<size_t>(wrong - numbers.begin()),
                       absl::StrCat(*wrong, " is not ", may_be_negative ? "finite" : "0 or more"));
  }
  const double all = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  if (std::isfinite(all)) return absl::OkStatus();
  return InvalidField(field, "add up to more than a number can hold");
}

absl::Status CheckValuesHaveConversions(const PathColumns& columns) {
  for (size_t i = 0; i < columns.values.size(); ++i) {
    if (columns.values[i] == 0 || columns.conversions[i] > 0) continue;
    return InvalidItem("values", i, absl::StrCat(columns.values[i], " is of no conversion"));
  }
  return absl::OkStatus();
}

absl::Status CheckTouches(const PathColumns& columns) {
  for (size_t i = 0; i < columns.touches.size(); ++i) {
    if (columns.touches[i] < columns.keys.size()) continue;
    return InvalidItem(
        "touches", i,
        absl::StrCat(columns.touches[i], " is not one of the ", columns.keys.size(), " keys"));
  }
  return absl::OkStatus();
}

absl::Status CheckDays(const PathColumns& columns) {
  const std::vector<double>& days = columns.days;
  if (days.empty()) return absl::OkStatus();
  if (days.size() != columns.touches.size()) {
    return InvalidField("days", absl::StrCat("has ", days.size(), " numbers for ",
                                             columns.touches.size(), " touches"));
  }
  for (size_t path = 0; path + 1 < columns.begins.size(); ++path) {
    for (uint64_t i = columns.begins[path]; i < columns.begins[path + 1]; ++i) {
      if (!std::isfinite(days[i])) return InvalidItem("days", i, "is not finite");
      if (i == columns.begins[path] || days[i - 1] <= days[i]) continue;
      return InvalidItem("days", i, "is less than the one before");
    }
  }
  return absl::OkStatus();
}

absl::Status Check(const PathColumns& columns) {
  absl::Status status = CheckKeys(columns);
  if (status.ok()) status = CheckBegins(columns);
  if (!status.ok()) return status;
  const size_t paths = columns.begins.size() - 1;
  status = CheckTouches(columns);
  if (status.ok()) status = CheckNumbers("conversions", columns.conversions, paths, false, false);
  if (status.ok()) status = CheckNumbers("values", columns.values, paths, true, true);
  if (status.ok()) status = CheckValuesHaveConversions(columns);
  if (status.ok()) status = CheckNumbers("nulls", columns.nulls, paths, true, false);
  if (status.ok()) status = CheckDays(columns);
  return status;
}

struct CheckedColumns {
  PathColumns columns;
  std::vector<uint8_t> direct;
};

}  // namespace

size_t LongestPath(const PathView& view) {
  size_t longest = 0;
  for (size_t path = 0; path < view.paths(); ++path) {
    longest = std::max(longest, view.LengthOf(path));
  }
  return longest;
}

// The first of the stages asked for that the paths, which have those of `known`, do not.
absl::Status KeptPaths::MissingStage(const MilestoneWeights& known,
                                     const MilestoneWeights& asked) const {
  const auto is_unknown = [&](const auto& each) {
    return std::ranges::none_of(known.stages, [&](auto& at) { return at.first == each.first; });
  };
  const auto missing = std::ranges::find_if(asked.stages, is_unknown);
  if (missing == asked.stages.end())
    return InvalidField("weights.stages", "a stage is there twice");
  return InvalidField(
      "weights.stages",
      ledger_ == nullptr
          ? absl::StrCat("plain paths have no stages: there is no '", missing->first, "'")
          : absl::StrCat("the paths were assembled without the stage '", missing->first,
                         "': give the same weights there"));
}

absl::StatusOr<AttributionRequest> KeptPaths::Settle(AttributionRequest request) const {
  if (request.model != AttributionModel::kCustom) {
    request.weights.reset();
    return request;
  }
  if (!request.weights) request.weights = context_.weights;
  if (!request.weights || request.weights->stages.empty()) return request;
  // Touches are marked with the stages that the paths were assembled with, in their order.
  MilestoneWeights settled = *request.weights;
  settled.stages.clear();
  size_t found = 0;
  for (const auto& [stage, weight] : context_.weights.value_or(MilestoneWeights()).stages) {
    const auto& asked = request.weights->stages;
    const auto at = std::ranges::find(asked, stage, [](const auto& each) { return each.first; });
    settled.stages.emplace_back(stage, at == asked.end() ? 0 : at->second);
    if (at != asked.end()) ++found;
  }
  if (found != request.weights->stages.size()) return MissingStage(settled, *request.weights);
  request.weights = std::move(settled);
  return request;
}

absl::StatusOr<std::shared_ptr<const AttributionPaths>> AttributionPaths::Of(PathColumns columns) {
  if (absl::Status status = Check(columns); !status.ok()) return status;
  auto kept = std::make_shared<CheckedColumns>();
  kept->columns = std::move(columns);
  kept->direct.resize(kept->columns.keys.size());
  for (const uint32_t key : kept->columns.direct_keys) kept->direct[key] = 1;
  PathView view;
  view.keys = kept->columns.keys;
  view.direct = kept->direct;
  view.begins = kept->columns.begins;
  view.touches = kept->columns.touches;
  view.days = kept->columns.days;
  view.conversions = kept->columns.conversions;
  view.nulls = kept->columns.nulls;
  view.values = kept->columns.values;
  return std::make_shared<const KeptPaths>(std::move(view), PathContext(), std::move(kept));
}

}  // namespace throughline
