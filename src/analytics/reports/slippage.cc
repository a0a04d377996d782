#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// What slips: opportunities that are logged late, close dates that are pushed, leads that a quarter
// ends over.

namespace throughline {
namespace slippage {
namespace {

int64_t LateDays(const ReportRequest& request) { return request.late_days.value_or(14); }

struct SlipText {
  const char* name;
  const char* about;
};
enum Slip : size_t {
  kLoggedLate,
  kPushed,
  kPushedTwice,
  kPushedOver,
  kCrossed,
  kCrossedConverted,
  kCrossedClosed,
  kCrossedOpen,
};
constexpr SlipText kSlips[] = {
    {"logged_late",
     "The ledger heard of them $DAYS days or more after they had begun; days: how late."},
    {"pushed",
     "Their close date was moved to a later day while they were open; days: by how much in all."},
    {"pushed_twice", "It was moved so at least twice."},
    {"pushed_over_quarter", "It was moved into a later fiscal quarter."},
    {"crossed_quarter",
     "Leads that a fiscal quarter ended over while they were open or parked; days: from opening "
     "until they were converted or closed, or until now."},
    {"crossed_converted", "Those of them that are converted."},
    {"crossed_closed", "Those of them that are dead or disqualified."},
    {"crossed_open", "Those of them that are open or parked yet."},
};
// Of what each is a part is counted behind them.
constexpr size_t kOf = std::size(kSlips);

enum Duration : size_t { kLateBy, kPushedBy, kOpenFor };
constexpr const char* kDurations[] = {"logged_late", "pushed", "crossed_quarter"};

std::string Finding(const ReportCounts& counted) {
  const auto sum = [&](const char* measure, Slip slip) {
    return counted.Total(MeasureName(measure, kSlips[slip].name));
  };
  const auto count = [&](Slip slip) { return GroupedInteger(sum("count", slip)); };
  const int64_t deals = sum("of", kLoggedLate), leads = sum("of", kCrossed);
  if (std::max(deals, leads) < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), " and ",
                        Counted(deals, "opportunity", "opportunities"), ".");
  }
  return absl::StrCat("Of ", Counted(deals, "opportunity", "opportunities"), ", ",
                      count(kLoggedLate), " were logged late; of ",
                      GroupedInteger(sum("of", kPushed)), " with a close date, ", count(kPushed),
                      " had it pushed; of ", Counted(leads, "lead", "leads"), ", ", count(kCrossed),
                      " had a quarter end over them, and ", count(kCrossedClosed),
                      " of those are dead or disqualified.");
}

uint32_t QuarterAt(const ReportScope& scope, Time time) {
  return scope.calendar().QuarterOf(scope.calendar().MonthOf(time));
}

// Whether a fiscal quarter ended over a record while it was open or parked. One that was reopened
// was not open in between.
class QuarterEnds {
 public:
  explicit QuarterEnds(const ReportScope& scope) : scope_(&scope) {}

  void Enter(const EnteredStage& entry) {
    if (entry.fact.kind == FactKind::kOpened) *this = QuarterEnds(*scope_);
    const StageKind kind = scope_->StageOf(entry.stage).kind;
    const bool over = kind == StageKind::kClosed || kind == StageKind::kConverted;
    if (over) {
      crossed_ = CrossedBy(entry.fact.occurred_at);
      since_.reset();
    } else if (!since_) {
      since_ = entry.fact.occurred_at;
    }
  }

  bool CrossedBy(Time time) const {
    return crossed_ || (since_ && QuarterAt(*scope_, *since_) < QuarterAt(*scope_, time));
  }

 private:
  const ReportScope* scope_;
  std::optional<Time> since_;  // it is open
  bool crossed_ = false;       // before
};

class Slippage final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"slippage", "what is logged late, pushed, or left open over a quarter's end"};
  }

  bool goes_by(ReportDays days) const override { return days == ReportDays::kLate; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const char* measure : {"count", "of"}) {
      for (const SlipText& slip : kSlips) {
        measures.counts.push_back(MeasureName(measure, slip.name));
      }
    }
    for (const char* name : kDurations) measures.samples.push_back(MeasureName("days", name));
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    QuarterEnds ends(scope);
    const auto enter = [&](const EnteredStage& entry) { ends.Enter(entry); };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      if (!scope.InPeriod(record.state.opened_at)) return;
      const size_t row = tally.RowOf(scope.KeyOf(record));
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(scope, record.state, ends, row, tally);
      } else {
        CountOpportunity(scope, record, row, tally);
      }
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(context, finished);
    for (const size_t row : counted.RowsByKey()) {
      for (const SlipText& slip : kSlips) AddRow(counted, row, slip, context.request, finished);
    }
    return finished;
  }

 private:
  static void CountLead(const ReportScope& scope, const RecordState& state, const QuarterEnds& ends,
                        size_t row, Tally& tally) {
    const StageKind kind = scope.StageOf(state.stage).kind;
    const bool converted = kind == StageKind::kConverted, closed = kind == StageKind::kClosed;
    const Time until = converted || closed ? state.entered_at : scope.as_of().through;
    tally.Count(row, kOf + kCrossed);
    if (!ends.CrossedBy(scope.as_of().through)) return;
    tally.Count(row, kCrossed);
    for (const Slip part : {kCrossedConverted, kCrossedClosed, kCrossedOpen}) {
      tally.Count(row, kOf + part);
    }
    tally.Count(row, converted ? kCrossedConverted : closed ? kCrossedClosed : kCrossedOpen);
    tally.Add(row, kOpenFor, Sample{until.micros - state.opened_at.micros, 1});
  }

  static void CountOpportunity(const ReportScope& scope, const RecordInGroup& deal, size_t row,
                               Tally& tally) {
    tally.Count(row, kOf + kLoggedLate);
    int64_t late = 0, pushes = 0, pushed_by = 0;
    bool over_quarter = false;
    std::optional<Date> close;
    for (const RecordFact& fact : deal.group.FactsOf(deal.record)) {
      if (!Counts(fact, deal.group.block(), scope.as_of())) continue;
      if (fact.kind == FactKind::kOpened) late = fact.known_at.micros - fact.occurred_at.micros;
      if (fact.kind != FactKind::kExpected) continue;
      const Date date{std::bit_cast<int32_t>(fact.value)};
      if (close && date > *close) {
        ++pushes;
        pushed_by += (date.days - close->days) * kMicrosPerDay;
        over_quarter |= QuarterAt(scope, scope.calendar().StartOf(*close)) <
                        QuarterAt(scope, scope.calendar().StartOf(date));
      }
      close = date;
    }
    if (late >= LateDays(scope.context().request) * kMicrosPerDay) {
      tally.Count(row, kLoggedLate);
      tally.Add(row, kLateBy, Sample{late, 1});
    }
    for (const Slip slip : {kPushed, kPushedTwice, kPushedOver}) {
      if (close) tally.Count(row, kOf + slip);
    }
    if (pushes == 0) return;
    tally.Count(row, kPushed);
    tally.Add(row, kPushedBy, Sample{pushed_by, 1});
    if (pushes > 1) tally.Count(row, kPushedTwice);
    if (over_quarter) tally.Count(row, kPushedOver);
  }

  static void AddColumns(const ReportContext& context, FinishedReport& to) {
    for (const TableColumn& column : context.group_columns) to.AddColumn(column);
    to.AddColumn({"slip", ColumnKind::kText, "", "What slipped."});
    to.AddColumn({"about", ColumnKind::kText, "", "What that means, in plain English."});
    to.AddColumn({"count", ColumnKind::kInteger, "records",
                  "How many of the records that opened in the period.", /*bar=*/true},
                 {"count"});
    to.AddColumn({"of", ColumnKind::kInteger, "records",
                  "Of how many: opportunities, those with a close date, leads, or those that "
                  "crossed a quarter's end."},
                 {"of"});
    to.AddColumn({"share", ColumnKind::kReal, "share", "Count as a share of that."}, {"count"});
    to.AddColumn({"median_days", ColumnKind::kReal, "days",
                  "Half of them took longer than this; of what has durations."},
                 {"days"});
  }

  static void AddRow(const ReportCounts& counted, size_t row, const SlipText& slip,
                     const ReportRequest& request, FinishedReport& to) {
    std::string about =
        absl::StrReplaceAll(slip.about, {{"$DAYS", absl::StrCat(LateDays(request))}});
    const int64_t count = counted.count(row, MeasureName("count", slip.name));
    const int64_t of = counted.count(row, MeasureName("of", slip.name));
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    cells.insert(cells.end(),
                 {std::string(slip.name), std::move(about), count, of, ShareOf(count, of),
                  MedianDays(counted.samples(row, MeasureName("days", slip.name)))});
    to.AddRow({{row}, slip.name}, cells);
  }
};

}  // namespace
}  // namespace slippage

const ReportKind& SlippageReport() {
  static const slippage::Slippage report;
  return report;
}

}  // namespace throughline
