#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/amount_sums.h"
#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution/ledger_columns.h"
#include "analytics/attribution/touch_keys.h"
#include "analytics/number_text.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

// The credit for one opportunity, touch by touch.

namespace throughline {
namespace {

// One path of a ledger, as a view whose rows are its touches.
struct ExplainedPath {
  size_t path = 0;
  size_t begin = 0;
  size_t length = 0;
  Credit credit;  // by touch; of one conversion
};

absl::StatusOr<const LedgerColumns*> ColumnsOf(const KeptPaths& paths) {
  const LedgerColumns* columns = paths.ledger();
  if (columns == nullptr) return InvalidField("paths", "are not those of a ledger");
  if (columns->request.credit == AttributionCredit::kLeads) {
    return InvalidField("paths", "are of leads, not of opportunities");
  }
  return columns;
}

absl::StatusOr<size_t> PathOf(const LedgerColumns& columns, OpportunityId opportunity) {
  // Ids are close together: to look at all of a million takes less than a millisecond.
  const auto id = static_cast<uint32_t>(opportunity.value);
  const auto at = std::ranges::find(columns.records, id);
  if (at == columns.records.end() || opportunity.value != id || id == 0) {
    return NotFoundField("opportunity",
                         absl::StrCat(opportunity.value, " is in none of these paths"));
  }
  return static_cast<size_t>(at - columns.records.begin());
}

// The model that weighs touches: Shapley values of one path are known without others.
absl::StatusOr<AttributionRequest> WeighingRequest(const KeptPaths& paths,
                                                   const AttributionRequest& request) {
  if (request.model == AttributionModel::kMarkov ||
      request.model == AttributionModel::kShapleyRate) {
    return InvalidField("model", absl::StrCat(ToAbsl(NameOf(request.model)),
                                              " does not weigh the touches of one path"));
  }
  absl::StatusOr<AttributionRequest> settled = paths.Settle(request);
  if (!settled.ok()) return settled.status();
  if (absl::Status status = CheckRequest(*settled, paths.view()); !status.ok()) return status;
  return settled;
}

ExplainedPath Explained(const KeptPaths& paths, const AttributionRequest& request, size_t path) {
  const PathView& all = paths.view();
  ExplainedPath explained{path, all.begins[path], all.LengthOf(path), {}};
  const size_t begin = explained.begin, length = explained.length;
  const bool by_key = GoesByData(request.model);
  const std::vector<uint64_t> begins = {0, length};
  const double conversion = 1;
  std::vector<uint32_t> rows(length);
  std::iota(rows.begin(), rows.end(), 0U);
  const std::vector<std::string> labels(by_key ? 0 : length);
  PathView one;
  one.keys = by_key ? all.keys : std::span<const std::string>(labels);
  one.begins = begins;
  one.touches = by_key ? all.touches.subspan(begin, length) : std::span<const uint32_t>(rows);
  one.days = all.days.subspan(begin, length);
  one.milestones = all.milestones.subspan(begin, length);
  one.conversions = {&conversion, 1};
  one.money = true;
  one.amounts = all.amounts.subspan(path, 1);
  one.amount_currencies = all.amount_currencies.subspan(path, 1);
  if (!all.own_amounts.empty()) one.own_amounts = all.own_amounts.subspan(path, 1);
  one.currencies = all.currencies;
  std::vector<KeyPosition> positions;
  explained.credit = by_key ? CreditByPosition(one, positions)
                            : CreditByRule(one, request, paths.context().stages_of_leads);
  return explained;
}

// What a touch is among the path's milestones.
std::string MilestonesOf(uint16_t marks, bool first, bool last, const PathContext& context) {
  std::vector<std::string> names;
  if (first) names.emplace_back("first");
  if (marks & kLeadMilestone) names.emplace_back("lead");
  if (marks & kOpportunityMilestone) names.emplace_back("opportunity");
  if (context.weights) {
    for (size_t i = 0; i < context.weights->stages.size(); ++i) {
      if (marks & (kFirstStageMilestone << i)) names.push_back(context.weights->stages[i].first);
    }
  }
  if (last) names.emplace_back("close");
  return absl::StrJoin(names, ", ");
}

void AddExplainedColumns(std::string_view unit, Table& table) {
  table.columns = {
      {"position", ColumnKind::kInteger, "", "Where in the path the touch is, from 1."},
      {"occurred_at", ColumnKind::kTime, "", "When it happened."},
      {"touch", ColumnKind::kInteger, "", "The touch, by its event's id."},
      {"kind", ColumnKind::kText, "", "What kind of touch it is."},
      {"channel", ColumnKind::kText, "", "Its channel."},
      {"campaign", ColumnKind::kText, "", "Its campaign."},
      {"side", ColumnKind::kText, "", "Whether it is marketing's or of sales."},
      {"contact", ColumnKind::kInteger, "", "Whose it is, by the contact's id; empty if unknown."},
      {"milestones", ColumnKind::kText, "",
       "The milestones that belong to it: the latest touch at or before each."},
      {"weight", ColumnKind::kReal, "share", "What it earned, as a share of the opportunity.",
       /*bar=*/true},
      {"value", ColumnKind::kReal, std::string(unit), "What it earned of the amount."}};
}

Cell ValueCell(const ExplainedPath& explained, const PathView& view, size_t at) {
  const uint8_t currency = view.amount_currencies[explained.path];
  if (currency == kNoCurrency) return Cell();
  return MajorUnits(explained.credit.amounts[currency][at], view.currencies[currency]);
}

void AddTouchRow(const KeptPaths& paths, const ExplainedPath& explained, size_t at, Table& table) {
  const LedgerColumns& columns = *paths.ledger();
  const Dictionaries& dictionaries = columns.scope->dictionaries();
  const Touch& touch = *columns.touches[explained.begin + at];
  const TouchShape& shape = dictionaries.shapes[touch.shape];
  table.AddRow({static_cast<int64_t>(at) + 1, touch.occurred_at.micros, touch.event.packed,
                dictionaries.touch_kinds[shape.kind], ChannelLabel(dictionaries, shape.channel),
                columns.scope->dimensions().CampaignLabel(shape.campaign),
                std::string(NameOf(shape.side)),
                touch.contact == 0 ? Cell() : Cell(int64_t{touch.contact}),
                MilestonesOf(columns.milestones[explained.begin + at], at == 0,
                             at + 1 == explained.length, paths.context()),
                explained.credit.conversions[at], ValueCell(explained, paths.view(), at)});
}

std::string ExplainedFinding(const KeptPaths& paths, const ExplainedPath& explained,
                             OpportunityId opportunity) {
  const PathView& view = paths.view();
  std::string of = absl::StrCat("opportunity ", opportunity.value);
  if (const uint8_t currency = view.amount_currencies[explained.path]; currency != kNoCurrency) {
    absl::StrAppend(&of, " (",
                    FormatMoney({view.amounts[explained.path], view.currencies[currency]}), ")");
  }
  if (explained.length == 0) return absl::StrCat("No touch earned anything of ", of, ".");
  return absl::StrCat(
      Counted(static_cast<int64_t>(explained.length), "touch shares", "touches share"),
      " the credit for ", of, ".");
}

}  // namespace

absl::StatusOr<Table> ExplainAttribution(const AttributionPaths& paths,
                                         const AttributionRequest& request,
                                         OpportunityId opportunity) {
  const KeptPaths& kept = KeptOf(paths);
  const absl::StatusOr<const LedgerColumns*> columns = ColumnsOf(kept);
  if (!columns.ok()) return columns.status();
  const absl::StatusOr<AttributionRequest> weighing = WeighingRequest(kept, request);
  if (!weighing.ok()) return weighing.status();
  const absl::StatusOr<size_t> path = PathOf(**columns, opportunity);
  if (!path.ok()) return path.status();
  const ExplainedPath explained = Explained(kept, *weighing, *path);
  Table table;
  table.report = "attribution of one opportunity";
  table.as_of = kept.context().as_of;
  const uint8_t currency = kept.view().amount_currencies[*path];
  AddExplainedColumns(
      currency == kNoCurrency ? std::string_view() : kept.view().currencies[currency].view(),
      table);
  for (size_t at = 0; at < explained.length; ++at) AddTouchRow(kept, explained, at, table);
  table.finding = ExplainedFinding(kept, explained, opportunity);
  table.parameters = {{"model", std::string(NameOf(request.model))},
                      {"opportunity", absl::StrCat(opportunity.value)}};
  table.parameters.insert(table.parameters.end(), kept.context().parameters.begin(),
                          kept.context().parameters.end());
  return table;
}

}  // namespace throughline
