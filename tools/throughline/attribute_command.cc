#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "attribute_options.h"
#include "commands.h"
#include "opened_ledger.h"
#include "report_request.h"
#include "table_output.h"
#include "throughline/attribution.h"
#include "throughline/attribution_quality.h"
#include "throughline/ledger_paths.h"

namespace throughline {
namespace {

// The command line takes no other names.
template <class Enum>
Enum Named(const std::string& name) {
  Enum value{};
  FromName(name, value);
  return value;
}

// "first=30", "mql=10": what is no milestone is a stage.
absl::Status ParseWeights(const std::vector<std::string>& texts, MilestoneWeights& weights) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    double weight = 0;
    if (equals == std::string::npos || !absl::SimpleAtod(text.substr(equals + 1), &weight)) {
      return BadOption("--weights", "'" + text + "' is not MILESTONE=PERCENT");
    }
    WeightOf(weights, text.substr(0, equals)) = weight;
  }
  return absl::OkStatus();
}

absl::StatusOr<AttributionRequest> ParseModel(const AttributeArguments& a) {
  AttributionRequest request;
  request.model = Named<AttributionModel>(a.model);
  request.half_life_days = a.half_life_days;
  request.order = a.order;
  request.minimum_conversions = a.minimum_conversions;
  request.samples = a.samples;
  request.seed = a.seed;
  if (a.weights.empty()) return request;
  absl::Status status = ParseWeights(a.weights, request.weights.emplace());
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<PathRequest> ParsePathRequest(const AttributeArguments& a,
                                             const AttributionRequest& model) {
  absl::StatusOr<ReportRequest> report = ParseReportRequest(a.report);
  if (!report.ok()) return report.status();
  PathRequest request;
  request.report = *std::move(report);
  request.by = Named<AttributionKey>(a.by);
  request.credit = Named<AttributionCredit>(a.credit);
  request.scope = Named<TouchScope>(a.scope);
  request.window = Named<TouchWindow>(a.window);
  request.side = Named<TouchSide>(a.side);
  request.anchor = Named<AttributionAnchor>(a.anchor);
  request.window_days = a.window_days;
  request.collapse_minutes = a.collapse_minutes;
  request.aged_out_days = a.aged_out_days;
  request.weights = model.weights;
  return request;
}

absl::StatusOr<std::shared_ptr<const AttributionPaths>> PathsOfFile(const AttributeArguments& a) {
  absl::StatusOr<PathColumns> columns = ReadPathColumns(a.file, a.direct);
  if (!columns.ok()) return columns.status();
  return AttributionPaths::Of(*std::move(columns));
}

absl::StatusOr<Table> TableOf(const AttributionPaths& paths, const AttributionRequest& model,
                              const AttributeArguments& a) {
  if (!a.compare && !a.validate) return AttributePaths(paths, model);
  ComparisonRequest request{.settings = model, .resamples = a.resamples, .held_out = a.held_out};
  for (const std::string& name : a.models) request.models.push_back(Named<AttributionModel>(name));
  return a.compare ? CompareAttribution(paths, request) : ValidateAttribution(paths, request);
}

// Whatever became of it: an open deal has a path, too.
absl::StatusOr<Table> Explanation(const AttributeArguments& a, PathRequest request,
                                  const AttributionRequest& model) {
  const absl::StatusOr<OpportunityRef> deal = ParseRef<OpportunityTag>(a.explain);
  if (!deal.ok()) return deal.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(a.report.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  const absl::StatusOr<OpportunityRow> found = (*ledger)->GetOpportunity(*deal);
  if (!found.ok()) return found.status();
  const auto snapshot = Snapshot::Take((*ledger)->store(), request.report.as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  request.credit = AttributionCredit::kPipeline;
  const OpportunityId id = found->opportunity;
  request.report.filters.push_back({"record", absl::StrCat(id.value)});
  const auto paths = AssemblePaths(**snapshot, request);
  if (!paths.ok()) return paths.status();
  return ExplainAttribution(**paths, model, id);
}

absl::StatusOr<Table> AnswerOf(const AttributeArguments& a) {
  const absl::StatusOr<AttributionRequest> model = ParseModel(a);
  if (!model.ok()) return model.status();
  if (!a.file.empty()) {
    const auto paths = PathsOfFile(a);
    return paths.ok() ? TableOf(**paths, *model, a) : paths.status();
  }
  absl::StatusOr<PathRequest> request = ParsePathRequest(a, *model);
  if (!request.ok()) return request.status();
  if (!a.explain.empty()) return Explanation(a, *std::move(request), *model);
  const auto snapshot = TakeSnapshot(a.report.ledger, request->report.as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  const auto paths = AssemblePaths(**snapshot, *request);
  return paths.ok() ? TableOf(**paths, *model, a) : paths.status();
}

}  // namespace

absl::StatusOr<ExitCode> RunAttribute(const AttributeArguments& arguments) {
  if (arguments.file.empty() && arguments.report.ledger.empty()) {
    return absl::InvalidArgumentError("LEDGER is required, or paths FILE");
  }
  if (!arguments.file.empty() && !arguments.report.ledger.empty()) {
    return absl::InvalidArgumentError("paths takes one FILE, and no LEDGER");
  }
  if (absl::Status status = CheckAttributeOptions(arguments); !status.ok()) return status;
  const absl::StatusOr<Table> table = AnswerOf(arguments);
  if (!table.ok()) return table.status();
  return PutTable(*table, arguments.report.format, arguments.report.output);
}

}  // namespace throughline
