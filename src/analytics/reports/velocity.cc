#include <algorithm>
#include <iterator>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/survival.h"

// How long records stay in each stage, and how long opportunities take, from data of which a part
// is not over yet.

namespace throughline {
namespace velocity {
namespace {

constexpr char kStay[] = "stay";
constexpr char kClosing[] = "opening to closing";

// How a stay ended: in a later stage, or otherwise (back, parked, closed). 0: not yet.
constexpr uint32_t kWentOn = 1, kLeftOtherwise = 2;

void AddColumns(const ReportContext& context, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn(
      {"stage", ColumnKind::kText, "",
       "Open or parked stage; the last row is of opportunities, from opening until they are won "
       "or lost."});
  to.AddColumn(
      {"stays", ColumnKind::kInteger, "times",
       "How often records came to the stage, those of the period: a record that comes back "
       "counts again."},
      {kStay});
  to.AddColumn({"ended", ColumnKind::kInteger, "times", "How many of these stays are over."});
  const char* const kHow =
      " By Kaplan-Meier, so that stays that go on still count for as long as they have lasted; "
      "empty if not so many have left yet.";
  to.AddColumn({"quarter_days", ColumnKind::kReal, "days",
                absl::StrCat("A quarter of the stays is over after this.", kHow)});
  to.AddColumn({"median_days", ColumnKind::kReal, "days",
                absl::StrCat("Half of the stays are over after this.", kHow)});
  to.AddColumn({"three_quarters_days", ColumnKind::kReal, "days",
                absl::StrCat("Three quarters of the stays are over after this.", kHow)});
  to.AddColumn(
      {"median_low", ColumnKind::kReal, "days",
       "Lower end of what the median may be, by chance alone (95 %, Brookmeyer and Crowley "
       "on the log-log scale)."});
  to.AddColumn({"median_high", ColumnKind::kReal, "days",
                "Upper end of it; empty if the data do not bound it."});
  to.AddColumn(
      {"went_on_90", ColumnKind::kReal, "share",
       "The share that went on to a later stage within 90 days (was won, in the last row): "
       "cumulative incidence, so that those who left otherwise are no longer waited for."});
  to.AddColumn(
      {"left_90", ColumnKind::kReal, "share",
       "The share that left otherwise within 90 days: back, parked or closed (was lost, in "
       "the last row)."});
}

Cell DaysOf(std::optional<int64_t> micros) {
  return micros ? Cell(Days(static_cast<double>(*micros))) : Cell();
}

void AddRow(const ReportCounts& counted, size_t row, const std::string& stage, SurvivalCurve& curve,
            FinishedReport& to) {
  curve.Fit(counted.samples(row, MeasureName(kStay, stage)));
  std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
  const MedianBounds bounds = curve.BoundsOfMedian();
  constexpr int64_t k90 = 90 * kMicrosPerDay;
  cells.insert(cells.end(), {stage, curve.subjects(), curve.ended(), DaysOf(curve.Quantile(0.25)),
                             DaysOf(curve.Quantile(0.5)), DaysOf(curve.Quantile(0.75)),
                             DaysOf(bounds.low), DaysOf(bounds.high)});
  for (const uint32_t event : {kWentOn, kLeftOtherwise}) {
    cells.push_back(curve.subjects() > 0 ? Cell(curve.IncidenceOf(event, k90)) : Cell());
  }
  to.AddRow({{row}, stage}, cells);
}

// Opportunities times win rate times the mean won amount, for each day of the median cycle:
// the "sales velocity" of the field.
std::string SalesVelocity(const ReportCounts& counted) {
  const int64_t open = counted.Total("open"), won = counted.Total("won"),
                lost = counted.Total("lost");
  AmountSums amounts;
  for (size_t row = 0; row < counted.rows(); ++row) amounts.Add(counted.sum(row, "won_amount"));
  std::vector<Sample> ways;
  std::ranges::copy_if(counted.AllSamples(MeasureName(kStay, kClosing)), std::back_inserter(ways),
                       [](const Sample& way) { return way.event == kWentOn; });
  const Cell cycle = MedianDays(ways);
  const auto* days = std::get_if<double>(&cycle);
  const int64_t known = won - amounts.unknown();
  if (won + lost < kEnoughRecords || days == nullptr || *days <= 0 || known <= 0) return "";
  std::string text;
  for (const auto& [currency, sum] : amounts.sums()) {
    const Cell total = amounts.Of(currency);
    const double mean = std::get<double>(total) / static_cast<double>(known);
    const double rate = static_cast<double>(won) / static_cast<double>(won + lost);
    absl::StrAppend(&text, text.empty() ? " Sales velocity: " : " and ",
                    GroupedReal(static_cast<double>(open) * rate * mean / *days, 2), " ",
                    std::string(currency.view()));
  }
  if (text.empty()) return text;
  return absl::StrCat(text, " a day: ", Counted(open, "open opportunity", "open opportunities"),
                      ", of those closed ", Percent(won, won + lost), " won, half of these within ",
                      GroupedReal(*days, 1), " days.");
}

std::string Finding(const ReportCounts& counted) {
  const Column<Sample> ways = counted.AllSamples(MeasureName(kStay, kClosing));
  if (std::ssize(ways) < kEnoughRecords) {
    return absl::StrCat(
        "Too little data: ", Counted(std::ssize(ways), "opportunity", "opportunities"), ".");
  }
  const int64_t all = std::ssize(ways);
  const SurvivalCurve curve(ways);
  const double won = curve.IncidenceOf(kWentOn, 180 * kMicrosPerDay);
  return absl::StrCat("Of ", Counted(all, "opportunity", "opportunities"), ", ", Percent(won),
                      " are won within 180 days of opening.", SalesVelocity(counted));
}

// The stays of one record, counted when they end.
class Stays {
 public:
  Stays(const ReportScope& scope, Tally& tally) : scope_(scope), tally_(tally) {}

  void Enter(const EnteredStage& entry) {
    if (entry.fact.kind == FactKind::kOpened) stays_.clear();
    const Time at = stays_.empty() ? entry.fact.occurred_at
                                   : std::max(stays_.back().from, entry.fact.occurred_at);
    stays_.push_back({scope_.PlaceOf(entry.stage), at});
  }

  void Count(size_t row) {
    for (size_t i = 0; i < stays_.size(); ++i) {
      const Stay& stay = stays_[i];
      const StageKind kind = scope_.StageAt(stay.place).kind;
      if (kind != StageKind::kOpen && kind != StageKind::kParked) continue;
      if (!scope_.InPeriod(stay.from)) continue;
      const bool ended = i + 1 < stays_.size();
      const Time until = ended ? stays_[i + 1].from : scope_.as_of().through;
      const uint32_t event = !ended ? 0 : WentOn(stay, stays_[i + 1]) ? kWentOn : kLeftOtherwise;
      tally_.Add(row, stay.place, Sample{until.micros - stay.from.micros, event});
    }
  }

 private:
  struct Stay {
    uint32_t place;
    Time from;
  };

  bool WentOn(const Stay& from, const Stay& to) const {
    return scope_.ladder().RungOf(to.place) > scope_.ladder().RungOf(from.place);
  }

  const ReportScope& scope_;
  Tally& tally_;
  absl::InlinedVector<Stay, 16> stays_;
};

class Velocity final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"velocity", "how long records stay in each stage, and how long opportunities take"};
  }

  Measures measures(const ReportScope& scope) const override {
    Measures measures{{"open", "won", "lost"}, {"won_amount"}, {}};
    for (const ReportedStage& s : scope.facts().stages) {
      measures.samples.push_back(MeasureName(kStay, s.key));
    }
    measures.samples.push_back(MeasureName(kStay, kClosing));
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    Stays stays(scope, tally);
    scope.ForEachRecord(
        group, [&](const EnteredStage& entry) { stays.Enter(entry); },
        [&](const RecordInGroup& record) {
          const size_t row = tally.RowOf(scope.KeyOf(record));
          tally.Begin(record);
          stays.Count(row);
          if (!record.IsLead() && scope.InPeriod(record.state.opened_at)) {
            CountWay(scope, record.state, row, tally);
          }
        });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(context, finished);
    SurvivalCurve curve;
    for (const size_t row : counted.RowsByKey()) {
      for (const ReportedStage& stage : context.stages) {
        const bool waits = stage.kind == StageKind::kOpen || stage.kind == StageKind::kParked;
        if (waits) AddRow(counted, row, stage.key, curve, finished);
      }
      AddRow(counted, row, kClosing, curve, finished);
    }
    if (context.group_columns.empty()) {
      finished.table.charts = {
          {.title = "Half of the stays are over after", .x = "stage", .y = {"median_days"}}};
    }
    return finished;
  }

 private:
  static void CountWay(const ReportScope& scope, const RecordState& state, size_t row,
                       Tally& tally) {
    const ReportedStage& stage = scope.StageOf(state.stage);
    const bool closed = stage.kind == StageKind::kClosed, won = stage.phase == Phase::kWon;
    const Time until = closed ? state.stage_since : scope.as_of().through;
    tally.Add(row, scope.facts().stages.size(),
              Sample{until.micros - state.opened_at.micros, !closed ? 0
                                                            : won   ? kWentOn
                                                                    : kLeftOtherwise});
    if (closed || stage.kind == StageKind::kOpen) tally.Count(row, !closed ? 0 : won ? 1 : 2);
    Money kept;
    if (won) tally.Add(row, 0, scope.Convert(state.amount, state.entered_at, kept, tally));
  }
};

}  // namespace
}  // namespace velocity

const ReportKind& VelocityReport() {
  static const velocity::Velocity report;
  return report;
}

}  // namespace throughline
