#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// How many, how much, at every stage.

namespace throughline {
namespace pipeline {
namespace {

bool IsWaiting(const ReportedStage& stage) {
  return stage.kind == StageKind::kOpen || stage.kind == StageKind::kParked;
}

// Of a stage's closed opportunities that ever reached it, the share that is won.
struct Odds {
  int64_t won = 0;
  int64_t closed = 0;
  bool known() const { return closed >= kEnoughRecords; }
  double share() const { return static_cast<double>(won) / static_cast<double>(closed); }
};

Odds OddsOf(const ReportCounts& counted, const std::string& stage) {
  Odds odds;
  for (size_t row = 0; row < counted.rows(); ++row) {
    odds.won += counted.count(row, MeasureName("reached_won", stage));
    odds.closed += counted.count(row, MeasureName("reached_closed", stage));
  }
  return odds;
}

void AddColumns(const ReportContext& context, const Currencies& currencies, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn(
      {"stage", ColumnKind::kText, "", "Stage of the policy, by its key, in the policy's order."});
  to.AddColumn({"phase", ColumnKind::kText, "",
                "Phase the stage belongs to: marketing, lead, opportunity, won or lost."});
  to.AddColumn({"kind", ColumnKind::kText, "",
                "What the stage means: open (being worked), parked (set aside, expected back), "
                "closed or converted."});
  to.AddColumn({"count", ColumnKind::kInteger, "records",
                "Leads (marketing and lead phases) or opportunities (other phases) that stand in "
                "the stage.",
                /*bar=*/true},
               {"count"});
  to.AddAmounts("amount", "Sum of the amounts of those opportunities in the stage that are",
                currencies, {"amount"});
  to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                "Opportunities in the stage whose amount is not known; no sum contains them."},
               {UnknownOf("amount")});
  to.AddAmounts(
      "weighted",
      "Amount of the open stage times win_odds: what may be expected of it, if the future "
      "is like the past;",
      currencies, {"amount"});
  to.AddColumn({"win_odds", ColumnKind::kReal, "share",
                "Of all opportunities that reached this stage or a later one and are closed, the "
                "share that is won; empty below 10 of them."});
  to.AddColumn({"median_days", ColumnKind::kReal, "days",
                "Half of the records in this open or parked stage have been in it for longer than "
                "this."},
               {"age"});
  to.AddColumn({"oldest_days", ColumnKind::kReal, "days",
                "How long the record that came first to this open or parked stage has been in it."},
               {"age"});
}

void AddStageRow(const ReportCounts& counted, size_t row, const ReportedStage& stage,
                 const Currencies& currencies, FinishedReport& to) {
  std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
  cells.insert(cells.end(),
               {stage.key, std::string(NameOf(stage.phase)), std::string(NameOf(stage.kind)),
                counted.count(row, MeasureName("count", stage.key))});
  const AmountSums& amounts = counted.sum(row, MeasureName("amount", stage.key));
  const bool weighted = stage.phase == Phase::kOpportunity && IsWaiting(stage);
  const Odds odds = weighted ? OddsOf(counted, stage.key) : Odds();
  if (stage.OfLeads()) {
    cells.resize(cells.size() + currencies.size() + 1);  // leads have no amounts
  } else {
    AddAmountCells(amounts, currencies, cells);
    cells.emplace_back(amounts.unknown());
  }
  for (const Currency currency : currencies) {
    const Cell amount = amounts.Of(currency);
    const auto* known = std::get_if<double>(&amount);
    cells.push_back(odds.known() && known != nullptr ? Cell(*known * odds.share()) : Cell());
  }
  cells.push_back(odds.known() ? Cell(odds.share()) : Cell());
  const std::span<const Sample> ages = counted.samples(row, MeasureName("age", stage.key));
  cells.push_back(MedianDays(ages));
  cells.push_back(LongestDays(ages));
  to.AddRow({{row}, stage.key}, cells);
}

// What is open, over all stages.
struct OpenWork {
  int64_t leads = 0;
  int64_t opportunities = 0;
  int64_t all = 0;  // closed ones too
  AmountSums amounts;
};

OpenWork SumOpen(const ReportCounts& counted, const std::vector<ReportedStage>& stages) {
  OpenWork open;
  for (size_t row = 0; row < counted.rows(); ++row) {
    for (const ReportedStage& stage : stages) {
      const int64_t count = counted.count(row, MeasureName("count", stage.key));
      open.all += count;
      if (!IsWaiting(stage)) continue;
      (stage.OfLeads() ? open.leads : open.opportunities) += count;
      open.amounts.Add(counted.sum(row, MeasureName("amount", stage.key)));
    }
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

std::string Finding(const ReportCounts& counted, const std::vector<ReportedStage>& stages) {
  const OpenWork open = SumOpen(counted, stages);
  if (open.all == 0) return "Too little data: no leads and no opportunities.";
  return absl::StrCat(Counted(open.leads, "lead", "leads"), " and ",
                      Counted(open.opportunities, "opportunity", "opportunities"),
                      " are open or parked", open.opportunities > 0 ? Worth(open.amounts) : "",
                      ".");
}

std::vector<Chart> Charts(const std::vector<TableColumn>& columns) {
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

class Pipeline final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"pipeline",
            "how many leads and opportunities stand in each stage, and what they are worth"};
  }

  bool is_of_moment() const override { return true; }

  Measures measures(const ReportScope& scope) const override {
    Measures measures;
    for (const char* name : {"count", "reached_won", "reached_closed"}) {
      for (const ReportedStage& s : scope.facts().stages) {
        measures.counts.push_back(MeasureName(name, s.key));
      }
    }
    for (const ReportedStage& s : scope.facts().stages) {
      measures.sums.push_back(MeasureName("amount", s.key));
      measures.samples.push_back(MeasureName("age", s.key));
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachClimb(group, [&](const RecordInGroup& record, int highest) {
      CountRecord(scope, record, highest, tally);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Currencies currencies = counted.CurrenciesOfSums();
    FinishedReport finished;
    finished.table.finding = Finding(counted, context.stages);
    AddColumns(context, currencies, finished);
    if (context.group_columns.empty()) finished.table.charts = Charts(finished.table.columns);
    for (const size_t row : counted.RowsByKey()) {
      for (const ReportedStage& stage : context.stages) {
        AddStageRow(counted, row, stage, currencies, finished);
      }
    }
    return finished;
  }

 private:
  static void CountRecord(const ReportScope& scope, const RecordInGroup& record, int highest,
                          Tally& tally) {
    const RecordState& state = record.state;
    const uint32_t place = scope.PlaceOf(state.stage);
    const ReportedStage& stage = scope.StageAt(place);
    const size_t row = tally.RowOf(scope.KeyOf(record));
    tally.Begin(record);
    tally.Count(row, place);
    if (IsWaiting(stage)) {
      tally.Add(row, place, Sample{scope.as_of().through.micros - state.stage_since.micros});
    }
    if (record.IsLead()) return;
    Money kept;
    const Time at = stage.kind == StageKind::kClosed ? state.entered_at : scope.as_of().through;
    tally.Add(row, place, scope.Convert(state.amount, at, kept, tally));
    if (stage.phase == Phase::kWon || stage.phase == Phase::kLost) {
      CountClosed(scope, row, highest, stage.phase == Phase::kWon, tally);
    }
  }

  static void CountClosed(const ReportScope& scope, size_t row, int highest, bool won,
                          Tally& tally) {
    const size_t stages = scope.facts().stages.size();
    for (uint32_t place = 0; place < stages; ++place) {
      const int rung = scope.ladder().RungOf(place);
      if (scope.StageAt(place).phase != Phase::kOpportunity || rung > highest) continue;
      if (rung == StageLadder::kNoRung) continue;
      tally.Count(row, 2 * stages + place);
      if (won) tally.Count(row, stages + place);
    }
  }
};

}  // namespace
}  // namespace pipeline

const ReportKind& PipelineReport() {
  static const pipeline::Pipeline report;
  return report;
}

}  // namespace throughline
