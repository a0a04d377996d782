#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/path_assembler.h"
#include "model/milestone_weights.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr int64_t kMaxDays = 36'500;
constexpr int64_t kMaxCollapseMinutes = 525'600;

template <class Enum>
absl::Status CheckName(std::string_view field, Enum value) {
  if (!NameOf(value).empty()) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(static_cast<int>(value), " is none"));
}

absl::Status CheckRange(std::string_view field, int64_t value, int64_t least, int64_t most) {
  if (least <= value && value <= most) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(value, " is not within ", least, " and ", most));
}

absl::Status CheckNoDays(std::string_view field, const std::optional<int64_t>& days) {
  if (!days) return absl::OkStatus();
  return InvalidField(field, "means nothing to paths");
}

absl::Status CheckOptions(const PathRequest& request, const Shard& shard) {
  absl::Status status = CheckName("by", request.by);
  if (status.ok()) status = CheckName("credit", request.credit);
  if (status.ok()) status = CheckName("scope", request.scope);
  if (status.ok()) status = CheckName("window", request.window);
  if (status.ok()) status = CheckName("side", request.side);
  if (status.ok()) status = CheckName("anchor", request.anchor);
  if (status.ok()) status = CheckRange("window_days", request.window_days, 1, kMaxDays);
  if (status.ok()) {
    status = CheckRange("collapse_minutes", request.collapse_minutes, 0, kMaxCollapseMinutes);
  }
  if (status.ok()) {
    status = CheckRange("aged_out_days", request.aged_out_days.value_or(0), 0, kMaxDays);
  }
  if (status.ok() && request.weights) status = CheckWeights("weights", *request.weights);
  if (!status.ok()) return status;
  if (!request.report.group_by.empty()) {
    return InvalidField("group_by", "paths have no groups: touches go by `by`");
  }
  status = CheckNoDays("last_days", request.report.last_days);
  if (status.ok()) status = CheckNoDays("return_days", request.report.return_days);
  if (status.ok()) status = CheckNoDays("late_days", request.report.late_days);
  if (!status.ok()) return status;
  if (shard.index < shard.count) return absl::OkStatus();
  return InvalidField("shard", absl::StrCat(shard.index, " is not one of ", shard.count));
}

// Weights with their stages in the order of the policy's, in which records pass them.
struct SettledWeights {
  std::optional<MilestoneWeights> weights;
  std::vector<std::string> stages;
  size_t stages_of_leads = 0;
};

absl::StatusOr<SettledWeights> SettleWeights(const std::optional<MilestoneWeights>& asked,
                                             const Policy& policy) {
  SettledWeights settled;
  settled.weights = asked ? asked : policy.milestone_weights();
  if (!settled.weights) return settled;
  std::vector<std::pair<std::string, double>> stages;
  for (const Stage& stage : policy.stages()) {
    for (const auto& weighed : settled.weights->stages) {
      if (weighed.first != stage.key) continue;
      stages.push_back(weighed);
      if (IsLeadPhase(stage.phase)) ++settled.stages_of_leads;
    }
  }
  if (stages.size() != settled.weights->stages.size()) {
    for (const auto& [key, weight] : settled.weights->stages) {
      if (policy.FindStage(key) == nullptr) {
        return InvalidField("weights.stages", absl::StrCat("there is no stage '", key, "'"));
      }
    }
    return InvalidField("weights.stages", "a stage is there twice");
  }
  std::stable_partition(stages.begin(), stages.end(), [&](const auto& each) {
    return IsLeadPhase(policy.FindStage(each.first)->phase);
  });
  for (const auto& [key, weight] : stages) settled.stages.push_back(key);
  settled.weights->stages = std::move(stages);
  return settled;
}

std::string UnitOf(AttributionCredit credit) {
  switch (credit) {
    case AttributionCredit::kLeads:
      return "leads";
    case AttributionCredit::kPipeline:
      return "opportunities";
    case AttributionCredit::kLosses:
      return "lost opportunities";
    default:
      return "won opportunities";
  }
}

// All that paths go by: two tables, or partials, whose parameters agree are of one request.
void AddOptions(const PathRequest& request, const Policy& policy, PathContext& context) {
  auto& to = context.parameters;
  const auto add = [&](std::string name, std::string_view value) {
    to.emplace_back(std::move(name), std::string(value));
  };
  add("by", NameOf(request.by));
  add("credit", NameOf(request.credit));
  add("scope", NameOf(request.scope));
  add("window", NameOf(request.window));
  if (request.window == TouchWindow::kDays) add("window_days", absl::StrCat(request.window_days));
  if (request.window == TouchWindow::kChain || request.window == TouchWindow::kEpisode) {
    add("sourcing_window_days", absl::StrCat(policy.sourcing_window_days()));
  }
  add("side", NameOf(request.side));
  add("anchor", NameOf(request.anchor));
  add("collapse_minutes", absl::StrCat(request.collapse_minutes));
  if (HasAgedOut(request)) add("aged_out_days", absl::StrCat(AgedOutDays(request, policy)));
  const ReportRequest& report = request.report;
  if (report.from) add("from", FormatDate(*report.from));
  if (report.to) add("to", FormatDate(*report.to));
  if (!report.filters.empty()) {
    add("filters", FiltersText(report.filters));
    add("source", NameOf(report.source));
  }
  if (report.currency) add("currency", report.currency.view());
}

PathView ViewOf(const LedgerColumns& columns, std::vector<Currency> currencies) {
  PathView view;
  view.keys = columns.labels;
  view.begins = columns.begins;
  view.touches = columns.keys;
  view.days = columns.days;
  view.milestones = columns.milestones;
  view.conversions = columns.conversions;
  view.nulls = columns.nulls;
  view.money = true;
  view.amounts = columns.amounts;
  view.amount_currencies = columns.amount_currencies;
  view.own_amounts = columns.own_amounts;
  view.currencies = std::move(currencies);
  return view;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const AttributionPaths>> AssemblePaths(const Snapshot& snapshot,
                                                                      const PathRequest& request,
                                                                      const Shard& shard) {
  if (absl::Status status = CheckOptions(request, shard); !status.ok()) return status;
  const SnapshotFacts& facts = FactsOf(snapshot);
  absl::StatusOr<ReportScope> resolved = ReportScope::Of(facts, request.report, {});
  if (!resolved.ok()) return resolved.status();
  const auto scope = std::make_shared<const ReportScope>(*std::move(resolved));
  absl::StatusOr<SettledWeights> weights = SettleWeights(request.weights, facts.policy());
  if (!weights.ok()) return weights.status();
  PathAssembler assembler(*scope, request, weights->stages);
  size_t accounts = 0, touches = 0;
  for (size_t i = 0; i < facts.layers.size(); ++i) {
    accounts += facts.layers.block(i).accounts.size();
    touches += facts.layers.block(i).touches.size();
  }
  assembler.Reserve(accounts / shard.count, touches / shard.count);
  facts.layers.ForEachGroup([&](const Group& group) {
    if (static_cast<uint64_t>(group.id()) % shard.count == shard.index) assembler.Take(group);
  });
  if (!assembler.status().ok()) return assembler.status();
  PathContext context;
  context.key = NameOf(request.by);
  context.unit = UnitOf(request.credit);
  context.money = true;
  context.unknown_amounts = assembler.unknown_amounts();
  context.weights = std::move(weights->weights);
  context.stages_of_leads = weights->stages_of_leads;
  context.as_of = scope->context().as_of;
  context.shards = {ShardOf(snapshot, shard)};
  AddOptions(request, facts.policy(), context);
  std::shared_ptr<LedgerColumns> columns = assembler.Finish();
  columns->scope = scope;
  columns->snapshot = static_cast<const FactSnapshot&>(snapshot).shared_from_this();
  PathView view = ViewOf(*columns, assembler.currencies());
  const LedgerColumns* const of_ledger = columns.get();
  return std::make_shared<const KeptPaths>(std::move(view), std::move(context), std::move(columns),
                                           of_ledger);
}

}  // namespace throughline
