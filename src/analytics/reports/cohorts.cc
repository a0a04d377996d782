#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/survival.h"

// Of those who came to a stage, how many went on within so many days; and as a curve, of those who
// opened in one quarter.

namespace throughline {
namespace cohorts {
namespace {

// How the wait for the next stage ended. 0: not yet.
constexpr uint32_t kWentOn = 1, kClosed = 2;

constexpr int64_t kHorizons[] = {30, 90, 180, 270};  // days
constexpr int64_t kCurveDays = 360, kCurveStep = 15;

constexpr int64_t Micros(int64_t days) { return days * kMicrosPerDay; }

// Who has been seen for so long, but not as long as the next horizon.
std::string AgedName(int64_t days) { return absl::StrCat("aged_", days); }

int64_t SeenFor(int64_t days, const ReportCounts& counted, size_t row, const std::string& stage) {
  int64_t seen = 0;
  for (const int64_t horizon : kHorizons) {
    if (horizon >= days) seen += counted.count(row, MeasureName(AgedName(horizon), stage));
  }
  return seen;
}

// When a record first stood on each rung or above it, and how it ended.
class Climb {
 public:
  explicit Climb(const ReportScope& scope) : scope_(scope) {}

  void Enter(const EnteredStage& entry) {
    if (entry.fact.kind == FactKind::kOpened) reached_.clear();
    const int rung = scope_.ladder().RungOf(scope_.PlaceOf(entry.stage));
    while (std::ssize(reached_) <= rung) reached_.push_back(entry.fact.occurred_at);
  }

  int highest() const { return static_cast<int>(reached_.size()) - 1; }

  // Null: never.
  const Time* ReachedAt(int rung) const {
    if (rung < 0 || rung >= std::ssize(reached_)) return nullptr;
    return &reached_[static_cast<size_t>(rung)];
  }

  // From standing on a rung at `from` until it came to another one.
  Sample WaitFor(int rung, Time from, const RecordState& state) const {
    const auto since = [&](Time until) { return std::max<int64_t>(until.micros - from.micros, 0); };
    if (const Time* at = ReachedAt(rung)) return {since(*at), kWentOn};
    const bool closed = scope_.StageOf(state.stage).kind == StageKind::kClosed;
    if (closed) return {since(state.entered_at), kClosed};
    return {since(scope_.as_of().through), 0};
  }

 private:
  const ReportScope& scope_;
  absl::InlinedVector<Time, 16> reached_;
};

// Whether the funnel goes on behind this stage.
bool HasNext(const StageLadder& ladder, const ReportedStage& stage, size_t place) {
  const int rung = ladder.RungOf(static_cast<uint32_t>(place));
  return rung != StageLadder::kNoRung && rung < ladder.TopOf(stage.OfLeads());
}

class Cohorts final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"cohorts", "of those who came to a stage, how many went on within 30 to 270 days"};
  }

  Measures measures(const ReportScope& scope) const override {
    Measures measures;
    for (const char* name : {"entrants", "stepped"}) AddForStages(scope, name, measures.counts);
    for (const int64_t days : kHorizons) AddForStages(scope, AgedName(days), measures.counts);
    AddForStages(scope, "wait", measures.samples);
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    Climb climb(scope);
    scope.ForEachRecord(
        group, [&](const EnteredStage& entry) { climb.Enter(entry); },
        [&](const RecordInGroup& record) { CountRecord(scope, climb, record, tally); });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const StageLadder ladder(context.stages);
    FinishedReport finished;
    AddColumns(context, finished);
    int64_t entrants = 0, immature = 0;
    Exemplar exemplar = ExemplarOf(counted, context);
    SurvivalCurve curve;
    for (const size_t row : counted.RowsByKey()) {
      for (size_t i = 0; i < context.stages.size(); ++i) {
        if (!HasNext(ladder, context.stages[i], i)) continue;
        const std::string& stage = context.stages[i].key;
        const int64_t all = counted.count(row, MeasureName("entrants", stage));
        entrants += all;
        immature += all - SeenFor(270, counted, row, stage);
        const std::vector<double> went_on = AddStage(counted, row, stage, curve, finished);
        if (stage == exemplar.stage && counted.rows() == 1) exemplar.went_on = went_on[1];
      }
    }
    finished.table.finding = Finding(counted, exemplar, entrants, immature);
    if (context.group_columns.empty()) {
      finished.table.charts = {{.kind = ChartKind::kLines,
                                .title = "What share went on to a later stage, by days",
                                .x = "days",
                                .y = {"went_on"},
                                .series = "stage"}};
    }
    return finished;
  }

 private:
  static void AddForStages(const ReportScope& scope, const std::string& name,
                           std::vector<std::string>& to) {
    for (const ReportedStage& stage : scope.facts().stages) {
      to.push_back(MeasureName(name, stage.key));
    }
  }

  static void CountRecord(const ReportScope& scope, const Climb& climb, const RecordInGroup& record,
                          Tally& tally) {
    const size_t stages = scope.facts().stages.size(), row = tally.RowOf(scope.KeyOf(record));
    const int below_top = scope.ladder().TopOf(record.IsLead()) - 1;
    tally.Begin(record);
    for (const uint32_t place :
         scope.ladder().UpTo(record.IsLead(), std::min(climb.highest(), below_top))) {
      const int rung = scope.ladder().RungOf(place);
      const Time *at = climb.ReachedAt(rung), *next = climb.ReachedAt(rung + 1);
      if (next && scope.InPeriod(*next)) tally.Count(row, stages + place);
      if (!at || !scope.InPeriod(*at)) continue;
      tally.Count(row, place);
      const int64_t age = scope.as_of().through.micros - at->micros;
      size_t aged = std::size(kHorizons);
      while (aged > 0 && age < Micros(kHorizons[aged - 1])) --aged;
      if (aged > 0) tally.Count(row, (1 + aged) * stages + place);
      tally.Add(row, place, climb.WaitFor(rung + 1, *at, record.state));
    }
  }

  static void AddColumns(const ReportContext& context, FinishedReport& to) {
    for (const TableColumn& column : context.group_columns) to.AddColumn(column);
    to.AddColumn({"stage", ColumnKind::kText, "",
                  "Stage that records came to in the period, or passed in it."});
    to.AddColumn({"days", ColumnKind::kInteger, "days", "Within so many days of that."});
    to.AddColumn({"entrants", ColumnKind::kInteger, "records",
                  "All that came to the stage or beyond it for the first time in the period: "
                  "the cohort."},
                 {"entrants"});
    to.AddColumn({"went_on", ColumnKind::kReal, "share",
                  "The share of them that came to a later stage within these days: cumulative "
                  "incidence (Aalen and Johansen), so that the young count for as long as they "
                  "have been seen, and those closed before no longer wait.",
                  /*bar=*/true},
                 {"wait"});
    to.AddColumn({"mature", ColumnKind::kBoolean, "",
                  "Whether the whole cohort has been seen for so long; else the share is an "
                  "estimate that later entrants may change."});
    to.AddColumn({"low", ColumnKind::kReal, "share",
                  "Lower end of what the share may be, by chance alone (95 %, Wilson); of mature "
                  "cohorts only."});
    to.AddColumn({"high", ColumnKind::kReal, "share", "Upper end of it."});
    to.AddColumn({"stepped", ColumnKind::kInteger, "records",
                  "The period's view: records that came to a later stage in the period, whenever "
                  "they had come to this one."},
                 {"stepped"});
    to.AddColumn({"period_rate", ColumnKind::kReal, "share",
                  "Those as a share of the entrants of the period: not of the same records, so it "
                  "may exceed 100 %."},
                 {"stepped"});
  }

  // The share that went on, by horizon.
  static std::vector<double> AddStage(const ReportCounts& counted, size_t row,
                                      const std::string& stage, SurvivalCurve& curve,
                                      FinishedReport& to) {
    const auto count = [&](const std::string& name) {
      return counted.count(row, MeasureName(name, stage));
    };
    const int64_t entrants = count("entrants"), stepped = count("stepped");
    const std::span<const Sample> waits = counted.samples(row, MeasureName("wait", stage));
    curve.Fit(waits);
    int64_t times[std::size(kHorizons)];
    std::ranges::transform(kHorizons, times, Micros);
    std::vector<double> went_on = curve.IncidencesOf(kWentOn, times);
    for (size_t i = 0; i < std::size(kHorizons); ++i) {
      const int64_t days = kHorizons[i];
      const bool mature = entrants > 0 && SeenFor(days, counted, row, stage) == entrants;
      std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
      cells.insert(cells.end(), {stage, days, entrants, entrants > 0 ? Cell(went_on[i]) : Cell(),
                                 entrants > 0 ? Cell(int64_t{mature}) : Cell()});
      AddInterval(waits, days, mature, cells);
      cells.insert(cells.end(), {stepped, ShareOf(stepped, entrants)});
      to.AddRow({{row}, stage}, cells);
    }
    return went_on;
  }

  static void AddInterval(std::span<const Sample> waits, int64_t days, bool mature,
                          std::vector<Cell>& cells) {
    if (!mature) return AddWilsonCells(0, 0, cells);
    const auto within = std::ranges::count_if(waits, [&](const Sample& wait) {
      return wait.event == kWentOn && wait.value <= Micros(days);
    });
    AddWilsonCells(within, std::ssize(waits), cells);
  }

  // The first stage of which enough is known, whatever the rows go by.
  struct Exemplar {
    std::string stage;              // empty: there is none
    std::optional<double> went_on;  // by the second horizon, if it was worked out already
  };
  static_assert(kHorizons[1] == 90);

  static Exemplar ExemplarOf(const ReportCounts& counted, const ReportContext& context) {
    const StageLadder ladder(context.stages);
    for (size_t i = 0; i < context.stages.size(); ++i) {
      if (!HasNext(ladder, context.stages[i], i)) continue;
      const std::string& stage = context.stages[i].key;
      if (counted.Total(MeasureName("entrants", stage)) >= kEnoughRecords) return {stage, {}};
    }
    return {};
  }

  static std::string Finding(const ReportCounts& counted, const Exemplar& exemplar,
                             int64_t entrants, int64_t immature) {
    if (exemplar.stage.empty()) {
      return absl::StrCat("Too little data: ", Counted(entrants, "entry", "entries"),
                          " into stages.");
    }
    const auto went_on = [&] {
      const SurvivalCurve curve(counted.AllSamples(MeasureName("wait", exemplar.stage)));
      return curve.IncidenceOf(kWentOn, Micros(90));
    };
    const int64_t all = counted.Total(MeasureName("entrants", exemplar.stage));
    return absl::StrCat("Of ", Counted(all, "record", "records"), " that came to ", exemplar.stage,
                        ", ", Percent(exemplar.went_on ? *exemplar.went_on : went_on()),
                        " went on within 90 days; ", GroupedInteger(immature), " of ",
                        Counted(entrants, "entry into a stage", "entries into stages"),
                        " are younger than 270 days.");
  }
};

constexpr const char* kWays[] = {"lead to converted", "opportunity to won"};

class CohortCurves final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"cohort_curves", "how the records that opened in each quarter came to their goal"};
  }

  std::vector<std::string> dimensions() const override { return {"quarter"}; }
  bool groups() const override { return false; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const char* way : kWays) measures.samples.push_back(MeasureName("wait", way));
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    Climb climb(scope);
    scope.ForEachRecord(
        group, [&](const EnteredStage& entry) { climb.Enter(entry); },
        [&](const RecordInGroup& record) {
          if (!scope.InPeriod(record.state.opened_at)) return;
          tally.Begin(record);
          tally.Add(tally.RowOf(scope.KeyOf(record)), record.IsLead() ? 0 : 1,
                    climb.WaitFor(scope.ladder().TopOf(record.IsLead()), record.state.opened_at,
                                  record.state));
        });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    AddColumns(context, finished);
    SurvivalCurve curve;
    int64_t all[std::size(kWays)] = {};
    for (size_t way = 0; way < std::size(kWays); ++way) {
      for (const size_t row : counted.RowsByKey()) {
        const std::span<const Sample> waits = counted.samples(row, MeasureName("wait", kWays[way]));
        all[way] += std::ssize(waits);
        if (!waits.empty()) AddCurve(counted, row, kWays[way], context, curve, finished);
      }
      finished.table.charts.push_back({.kind = ChartKind::kSteps,
                                       .title = absl::StrCat("From ", kWays[way], ", by quarter"),
                                       .x = "days",
                                       .y = {"arrived"},
                                       .series = "quarter",
                                       .where = "way",
                                       .among = {kWays[way]}});
    }
    finished.table.finding =
        std::max(all[0], all[1]) < kEnoughRecords
            ? absl::StrCat("Too little data: ", Counted(all[0], "lead", "leads"), " and ",
                           Counted(all[1], "opportunity", "opportunities"), ".")
            : absl::StrCat(Counted(all[0], "lead", "leads"), " and ",
                           Counted(all[1], "opportunity", "opportunities"),
                           ", followed from the quarter in which they opened.");
    return finished;
  }

 private:
  static void AddColumns(const ReportContext& context, FinishedReport& to) {
    to.AddColumn({"way", ColumnKind::kText, "",
                  "Leads until they are converted, or opportunities until they are won."});
    for (const TableColumn& column : context.group_columns) to.AddColumn(column);
    to.AddColumn({"days", ColumnKind::kInteger, "days", "Days since they opened."});
    to.AddColumn({"records", ColumnKind::kInteger, "records", "All that opened in the quarter."},
                 {"wait"});
    to.AddColumn({"arrived", ColumnKind::kReal, "share",
                  "The share of them that has arrived by then: cumulative incidence, those closed "
                  "before no longer waiting."},
                 {"wait"});
    to.AddColumn({"mature", ColumnKind::kBoolean, "",
                  "Whether all of the quarter have been seen for so long."});
  }

  static void AddCurve(const ReportCounts& counted, size_t row, const char* way,
                       const ReportContext& context, SurvivalCurve& curve, FinishedReport& to) {
    const std::string& quarter = counted.key(row)[0];
    const std::optional<Period> opened = QuarterCalled(quarter, context);
    const std::span<const Sample> waits = counted.samples(row, MeasureName("wait", way));
    curve.Fit(waits);
    std::vector<int64_t> times;
    for (int64_t days = 0; days <= kCurveDays; days += kCurveStep) times.push_back(Micros(days));
    const std::vector<double> arrived = curve.IncidencesOf(kWentOn, times);
    for (size_t i = 0; i < times.size(); ++i) {
      const int64_t days = kCurveStep * static_cast<int64_t>(i);
      const auto seen_for = [&](Time since) {
        return context.as_of.through.micros - since.micros >= Micros(days);
      };
      if (opened && !seen_for(opened->from)) break;
      to.AddRow({{row}, way}, {std::string(way), quarter, days, int64_t{std::ssize(waits)},
                               arrived[i], int64_t{opened.has_value() && seen_for(opened->until)}});
    }
  }

  static std::optional<Period> QuarterCalled(const std::string& label,
                                             const ReportContext& context) {
    const absl::StatusOr<Calendar> calendar = Calendar::Of(*context.policy);
    if (!calendar.ok()) return std::nullopt;
    const uint32_t month = calendar->FindMonthOrQuarter(label, /*quarter=*/true);
    if (month == 0) return std::nullopt;
    return Period{calendar->StartOfMonth(month), calendar->StartOfMonth(month + 3)};
  }
};

}  // namespace
}  // namespace cohorts

const ReportKind& CohortsReport() {
  static const cohorts::Cohorts report;
  return report;
}

const ReportKind& CohortCurvesReport() {
  static const cohorts::CohortCurves report;
  return report;
}

}  // namespace throughline
