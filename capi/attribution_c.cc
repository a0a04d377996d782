// Attribution.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "handles.h"
#include "partial_answers.h"
#include "throughline/attribution.h"
#include "throughline/attribution_quality.h"
#include "throughline/ledger_paths.h"
#include "to_model.h"

struct tl_paths {
  std::shared_ptr<const throughline::AttributionPaths> paths;
};

namespace throughline::capi {
namespace {

Table ModelTable() {
  Table table;
  table.report = "attribution models";
  table.columns = {{"name", ColumnKind::kText, "", "what to ask for"},
                   {"about", ColumnKind::kText, "", "how it shares credit"}};
  for (const AttributionModelInfo& model : AttributionModels()) {
    table.AddRow({std::string(model.name), std::string(model.about)});
  }
  return table;
}

// A name of an enum; "" leaves the default.
template <class Enum>
absl::Status TakeName(const Where& where, const tl_text& in, Enum& out) {
  std::string name;
  absl::Status status = Take(where, in, name);
  if (!status.ok() || name.empty() || FromName(name, out)) return status;
  return Fault(where, "there is no '" + name + "'");
}

// What is not given leaves the default.
template <class Number>
absl::Status TakeNumber(const Where& where, const tl_optional& in, int64_t most, Number& out) {
  std::optional<int64_t> number;
  absl::Status status = Take(where, in, number);
  if (!status.ok() || !number) return status;
  if (*number < 0 || *number > most) return NoSuchValue(where, *number);
  out = static_cast<Number>(*number);
  return absl::OkStatus();
}

absl::Status TakeWeights(const tl_weights& in, std::optional<MilestoneWeights>& out) {
  absl::Status status = CheckListSize({"weights"}, in.items, in.count);
  if (!status.ok() || in.count == 0) return status;
  MilestoneWeights& weights = out.emplace();
  for (size_t i = 0; i < in.count; ++i) {
    std::string milestone;
    status = Take({"weights", static_cast<int64_t>(i)}, in.items[i].milestone, milestone);
    if (!status.ok()) return status;
    WeightOf(weights, milestone) = in.items[i].percent;
  }
  return absl::OkStatus();
}

absl::Status TakeModel(const tl_attribution_options& in, AttributionRequest& out) {
  absl::Status status = TakeName({"model"}, in.model, out.model);
  if (status.ok()) status = TakeWeights(in.weights, out.weights);
  if (in.order != 0) out.order = in.order;
  if (in.half_life_days != 0) out.half_life_days = in.half_life_days;
  if (status.ok()) {
    status = TakeNumber({"minimum_conversions"}, in.minimum_conversions, INT64_MAX,
                        out.minimum_conversions);
  }
  if (status.ok()) status = TakeNumber({"samples"}, in.samples, INT32_MAX, out.samples);
  if (status.ok()) status = TakeNumber({"seed"}, in.seed, INT64_MAX, out.seed);
  return status;
}

absl::Status TakeComparison(const tl_attribution_options* in, ComparisonRequest& out) {
  tl_attribution_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = TakeModel(options, out.settings);
  if (status.ok()) status = CheckListSize({"models"}, options.models.items, options.models.count);
  for (size_t i = 0; status.ok() && i < options.models.count; ++i) {
    AttributionModel& model = out.models.emplace_back();
    status = TakeName({"models", static_cast<int64_t>(i)}, options.models.items[i], model);
  }
  if (status.ok()) status = TakeNumber({"resamples"}, options.resamples, INT32_MAX, out.resamples);
  if (options.held_out != 0) out.held_out = options.held_out;
  return status;
}

absl::Status TakePathRequest(const tl_report_options* report, const tl_paths_options* in,
                             PathRequest& out) {
  tl_paths_options options;
  absl::Status status = TakeReportRequest(report, out.report);
  if (status.ok()) status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckZero({"options.reserved"}, options.reserved);
  if (status.ok()) status = TakeName({"by"}, options.by, out.by);
  if (status.ok()) status = TakeName({"credit"}, options.credit, out.credit);
  if (status.ok()) status = TakeName({"scope"}, options.scope, out.scope);
  if (status.ok()) status = TakeName({"window"}, options.window, out.window);
  if (status.ok()) status = TakeName({"side"}, options.side, out.side);
  if (status.ok()) status = TakeName({"anchor"}, options.anchor, out.anchor);
  if (status.ok()) {
    status = TakeNumber({"window_days"}, options.window_days, INT64_MAX, out.window_days);
  }
  if (status.ok()) {
    status =
        TakeNumber({"collapse_minutes"}, options.collapse_minutes, INT64_MAX, out.collapse_minutes);
  }
  if (status.ok()) status = Take({"aged_out_days"}, options.aged_out_days, out.aged_out_days);
  if (status.ok()) status = TakeWeights(options.weights, out.weights);
  return status;
}

template <class T>
absl::Status TakeColumn(const Where& where, const T* in, size_t count, bool may_lack,
                        std::vector<T>& out) {
  if (in == nullptr && may_lack) return absl::OkStatus();
  if (in == nullptr && count > 0) return Fault(where, "is NULL");
  if (count > SIZE_MAX / 16) return Fault(where, "is longer than memory");
  if (in != nullptr) out.assign(in, in + count);
  return absl::OkStatus();
}

absl::Status TakeColumns(const tl_path_columns* in, PathColumns& out) {
  tl_path_columns columns;
  absl::Status status = CheckGiven("columns", in);
  if (status.ok()) status = ReadStruct("columns", in, columns);
  if (status.ok()) status = CheckZero({"columns.reserved"}, columns.reserved);
  if (status.ok()) status = Take({"keys"}, columns.keys, out.keys);
  if (!status.ok()) return status;
  const size_t paths = columns.path_count, touches = columns.touch_count;
  for (absl::Status each :
       {TakeColumn({"direct_keys"}, columns.direct_keys, columns.direct_count, false,
                   out.direct_keys),
        TakeColumn({"begins"}, columns.begins, paths + 1, false, out.begins),
        TakeColumn({"touches"}, columns.touches, touches, false, out.touches),
        TakeColumn({"conversions"}, columns.conversions, paths, false, out.conversions),
        TakeColumn({"values"}, columns.values, paths, true, out.values),
        TakeColumn({"nulls"}, columns.nulls, paths, true, out.nulls),
        TakeColumn({"days"}, columns.days, touches, true, out.days)}) {
    if (!each.ok()) return each;
  }
  return absl::OkStatus();
}

absl::Status GivePaths(absl::StatusOr<std::shared_ptr<const AttributionPaths>> paths,
                       tl_paths** out) {
  if (!paths.ok()) return paths.status();
  auto handle = std::make_unique<tl_paths>();
  handle->paths = *std::move(paths);
  *out = handle.release();
  return absl::OkStatus();
}

// ask(paths, request) gives the answer.
template <class Out, class Ask>
tl_status AskAttribution(const tl_paths* paths, const tl_attribution_options* options,
                         const char* out_name, Out** out, tl_error* error, Ask&& ask) noexcept {
  ClearHandle(out);
  return Guarded(error, [&]() -> absl::Status {
    ComparisonRequest request;
    absl::Status status = CheckGiven("paths", paths);
    if (status.ok()) status = CheckGiven(out_name, out);
    if (status.ok()) status = TakeComparison(options, request);
    return status.ok() ? Give(ask(*paths->paths, request), out) : status;
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_attribution_models(tl_table** out_table, tl_error* error) noexcept {
  ClearHandle(out_table);
  return Guarded(error, [&]() -> absl::Status {
    const absl::Status status = CheckGiven("out_table", out_table);
    return status.ok() ? Give(ModelTable(), out_table) : status;
  });
}

tl_status tl_paths_assemble(const tl_snapshot* snapshot, const tl_report_options* report,
                            const tl_paths_options* options, int32_t shard_index,
                            int32_t shard_count, tl_paths** out_paths, tl_error* error) noexcept {
  ClearHandle(out_paths);
  return Guarded(error, [&]() -> absl::Status {
    PathRequest request;
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckGiven("out_paths", out_paths);
    if (status.ok()) status = TakePathRequest(report, options, request);
    if (status.ok() && shard_index < 0) status = NoSuchValue({"shard_index"}, shard_index);
    if (status.ok() && shard_count < 0) status = NoSuchValue({"shard_count"}, shard_count);
    if (!status.ok()) return status;
    return GivePaths(
        AssemblePaths(*snapshot->snapshot, request,
                      {static_cast<uint32_t>(shard_index), static_cast<uint32_t>(shard_count)}),
        out_paths);
  });
}

tl_status tl_paths_of_columns(const tl_path_columns* columns, tl_paths** out_paths,
                              tl_error* error) noexcept {
  ClearHandle(out_paths);
  return Guarded(error, [&]() -> absl::Status {
    PathColumns taken;
    absl::Status status = CheckGiven("out_paths", out_paths);
    if (status.ok()) status = TakeColumns(columns, taken);
    if (!status.ok()) return status;
    return GivePaths(AttributionPaths::Of(std::move(taken)), out_paths);
  });
}

tl_status tl_paths_read(const char* file, size_t file_size, const tl_texts* direct,
                        tl_paths** out_paths, tl_error* error) noexcept {
  ClearHandle(out_paths);
  return Guarded(error, [&]() -> absl::Status {
    std::string path;
    std::vector<std::string> direct_keys;
    absl::Status status = CheckGiven("out_paths", out_paths);
    if (status.ok()) status = TakePath({"file"}, {file, file_size}, path);
    if (status.ok() && direct != nullptr) status = Take({"direct"}, *direct, direct_keys);
    if (!status.ok()) return status;
    absl::StatusOr<PathColumns> columns = ReadPathColumns(path, direct_keys);
    if (!columns.ok()) return columns.status();
    return GivePaths(AttributionPaths::Of(*std::move(columns)), out_paths);
  });
}

tl_status tl_paths_counts(const tl_paths* paths, int64_t* out_paths, int64_t* out_touches,
                          tl_error* error) noexcept {
  if (out_paths != nullptr) *out_paths = 0;
  if (out_touches != nullptr) *out_touches = 0;
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("paths", paths);
    if (!status.ok()) return status;
    if (out_paths != nullptr) *out_paths = paths->paths->paths();
    if (out_touches != nullptr) *out_touches = paths->paths->touches();
    return status;
  });
}

void tl_paths_free(tl_paths* paths) noexcept { delete paths; }

tl_status tl_attribution_run(const tl_paths* paths, const tl_attribution_options* options,
                             tl_table** out_table, tl_error* error) noexcept {
  return AskAttribution(paths, options, "out_table", out_table, error,
                        [](const AttributionPaths& of, const ComparisonRequest& request) {
                          return AttributePaths(of, request.settings);
                        });
}

tl_status tl_attribution_explain(const tl_paths* paths, const tl_attribution_options* options,
                                 int64_t opportunity, tl_table** out_table,
                                 tl_error* error) noexcept {
  return AskAttribution(paths, options, "out_table", out_table, error,
                        [&](const AttributionPaths& of, const ComparisonRequest& request) {
                          return ExplainAttribution(of, request.settings,
                                                    OpportunityId{opportunity});
                        });
}

tl_status tl_attribution_compare(const tl_paths* paths, const tl_attribution_options* options,
                                 tl_table** out_table, tl_error* error) noexcept {
  return AskAttribution(paths, options, "out_table", out_table, error, &CompareAttribution);
}

tl_status tl_attribution_validate(const tl_paths* paths, const tl_attribution_options* options,
                                  tl_table** out_table, tl_error* error) noexcept {
  return AskAttribution(paths, options, "out_table", out_table, error, &ValidateAttribution);
}

tl_status tl_attribution_partial(const tl_paths* paths, const tl_attribution_options* options,
                                 tl_string** out_partial, tl_error* error) noexcept {
  return AskAttribution(paths, options, "out_partial", out_partial, error,
                        [](const AttributionPaths& of, const ComparisonRequest& request) {
                          return AttributionPartial(of, request.settings);
                        });
}

tl_status tl_attribution_merge(const tl_text* partials, int64_t count, tl_string** out_partial,
                               tl_error* error) noexcept {
  return MergeGiven(partials, count, out_partial, error, &MergeAttributionPartials);
}

tl_status tl_attribution_finish(const char* partial, size_t partial_size, tl_table** out_table,
                                tl_error* error) noexcept {
  return FinishGiven(partial, partial_size, out_table, error, &FinishAttribution);
}
