#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"
#include "analytics/snapshot/lead_work.h"

// Where leads leave, and why: early is quality, late is what sales does, and what nobody followed
// up on was never tested.

namespace throughline {
namespace fall_off {
namespace {

enum CountPlace : size_t { kLeft, kEarly, kLate, kUnfit, kUntested };
constexpr const char* kCountNames[] = {"left", "early", "late", "late_unfit", "untested"};

std::vector<std::string> MissingNames(const Policy& policy) {
  std::vector<std::string> names = AskableAttributes(policy);
  for (std::string& name : names) name = MeasureName("missing", name);
  return names;
}

// "industry (12), employees (7)"; empty if nothing was missing.
Cell MissingCell(const ReportCounts& counted, size_t row, const Policy& policy) {
  std::string text;
  for (const std::string& name : AskableAttributes(policy)) {
    const int64_t count = counted.count(row, MeasureName("missing", name));
    if (count > 0) absl::StrAppend(&text, text.empty() ? "" : ", ", name, " (", count, ")");
  }
  return text.empty() ? Cell() : Cell(std::move(text));
}

// Keys of the dimensions.
constexpr size_t kStageKey = 0;

void AddColumns(const ReportContext& context, FinishedReport& to) {
  to.AddColumn({"left_stage", ColumnKind::kText, "", "Stage from which leads were closed."});
  to.AddColumn({"stage", ColumnKind::kText, "", "Closed stage that they stand in."});
  to.AddColumn({"reason", ColumnKind::kText, "", "Why, as it was said when they were closed."});
  for (size_t i = 3; i < context.group_columns.size(); ++i) {
    to.AddColumn(context.group_columns[i]);
  }
  to.AddColumn({"left", ColumnKind::kInteger, "leads",
                "Leads closed in the period, as dead or disqualified, that are closed still.",
                /*bar=*/true},
               {"left"});
  to.AddColumn({"early", ColumnKind::kInteger, "leads",
                "Those of them that sales had never accepted, and had tested or never been given."},
               {"early"});
  to.AddColumn({"late", ColumnKind::kInteger, "leads",
                "Those that sales had accepted: look at what was done with them."},
               {"late"});
  to.AddColumn({"late_unfit", ColumnKind::kInteger, "leads",
                "Those of the late ones that were disqualified after all: something was not known "
                "of them earlier."},
               {"late_unfit"});
  to.AddColumn({"missing_then", ColumnKind::kText, "",
                "Declared attributes of accounts and leads that were not known of those unfit ones "
                "when sales accepted them, with of how many: what to ask for earlier."},
               MissingNames(*context.policy));
  to.AddColumn({"untested", ColumnKind::kInteger, "leads",
                "Those that were handed off, not accepted and never followed up: they say nothing "
                "about quality. Early, late and untested add up to all that left."},
               {"untested"});
  to.AddColumn({"median_days", ColumnKind::kReal, "days",
                "Half of them were closed later than this after they had opened."},
               {"age"});
}

std::string Finding(const ReportCounts& counted) {
  int64_t sums[std::size(kCountNames)] = {};
  for (size_t i = 0; i < std::size(sums); ++i) sums[i] = counted.Total(kCountNames[i]);
  if (sums[kLeft] < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(sums[kLeft], "lead was", "leads were"),
                        " closed.");
  }
  const auto part = [&](CountPlace place) {
    return absl::StrCat(GroupedInteger(sums[place]), " (", Percent(sums[place], sums[kLeft]), ")");
  };
  return absl::StrCat("Of ", GroupedInteger(sums[kLeft]), " leads that were closed, ", part(kEarly),
                      " left early, ", part(kLate), " after sales had accepted them, and ",
                      part(kUntested), " were never followed up; ", GroupedInteger(sums[kUnfit]),
                      " were far along before they were found unfit.");
}

class FallOff final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"fall_off", "where leads leave, and why: early, late, or never tested"};
  }

  std::vector<std::string> dimensions() const override { return {"left_stage", "stage", "reason"}; }

  Measures measures(const ReportScope& scope) const override {
    Measures measures{{std::begin(kCountNames), std::end(kCountNames)}, {}, {"age"}};
    for (std::string& name : MissingNames(scope.facts().policy())) {
      measures.counts.push_back(std::move(name));
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    std::optional<Time> accepted_at;
    const int accepted = scope.milestones().accepted;
    const auto enter = [&](const EnteredStage& entry) {
      if (entry.fact.kind == FactKind::kOpened) accepted_at.reset();
      const int rung = scope.ladder().RungOf(scope.PlaceOf(entry.stage));
      if (accepted == StageLadder::kNoRung || rung < accepted || accepted_at) return;
      accepted_at = entry.fact.occurred_at;
    };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      const bool closed = scope.StageOf(record.state.stage).kind == StageKind::kClosed;
      if (!record.IsLead() || !closed || !scope.InPeriod(record.state.entered_at)) return;
      CountLead(scope, record, accepted_at, tally);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(context, finished);
    const auto place_of = [&](size_t row) {
      return std::ranges::find(context.stages, counted.key(row)[kStageKey], &ReportedStage::key) -
             context.stages.begin();
    };
    std::vector<size_t> rows = counted.RowsByKey();
    std::ranges::stable_sort(rows, {}, [&](size_t row) {
      return std::pair(place_of(row), -counted.count(row, kCountNames[kLeft]));
    });
    for (const size_t row : rows) AddRow(counted, row, *context.policy, finished);
    if (context.group_columns.size() == 3) {
      finished.table.charts = {{.kind = ChartKind::kFlow,
                                .title = "From which stage leads left",
                                .x = "left_stage",
                                .y = {"left"},
                                .series = "stage"}};
    }
    return finished;
  }

 private:
  static void CountLead(const ReportScope& scope, const RecordInGroup& lead,
                        std::optional<Time> accepted_at, Tally& tally) {
    const size_t row = tally.RowOf(scope.KeyOf(lead));
    const bool late = accepted_at.has_value();
    const bool untested =
        !late && lead.state.handed_off_at && !FollowedUpAt(lead, scope.as_of()).has_value();
    tally.Begin(lead);
    tally.Count(row, kLeft);
    tally.Count(row, late ? kLate : untested ? kUntested : kEarly);
    if (late && scope.StageOf(lead.state.stage).key == kDisqualified) {
      tally.Count(row, kUnfit);
      CountMissing(scope, lead, *accepted_at, row, tally);
    }
    tally.Add(row, 0, Sample{lead.state.stage_since.micros - lead.state.opened_at.micros, 1});
  }

  static void CountMissing(const ReportScope& scope, const RecordInGroup& lead, Time accepted_at,
                           size_t row, Tally& tally) {
    size_t measure = std::size(kCountNames);
    for (const uint32_t attribute : scope.askable_attributes()) {
      const bool known =
          attribute != 0 && scope.dimensions().HasAttribute(attribute, lead, accepted_at);
      if (!known) tally.Count(row, measure);
      ++measure;
    }
  }

  static void AddRow(const ReportCounts& counted, size_t row, const Policy& policy,
                     FinishedReport& to) {
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    for (size_t i = 0; i < std::size(kCountNames); ++i) {
      if (i == kUntested) cells.push_back(MissingCell(counted, row, policy));
      cells.emplace_back(counted.count(row, kCountNames[i]));
    }
    cells.push_back(MedianDays(counted.samples(row, "age")));
    to.AddRow({{row}, ""}, cells);
  }

  static constexpr std::string_view kDisqualified = "disqualified";  // the field's word
};

}  // namespace
}  // namespace fall_off

const ReportKind& FallOffReport() {
  static const fall_off::FallOff report;
  return report;
}

}  // namespace throughline
