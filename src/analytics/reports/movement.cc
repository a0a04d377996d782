#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"

// The open pipeline on two dates, and what moved in between: a bridge that adds up.

namespace throughline {
namespace movement {
namespace {

enum Step : size_t { kBegin, kOpened, kReopened, kRevalued, kWon, kLost, kEnd };
constexpr const char* kSteps[] = {"begin", "opened", "reopened", "revalued", "won", "lost", "end"};
constexpr const char* kSince[] = {
    "open at the beginning of the period",
    "opened since",
    "closed at the beginning, and reopened since, also if closed again",
    "changed in amount; of those that were open all the time",
    "won since",
    "lost since",
    "open at the end"};

// What those that were open on both dates did beside; they are in the bridge already.
enum Move : size_t { kAdvanced = std::size(kSteps), kWentBack, kPostponed };
constexpr const char* kMoves[] = {"advanced", "went_back", "postponed"};

bool StaysOpen(StageKind kind) { return kind == StageKind::kOpen || kind == StageKind::kParked; }

bool IsOpen(const ReportScope& scope, const RecordState& state) {
  if (!state.exists) return false;
  return StaysOpen(scope.StageOf(state.stage).kind);
}

// An opportunity on both dates.
struct Change {
  const RecordState& before;
  const RecordState& after;
  bool came_back;  // stood in an open stage in between
};

class Movement final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"movement", "the open pipeline on two dates, and what moved in between"};
  }

  bool compares() const override { return true; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const char* step : kSteps) {
      measures.counts.push_back(MeasureName("count", step));
      measures.sums.push_back(MeasureName("amount", step));
    }
    for (const char* move : kMoves) measures.counts.emplace_back(move);
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    const auto just_before = [&](Time time) {
      return AsOf{Time{time.micros - 1}, scope.as_of().known_at};
    };
    const Period& period = scope.compared().period();
    for (const FactRecord& record : group.records()) {
      if (record.kind != EntityKind::kOpportunity) continue;
      bool came_back = false;
      const auto enter = [&](const EnteredStage& entry) {
        const bool within = entry.fact.occurred_at >= period.from;
        came_back = came_back || (within && StaysOpen(scope.StageOf(entry.stage).kind));
      };
      const RecordState after = StateOf(group, record, just_before(period.until), enter);
      const RecordInGroup in_group{group, record, after};
      if (!after.exists || !scope.Passes(in_group)) continue;
      const RecordState before = StateOf(group, record, just_before(period.from));
      tally.Begin(in_group);
      CountChange(scope, {before, after, came_back}, tally.RowOf(scope.KeyOf(in_group)), tally);
    }
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Currencies currencies = counted.CurrenciesOfSums();
    FinishedReport finished;
    AddColumns(context, currencies, finished);
    for (const size_t row : counted.RowsByKey()) {
      for (size_t step = 0; step < std::size(kSteps); ++step) {
        AddStep(counted, row, step, currencies, finished);
      }
    }
    finished.table.finding = Finding(counted);
    if (context.group_columns.empty()) AddCharts(finished.table);
    return finished;
  }

 private:
  static void CountChange(const ReportScope& scope, const Change& change, size_t row,
                          Tally& tally) {
    const bool was_open = IsOpen(scope, change.before), is_open = IsOpen(scope, change.after);
    const auto count = [&](Step step, const Money* amount, bool negative) {
      AddTo(scope, row, step, amount, negative, tally);
    };
    if (was_open) count(kBegin, change.before.amount, false);
    if (is_open) count(kEnd, change.after.amount, false);
    if (!change.before.exists) count(kOpened, change.after.amount, false);
    const bool reopened = change.before.exists && !was_open && (is_open || change.came_back);
    if (reopened) count(kReopened, change.after.amount, false);
    if (!is_open && (was_open || !change.before.exists || reopened)) {
      const bool won = scope.StageOf(change.after.stage).phase == Phase::kWon;
      count(won ? kWon : kLost, change.after.amount, true);
    }
    if (!was_open) return;
    Revalue(scope, change, row, tally);
    if (is_open) CountMoves(scope, change, row, tally);
  }

  // What leaves is counted at its last amount: that it was another one is a step of its own.
  static void Revalue(const ReportScope& scope, const Change& change, size_t row, Tally& tally) {
    const Money* const before = change.before.amount;
    const Money* const after = change.after.amount;
    if (before == after || (before != nullptr && after != nullptr && *before == *after)) return;
    tally.Count(row, kRevalued);
    if (before != nullptr) AddAmount(scope, row, kRevalued, *before, true, tally);
    if (after != nullptr) AddAmount(scope, row, kRevalued, *after, false, tally);
  }

  static void CountMoves(const ReportScope& scope, const Change& change, size_t row, Tally& tally) {
    const int before = scope.ladder().RungOf(scope.PlaceOf(change.before.stage));
    const int after = scope.ladder().RungOf(scope.PlaceOf(change.after.stage));
    const bool on_rungs = before != StageLadder::kNoRung && after != StageLadder::kNoRung;
    if (on_rungs && after > before) tally.Count(row, kAdvanced);
    if (on_rungs && after < before) tally.Count(row, kWentBack);
    const auto &old_close = change.before.close_date, &close = change.after.close_date;
    if (old_close && close && *close > *old_close) tally.Count(row, kPostponed);
  }

  static void AddTo(const ReportScope& scope, size_t row, Step step, const Money* amount,
                    bool negative, Tally& tally) {
    tally.Count(row, step);
    if (amount != nullptr) {
      AddAmount(scope, row, step, *amount, negative, tally);
    } else {
      tally.Add(row, step, nullptr);
    }
  }

  // Both dates at the rates of the later one: a bridge of one kind of money.
  static void AddAmount(const ReportScope& scope, size_t row, Step step, const Money& amount,
                        bool negative, Tally& tally) {
    Money kept;
    const Money* converted =
        scope.Convert(&amount, Time{scope.compared().period().until.micros - 1}, kept, tally);
    if (converted == nullptr) return;
    const Money signed_amount{negative ? -converted->minor : converted->minor, converted->currency};
    tally.Add(row, step, &signed_amount);
  }

  static void AddColumns(const ReportContext& context, const Currencies& currencies,
                         FinishedReport& to) {
    for (const TableColumn& column : context.group_columns) to.AddColumn(column);
    to.AddColumn({"step", ColumnKind::kText, "",
                  "From begin to end: what was open when the period began; opened, reopened and "
                  "revalued; won and lost, which leave; what is open when it ends."});
    to.AddColumn({"about", ColumnKind::kText, "", "The step in words."});
    to.AddColumn({"count", ColumnKind::kInteger, "opportunities",
                  "Opportunities of this step. Begin, opened and reopened, less won and lost, make "
                  "the end; revalued ones are no more and no fewer.",
                  /*bar=*/true},
                 {"count"});
    to.AddAmounts("amount",
                  "What the step adds to the sum of open amounts, or takes from it (below 0); the "
                  "steps after begin add up to the end;",
                  currencies, {"amount"});
    to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                  "Opportunities of this step whose amount is not known; no sum contains them."},
                 {UnknownOf("amount")});
  }

  static void AddStep(const ReportCounts& counted, size_t row, size_t step,
                      const Currencies& currencies, FinishedReport& to) {
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    const AmountSums& amounts = counted.sum(row, MeasureName("amount", kSteps[step]));
    cells.insert(cells.end(), {std::string(kSteps[step]), std::string(kSince[step]),
                               counted.count(row, MeasureName("count", kSteps[step]))});
    AddAmountCells(amounts, currencies, cells);
    cells.emplace_back(amounts.unknown());
    to.AddRow({{row}, kSteps[step]}, cells);
  }

  static std::string Finding(const ReportCounts& counted) {
    const auto step = [&](Step s) { return counted.Total(MeasureName("count", kSteps[s])); };
    if (step(kBegin) + step(kOpened) + step(kReopened) == 0) {
      return "Too little data: no opportunity was open in the period.";
    }
    return absl::StrCat(
        Counted(step(kBegin), "opportunity was", "opportunities were"), " open, ",
        GroupedInteger(step(kOpened)), " opened and ", GroupedInteger(step(kReopened)),
        " came back; ", GroupedInteger(step(kWon)), " were won, ", GroupedInteger(step(kLost)),
        " lost, and ", GroupedInteger(step(kEnd)), " are open. Of those open all the time ",
        GroupedInteger(counted.Total("advanced")), " advanced, ",
        GroupedInteger(counted.Total("went_back")), " went back, and ",
        GroupedInteger(counted.Total("postponed")), " are expected to close later than before.");
  }

  static void AddCharts(Table& table) {
    for (const std::string& amount : AmountColumns("amount", table.columns)) {
      table.charts.push_back({.kind = ChartKind::kBridge,
                              .title = "What moved the open amounts",
                              .x = "step",
                              .y = {amount}});
    }
  }
};

}  // namespace
}  // namespace movement

const ReportKind& MovementReport() {
  static const movement::Movement report;
  return report;
}

}  // namespace throughline
