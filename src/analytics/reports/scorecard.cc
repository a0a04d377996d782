#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/snapshot/lead_work.h"

// The page that both heads read: this period beside the last one.

namespace throughline {
namespace scorecard {
namespace {

enum Metric : size_t {
  kResponses,
  kMql,
  kAccepted,
  kHandedOff,
  kFollowedUp,
  kOpportunities,
  kSourced,
  kWon,
  kLost,
  kSourcedWon,
  kUnknownPipeline,
  kUnknownWon,
};
struct MetricText {
  const char* name;
  const char* unit;
  const char* about;
};
constexpr MetricText kCounts[] = {
    {"responses", "touches", "Touches by which somebody outside reacted."},
    {"mql", "leads", "Leads that came to the stage mql or beyond it for the first time."},
    {"accepted", "leads", "Leads that sales agreed to work: they came to accepted or beyond it."},
    {"handed_off", "leads", "Leads given to sales or to a partner for the first time."},
    {"followed_up", "leads", "Those of them that were called, met or written to since."},
    {"opportunities", "opportunities", "New-business opportunities that opened."},
    {"sourced", "opportunities", "Those of them that are marketing's doing."},
    {"won", "opportunities",
     "Opportunities that were won and still are, expansions and renewals too."},
    {"lost", "opportunities",
     "Opportunities that were lost and still are, expansions and renewals too."},
    {"sourced_won", "opportunities", "Won opportunities that are marketing's doing."},
    {"unknown_pipeline", "opportunities",
     "New-business opportunities that opened and whose amount is not known: no sum contains them."},
    {"unknown_won", "opportunities",
     "Opportunities that were won and whose amount is not known: no sum contains them."},
};

enum Amount : size_t { kPipeline, kSourcedPipeline, kRevenue, kSourcedRevenue };
constexpr MetricText kAmounts[] = {
    {"pipeline_created", "", "Amounts of the new-business opportunities that opened."},
    {"sourced_pipeline_created", "", "Amounts of those of them that are marketing's doing."},
    {"won_amount", "", "Amounts of the opportunities that were won."},
    {"sourced_won_amount", "", "Amounts of those of them that are marketing's doing."},
};

constexpr const char* kPeriods[] = {"this", "last"};
constexpr size_t kThis = 0, kLast = 1;

Cell ChangeOf(double now, double before) {
  return before == 0 ? Cell() : Cell((now - before) / before);
}

class Scorecard final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"scorecard", "marketing and sales on one page: this period beside the last"};
  }

  bool compares() const override { return true; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const char* period : kPeriods) {
      for (const MetricText& m : kCounts) measures.counts.push_back(MeasureName(period, m.name));
      for (const MetricText& m : kAmounts) measures.sums.push_back(MeasureName(period, m.name));
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    const ComparedPeriods& periods = scope.compared();
    std::optional<Time> mql, accepted;
    const auto enter = [&](const EnteredStage& entry) {
      if (entry.fact.kind == FactKind::kOpened) mql = accepted = std::nullopt;
      const int rung = scope.ladder().RungOf(scope.PlaceOf(entry.stage));
      const Milestones& milestones = scope.milestones();
      const auto reach = [&](int milestone, std::optional<Time>& at) {
        if (milestone != StageLadder::kNoRung && rung >= milestone && !at) {
          at = entry.fact.occurred_at;
        }
      };
      reach(milestones.mql, mql);
      reach(milestones.accepted, accepted);
    };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      const Counter counter{scope, periods, tally, tally.RowOf(scope.KeyOf(record))};
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(counter, record, mql, accepted);
      } else {
        CountOpportunity(counter, record);
      }
    });
    if (scope.context().IsOfAll()) {
      CountResponses(scope, periods, group, tally);
    }
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    for (const TableColumn& column : context.group_columns) finished.AddColumn(column);
    AddColumns(finished);
    for (const size_t row : counted.RowsByKey()) {
      for (const MetricText& metric : kCounts) AddCount(counted, row, metric, context, finished);
      AddRates(counted, row, finished);
      for (const MetricText& amount : kAmounts) AddAmounts(counted, row, amount, finished);
    }
    finished.table.finding = Finding(counted, context);
    finished.table.parameters = {{"last_period", LastPeriodText(context)}};
    return finished;
  }

 private:
  struct Counter {
    const ReportScope& scope;
    const ComparedPeriods& periods;
    Tally& tally;
    size_t row;

    void Count(Metric metric, std::optional<Time> at) const {
      if (!at) return;
      if (const auto period = periods.Of(*at)) {
        tally.Count(row, *period * std::size(kCounts) + metric);
      }
    }
    void Add(Amount sum, const Money* amount, Time at, Time rate_day) const {
      const auto period = periods.Of(at);
      if (!period) return;
      Money kept;
      tally.Add(row, *period * std::size(kAmounts) + sum,
                scope.Convert(amount, rate_day, kept, tally));
    }
  };

  static void CountLead(const Counter& counter, const RecordInGroup& lead, std::optional<Time> mql,
                        std::optional<Time> accepted) {
    counter.Count(kMql, mql);
    counter.Count(kAccepted, accepted);
    const std::optional<Time>& handed_off = lead.state.handed_off_at;
    if (!handed_off || !counter.periods.Of(*handed_off)) return;
    counter.Count(kHandedOff, handed_off);
    if (FollowedUpAt(lead, counter.scope.as_of())) counter.Count(kFollowedUp, handed_off);
  }

  static void CountOpportunity(const Counter& counter, const RecordInGroup& deal) {
    const ReportScope& scope = counter.scope;
    const RecordState& state = deal.state;
    const Phase phase = scope.StageOf(state.stage).phase;
    const bool opened = state.IsNewBusiness() && counter.periods.Of(state.opened_at).has_value();
    const bool won = phase == Phase::kWon && counter.periods.Of(state.entered_at).has_value();
    if (phase == Phase::kLost) counter.Count(kLost, state.entered_at);
    if (!opened && !won) return;
    const bool sourced = scope.dimensions().SourcedOf(deal) == Sourced::kMarketing;
    if (opened) {
      const Time day = scope.as_of().through;
      counter.Count(kOpportunities, state.opened_at);
      counter.Add(kPipeline, state.amount, state.opened_at, day);
      if (state.amount == nullptr) counter.Count(kUnknownPipeline, state.opened_at);
      if (sourced) counter.Count(kSourced, state.opened_at);
      if (sourced) counter.Add(kSourcedPipeline, state.amount, state.opened_at, day);
    }
    if (won) {
      counter.Count(kWon, state.entered_at);
      counter.Add(kRevenue, state.amount, state.entered_at, state.entered_at);
      if (state.amount == nullptr) counter.Count(kUnknownWon, state.entered_at);
      if (sourced) counter.Count(kSourcedWon, state.entered_at);
      if (sourced) counter.Add(kSourcedRevenue, state.amount, state.entered_at, state.entered_at);
    }
  }

  static void CountResponses(const ReportScope& scope, const ComparedPeriods& periods,
                             const Group& group, Tally& tally) {
    for (size_t account = group.first_account(); account < group.end_account(); ++account) {
      for (const Touch& touch :
           group.TouchesOf(account, TouchClass::kResponse, TouchClass::kBoth)) {
        const auto period = periods.Of(touch.occurred_at);
        if (!period || !Counts(touch, group.block(), scope.as_of())) continue;
        tally.Begin(TouchInGroup{touch, group.block().accounts[account].id});
        tally.Count(tally.RowOf({}), *period * std::size(kCounts) + kResponses);
      }
    }
  }

  static void AddColumns(FinishedReport& to) {
    to.AddColumn({"metric", ColumnKind::kText, "", "What is measured."});
    to.AddColumn({"about", ColumnKind::kText, "", "What that means, in plain English."});
    to.AddColumn({"unit", ColumnKind::kText, "", "What it is counted in."});
    to.AddColumn({"this_period", ColumnKind::kReal, "figure",
                  "In the period; without one, in the fiscal quarter so far."},
                 {"this"});
    to.AddColumn(
        {"last_period", ColumnKind::kReal, "figure",
         "In the period of the same length before it, or of as many months if it is of whole "
         "ones; without one, in as much of the fiscal quarter before."},
        {"last"});
    to.AddColumn({"change", ColumnKind::kReal, "share",
                  "How much more this is than the last, as a share of it; empty if that was "
                  "nothing."});
  }

  static void AddMetric(const ReportCounts& counted, size_t row, const MetricText& metric,
                        std::string unit, Cell now, Cell before, FinishedReport& to) {
    const Currency currency = ParseCurrency(unit).value_or(Currency());
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    const auto *a = std::get_if<double>(&now), *b = std::get_if<double>(&before);
    Cell change = a != nullptr && b != nullptr ? ChangeOf(*a, *b) : Cell();
    cells.insert(cells.end(), {std::string(metric.name), std::string(metric.about), std::move(unit),
                               std::move(now), std::move(before), std::move(change)});
    to.AddRow({{row}, metric.name, currency}, cells);
  }

  static void AddCount(const ReportCounts& counted, size_t row, const MetricText& metric,
                       const ReportContext& context, FinishedReport& to) {
    const bool known = &metric != &kCounts[kResponses] || context.IsOfAll();
    const auto count = [&](size_t period) {
      const int64_t n = counted.count(row, MeasureName(kPeriods[period], metric.name));
      return known ? Cell(static_cast<double>(n)) : Cell();
    };
    AddMetric(counted, row, metric, metric.unit, count(kThis), count(kLast), to);
  }

  static void AddRates(const ReportCounts& counted, size_t row, FinishedReport& to) {
    const auto share = [&](size_t period, Metric part, Metric other) {
      const auto count = [&](Metric m) {
        return counted.count(row, MeasureName(kPeriods[period], kCounts[m].name));
      };
      return ShareOf(100 * count(part),
                     other == kHandedOff ? count(other) : count(part) + count(other));
    };
    static constexpr MetricText kFollowUpRate = {
        "follow_up_rate", "", "Followed-up leads as a share of those handed off."};
    static constexpr MetricText kWinRate = {"win_rate", "",
                                            "Won opportunities as a share of all won or lost."};
    AddMetric(counted, row, kFollowUpRate, "percent", share(kThis, kFollowedUp, kHandedOff),
              share(kLast, kFollowedUp, kHandedOff), to);
    AddMetric(counted, row, kWinRate, "percent", share(kThis, kWon, kLost),
              share(kLast, kWon, kLost), to);
  }

  // A row for each currency: none if there is no amount.
  static void AddAmounts(const ReportCounts& counted, size_t row, const MetricText& metric,
                         FinishedReport& to) {
    const AmountSums& now = counted.sum(row, MeasureName(kPeriods[kThis], metric.name));
    const AmountSums& before = counted.sum(row, MeasureName(kPeriods[kLast], metric.name));
    Currencies currencies;
    AddCurrencies(now, currencies);
    AddCurrencies(before, currencies);
    for (const Currency currency : currencies) {
      AddMetric(counted, row, metric, std::string(currency.view()), now.Of(currency),
                before.Of(currency), to);
    }
  }

  static std::string Finding(const ReportCounts& counted, const ReportContext& context) {
    const auto sum = [&](size_t period, Metric metric) {
      return counted.Total(MeasureName(kPeriods[period], kCounts[metric].name));
    };
    const int64_t leads = sum(kThis, kHandedOff), closed = sum(kThis, kWon) + sum(kThis, kLost);
    if (leads + closed < kEnoughRecords) {
      return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), " handed off and ",
                          Counted(closed, "opportunity", "opportunities"), " closed from ",
                          ComparedText(context), ".");
    }
    return absl::StrCat("From ", ComparedText(context), " marketing brought ",
                        Counted(sum(kThis, kMql), "mql", "mql"), " (",
                        GroupedInteger(sum(kLast, kMql)), " in the last period); of ",
                        Counted(leads, "lead", "leads"), " handed off sales followed up ",
                        GroupedInteger(sum(kThis, kFollowedUp)), "; ",
                        Counted(sum(kThis, kWon), "deal was", "deals were"), " won (",
                        GroupedInteger(sum(kLast, kWon)), "), ",
                        GroupedInteger(sum(kThis, kSourcedWon)), " of them marketing's doing.");
  }
};

}  // namespace
}  // namespace scorecard

const ReportKind& ScorecardReport() {
  static const scorecard::Scorecard report;
  return report;
}

}  // namespace throughline
