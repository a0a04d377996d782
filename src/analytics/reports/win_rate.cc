#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"

// Three win rates beside one another, because each answers another question.

namespace throughline {
namespace win_rate {
namespace {

enum CountPlace : size_t {
  kWon,
  kLost,
  kNoDecision,
  kUnconverted,
  kCohort,
  kCohortWon,
  kCohortOpen,
};
constexpr const char* kCountNames[] = {"won",    "lost",       "no_decision", "closed_leads",
                                       "cohort", "cohort_won", "cohort_open"};

void AddRateColumns(FinishedReport& to) {
  to.AddColumn({"won", ColumnKind::kInteger, "opportunities",
                "New-business opportunities that were won in the period, and still are: one that "
                "was reopened counts once, by its last outcome."},
               {"won"});
  to.AddColumn({"lost", ColumnKind::kInteger, "opportunities",
                "Those that were lost in the period, for want of a decision too. A loss that came "
                "back as a new opportunity remains a loss."},
               {"lost"});
  to.AddColumn({"no_decision", ColumnKind::kInteger, "opportunities",
                "Those of the lost ones whose reason is no_decision."},
               {"no_decision"});
  to.AddColumn({"win_rate", ColumnKind::kReal, "share",
                "Won as a share of won and lost, by the day they closed.", /*bar=*/true},
               {"won", "lost"});
  to.AddColumn({"low", ColumnKind::kReal, "share",
                "Lower end of what the win rate may be, by chance alone (95 %, Wilson)."});
  to.AddColumn({"high", ColumnKind::kReal, "share", "Upper end of it."});
}

void AddOtherColumns(FinishedReport& to) {
  to.AddColumn({"closed_leads", ColumnKind::kInteger, "leads",
                "Leads that sales had accepted and that were closed in the period without an "
                "opportunity."},
               {"closed_leads"});
  to.AddColumn({"full_rate", ColumnKind::kReal, "share",
                "Won as a share of won, lost and those leads: what is lost before it is called an "
                "opportunity counts too."},
               {"won", "lost", "closed_leads"});
  to.AddColumn({"cohort", ColumnKind::kInteger, "opportunities",
                "New-business opportunities that opened in the period."},
               {"cohort"});
  to.AddColumn({"cohort_won", ColumnKind::kInteger, "opportunities", "Those of them that are won."},
               {"cohort_won"});
  to.AddColumn({"cohort_open", ColumnKind::kInteger, "opportunities",
                "Those of them that are open yet: the cohort rate can still rise."},
               {"cohort_open"});
  to.AddColumn({"cohort_rate", ColumnKind::kReal, "share",
                "Won as a share of all that opened in the period."},
               {"cohort", "cohort_won"});
}

std::string Finding(const ReportCounts& counted) {
  int64_t sums[std::size(kCountNames)] = {};
  for (size_t i = 0; i < std::size(sums); ++i) sums[i] = counted.Total(kCountNames[i]);
  const int64_t closed = sums[kWon] + sums[kLost];
  if (closed < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(closed, "opportunity", "opportunities"),
                        " closed.");
  }
  const std::string so_far =
      sums[kCohort] == 0
          ? ""
          : absl::StrCat("; of those that opened, ", Percent(sums[kCohortWon], sums[kCohort]),
                         " are won so far");
  return absl::StrCat("Of ", GroupedInteger(closed), " opportunities that closed, ",
                      Percent(sums[kWon], closed), " were won; with the ",
                      Counted(sums[kUnconverted], "accepted lead", "accepted leads"),
                      " closed before there was an opportunity, ",
                      Percent(sums[kWon], closed + sums[kUnconverted]), so_far, ".");
}

class WinRate final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"win_rate", "won of what closed, of what was accepted, and of what opened"};
  }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {}, {}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachClimb(group, [&](const RecordInGroup& record, int highest) {
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(scope, record, highest, tally);
      } else {
        CountOpportunity(scope, record, tally);
      }
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    for (const TableColumn& column : context.group_columns) finished.AddColumn(column);
    AddRateColumns(finished);
    AddOtherColumns(finished);
    for (const size_t row : counted.RowsByKey()) AddRow(counted, row, finished);
    if (context.group_columns.size() == 1) {
      finished.table.charts = {{.title = "Three win rates",
                                .x = context.group_columns[0].name,
                                .y = {"win_rate", "full_rate", "cohort_rate"}}};
    }
    return finished;
  }

 private:
  static void CountLead(const ReportScope& scope, const RecordInGroup& lead, int highest,
                        Tally& tally) {
    const int accepted = scope.milestones().accepted;
    const bool closed = scope.StageOf(lead.state.stage).kind == StageKind::kClosed;
    if (!closed || accepted == StageLadder::kNoRung || highest < accepted) return;
    if (!scope.InPeriod(lead.state.entered_at)) return;
    tally.Count(tally.RowOf(scope.KeyOf(lead)), kUnconverted);
  }

  static void CountOpportunity(const ReportScope& scope, const RecordInGroup& deal, Tally& tally) {
    const RecordState& state = deal.state;
    if (!state.IsNewBusiness()) return;
    const ReportedStage& stage = scope.StageOf(state.stage);
    const bool closed = stage.kind == StageKind::kClosed, won = stage.phase == Phase::kWon;
    const bool counts = closed && scope.InPeriod(state.entered_at);
    const bool cohort = scope.InPeriod(state.opened_at);
    if (!counts && !cohort) return;
    const size_t row = tally.RowOf(scope.KeyOf(deal));
    if (counts) tally.Count(row, won ? kWon : kLost);
    if (counts && !won && IsNoDecision(scope, state)) tally.Count(row, kNoDecision);
    if (!cohort) return;
    tally.Count(row, kCohort);
    if (!closed) tally.Count(row, kCohortOpen);
    if (closed && won) tally.Count(row, kCohortWon);
  }

  static bool IsNoDecision(const ReportScope& scope, const RecordState& state) {
    return scope.dictionaries().reasons[state.reason] == "no_decision";
  }

  static void AddRow(const ReportCounts& counted, size_t row, FinishedReport& to) {
    const auto count = [&](CountPlace place) { return counted.count(row, kCountNames[place]); };
    const int64_t won = count(kWon), closed = won + count(kLost);
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    cells.insert(cells.end(), {won, count(kLost), count(kNoDecision), ShareOf(won, closed)});
    AddWilsonCells(won, closed, cells);
    cells.insert(cells.end(), {count(kUnconverted), ShareOf(won, closed + count(kUnconverted)),
                               count(kCohort), count(kCohortWon), count(kCohortOpen),
                               ShareOf(count(kCohortWon), count(kCohort))});
    to.AddRow({{row}, ""}, cells);
  }
};

}  // namespace
}  // namespace win_rate

const ReportKind& WinRateReport() {
  static const win_rate::WinRate report;
  return report;
}

}  // namespace throughline
