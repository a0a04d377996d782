#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analytics/amount_sums.h"
#include "analytics/number_text.h"
#include "analytics/reports.h"

// How many, how much, at every stage.

namespace throughline {
namespace {

struct StageTally {
  int64_t count = 0;
  AmountSums amounts;
  std::vector<int64_t> ages;  // how long each record has been there, in microseconds
};

std::vector<StageTally> Tally(const Projection& projection, const AsOf& as_of) {
  std::vector<StageTally> stages(projection.stages.size());
  for (size_t record = 0; record < projection.records.size(); ++record) {
    const RecordState state = StateOf(projection, record, as_of);
    if (!state.exists) continue;
    StageTally& stage = stages[state.stage];
    ++stage.count;
    stage.ages.push_back(as_of.through.micros - state.stage_since.micros);
    if (projection.records[record].kind == EntityKind::kOpportunity)
      stage.amounts.Add(state.amount);
  }
  return stages;
}

bool IsWaiting(const ProjectedStage& stage) {
  return stage.kind == StageKind::kOpen || stage.kind == StageKind::kParked;
}

double Days(double micros) { return micros / static_cast<double>(kMicrosPerDay); }

// The middle one, or the mean of the two in the middle. Changes the order of `ages`.
Cell MedianDays(std::vector<int64_t>& ages) {
  if (ages.empty()) return Cell();
  const auto middle = ages.begin() + static_cast<ptrdiff_t>(ages.size() / 2);
  std::nth_element(ages.begin(), middle, ages.end());
  if (ages.size() % 2 == 1) return Days(static_cast<double>(*middle));
  const int64_t below = *std::max_element(ages.begin(), middle);
  return Days((static_cast<double>(below) + static_cast<double>(*middle)) / 2);
}

Cell OldestDays(const std::vector<int64_t>& ages) {
  if (ages.empty()) return Cell();
  return Days(static_cast<double>(*std::max_element(ages.begin(), ages.end())));
}

std::vector<TableColumn> Columns(const Currencies& currencies) {
  std::vector<TableColumn> columns = {
      {"stage", ColumnKind::kText, "", "Stage of the policy, by its key, in the policy's order."},
      {"phase", ColumnKind::kText, "",
       "Phase the stage belongs to: marketing, lead, opportunity, won or lost."},
      {"kind", ColumnKind::kText, "",
       "What the stage means: open (being worked), parked (set aside, expected back), closed or "
       "converted."},
      {"count", ColumnKind::kInteger, "records",
       "Leads (marketing and lead phases) or opportunities (other phases) that stand in the stage.",
       /*bar=*/true},
  };
  AddAmountColumns("amount", "Sum of the amounts of those opportunities in the stage that are",
                   currencies, columns);
  columns.push_back(
      {"unknown_amounts", ColumnKind::kInteger, "opportunities",
       "Opportunities in the stage whose amount is not known; no sum contains them."});
  columns.push_back(
      {"median_days", ColumnKind::kReal, "days",
       "Half of the records in this open or parked stage have been in it for longer than this."});
  columns.push_back(
      {"oldest_days", ColumnKind::kReal, "days",
       "How long the record that came first to this open or parked stage has been in it."});
  return columns;
}

std::vector<Cell> Row(const ProjectedStage& stage, StageTally& tally,
                      const Currencies& currencies) {
  std::vector<Cell> row = {stage.key, std::string(NameOf(stage.phase)),
                           std::string(NameOf(stage.kind)), tally.count};
  if (stage.OfLeads()) {
    row.resize(row.size() + currencies.size() + 1);  // leads have no amounts
  } else {
    AddAmountCells(tally.amounts, currencies, row);
    row.emplace_back(tally.amounts.unknown());
  }
  row.push_back(IsWaiting(stage) ? MedianDays(tally.ages) : Cell());
  row.push_back(IsWaiting(stage) ? OldestDays(tally.ages) : Cell());
  return row;
}

// What is open, over all stages.
struct OpenWork {
  int64_t leads = 0;
  int64_t opportunities = 0;
  AmountSums amounts;
};

OpenWork SumOpen(const Projection& projection, const std::vector<StageTally>& stages) {
  OpenWork open;
  for (size_t i = 0; i < stages.size(); ++i) {
    if (!IsWaiting(projection.stages[i])) continue;
    (projection.stages[i].OfLeads() ? open.leads : open.opportunities) += stages[i].count;
    open.amounts.Add(stages[i].amounts);
  }
  return open;
}

std::string Worth(const AmountSums& amounts) {
  if (!amounts.any_known()) return "; no amount of theirs is known";
  std::string worth = absl::StrCat(", the opportunities worth ", AmountsText(amounts));
  if (amounts.unknown() > 0) {
    absl::StrAppend(&worth, "; the amount of ", GroupedInteger(amounts.unknown()),
                    " more is not known");
  }
  return worth;
}

std::string Finding(const Projection& projection, const std::vector<StageTally>& stages) {
  const bool empty = std::all_of(stages.begin(), stages.end(),
                                 [](const StageTally& stage) { return stage.count == 0; });
  if (empty) return "Too little data: no leads and no opportunities.";
  const OpenWork open = SumOpen(projection, stages);
  return absl::StrCat(Counted(open.leads, "lead", "leads"), " and ",
                      Counted(open.opportunities, "opportunity", "opportunities"), " are open",
                      open.opportunities > 0 ? Worth(open.amounts) : "", ".");
}

std::vector<Chart> PipelineCharts(const std::vector<TableColumn>& columns) {
  const std::vector<std::string> waiting = {"open", "parked"};
  std::vector<Chart> charts = {{.title = "Open and parked records in each stage",
                                .x = "stage",
                                .y = {"count"},
                                .series = "phase",
                                .where = "kind",
                                .among = waiting}};
  for (const std::string& amount : AmountColumns("amount", columns)) {
    charts.push_back({.title = "Amounts of open and parked opportunities",
                      .x = "stage",
                      .y = {amount},
                      .where = "phase",
                      .among = {"opportunity"}});
  }
  charts.push_back({.title = "How long they have been in it",
                    .x = "stage",
                    .y = {"median_days", "oldest_days"},
                    .where = "kind",
                    .among = waiting});
  return charts;
}

}  // namespace

Table PipelineReport(const Projection& projection, const AsOf& as_of) {
  std::vector<StageTally> stages = Tally(projection, as_of);
  Currencies currencies;
  for (const StageTally& stage : stages) AddCurrencies(stage.amounts, currencies);
  Table table;
  table.finding = Finding(projection, stages);
  table.columns = Columns(currencies);
  table.charts = PipelineCharts(table.columns);
  for (size_t i = 0; i < stages.size(); ++i) {
    table.rows.push_back(Row(projection.stages[i], stages[i], currencies));
  }
  return table;
}

}  // namespace throughline
