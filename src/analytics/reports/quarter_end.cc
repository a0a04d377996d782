#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// Whether the calendar closes leads and deals: how many close on each of the last days of a fiscal
// quarter, beside what the other days let expect, and how many of them come back.

namespace throughline {
namespace quarter_end {
namespace {

constexpr char kOtherDays[] = "earlier";
constexpr int64_t kEnoughDays = 28;  // of the others, to tell a rate

// How long the end of a quarter is, and how soon a lead comes back whose closing meant little.
struct Spans {
  int64_t last_days, return_days;
  explicit Spans(const ReportRequest& request)
      : last_days(request.last_days.value_or(14)), return_days(request.return_days.value_or(90)) {}

  // A place for each of the last days, 0 being the very last, and one for all others.
  size_t places() const { return static_cast<size_t>(last_days) + 1; }
  size_t others() const { return places() - 1; }
  std::string DayName(size_t place) const {
    return place == others() ? std::string(kOtherDays) : absl::StrCat(place);
  }
  size_t PlaceOfDay(const Calendar& calendar, Time at) const;
  bool IsSoon(Time closed_at, Time at) const {
    return closed_at <= at && at.micros - closed_at.micros <= return_days * kMicrosPerDay;
  }
};

enum Closing : size_t { kClosedLeads, kCameBack, kLostDeals, kWonDeals };
constexpr const char* kClosings[] = {"closed", "came_back", "lost", "won"};

int64_t DaysToEnd(const Calendar& calendar, Time at) {
  const Date day = calendar.DayOf(at);
  const Date next = calendar.DayOf(
      calendar.StartOfMonth(calendar.QuarterOf(calendar.MonthOf(calendar.StartOf(day))) + 3));
  return next.days - day.days - 1;
}

size_t Spans::PlaceOfDay(const Calendar& calendar, Time at) const {
  return static_cast<size_t>(std::min(DaysToEnd(calendar, at), last_days));
}

// How many days of the span there are of each place.
class DaysSeen {
 public:
  DaysSeen(const Spans& spans, const Calendar& calendar, Time from, Time until)
      : days_(spans.places()) {
    for (Date day = calendar.DayOf(from); calendar.StartOf(day) < until; ++day.days) {
      ++days_[spans.PlaceOfDay(calendar, calendar.StartOf(day))];
    }
  }
  int64_t operator[](size_t place) const { return days_[place]; }

 private:
  std::vector<int64_t> days_;
};

// What so many days would see by the rate of the others, and what chance alone may make of that,
// with 95 % confidence: the predictive distribution of a Poisson count under Jeffreys' prior, which
// is negative binomial (Gelman et al., "Bayesian Data Analysis", 3rd ed., sections 2.6 and 2.8).
struct Expected {
  double count = 0;
  int64_t low = 0, high = 0;
};
std::optional<Expected> ExpectedOf(int64_t others, int64_t other_days, int64_t days) {
  if (other_days < kEnoughDays || days == 0) return std::nullopt;
  const double exposure = static_cast<double>(days) / static_cast<double>(other_days);
  return Expected{static_cast<double>(others) * exposure, PredictedCount(others, exposure, 0.025),
                  PredictedCount(others, exposure, 0.975)};
}

// How long a record was closed; without an end: it is.
struct Closed {
  Time at;
  std::optional<Time> until;
};

// The leads of a group that another record took up, and when.
class TakenUp {
 public:
  TakenUp(const ReportScope& scope, const Group& group) {
    ForEachRecord(group, scope.as_of(), [&](const RecordInGroup& record) {
      const Origin* origin = record.state.origin;
      if (origin == nullptr || origin->link != Link::kReengages || !origin->previous_is_lead)
        return;
      leads_.emplace_back(origin->previous, record.state.opened_at);
    });
    std::ranges::sort(leads_);
  }

  bool SoonAfter(int64_t lead, Time closed_at, const Spans& spans) const {
    const auto from = std::ranges::lower_bound(leads_, std::pair(lead, closed_at));
    return from != leads_.end() && from->first == lead && spans.IsSoon(closed_at, from->second);
  }

 private:
  std::vector<std::pair<int64_t, Time>> leads_;
};

void AddClosingColumns(const std::string& name, const std::string& unit, const std::string& what,
                       const Spans& spans, FinishedReport& to) {
  to.AddColumn({name, ColumnKind::kInteger, unit, what + "."}, {name});
  to.AddColumn({name + "_expected", ColumnKind::kReal, unit,
                absl::StrCat("What so many days would see by the rate of the days before the last ",
                             spans.last_days, "; empty if there are fewer than 28 of those.")});
  to.AddColumn({name + "_low", ColumnKind::kInteger, unit,
                "Lower end of what chance alone may make of that (95 % of a Poisson count)."});
  to.AddColumn(
      {name + "_high", ColumnKind::kInteger, unit, "Upper end of it: above, the calendar did it."});
}

class QuarterEnd final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"quarter_end", "what closes in the last days of a quarter, beside other days"};
  }

  bool groups() const override { return false; }

  bool goes_by(ReportDays days) const override { return days != ReportDays::kLate; }

  Measures measures(const ReportScope& scope) const override {
    const Spans spans(scope.context().request);
    Measures measures;
    for (const char* closing : kClosings) {
      for (size_t place = 0; place < spans.places(); ++place) {
        measures.counts.push_back(MeasureName(closing, spans.DayName(place)));
      }
    }
    measures.samples = {"first"};  // of each group the first closing: the span begins with it
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    std::optional<Time> first;
    std::optional<TakenUp> taken_up;  // most groups have no closed lead
    std::vector<Closed> closings;
    const auto enter = [&](const EnteredStage& entry) { Follow(scope, entry, closings); };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      const ReportedStage& stage = scope.StageOf(record.state.stage);
      const Time at = record.state.entered_at;
      const bool closed = stage.kind == StageKind::kClosed && scope.InPeriod(at);
      if (closed) first = std::min(first.value_or(at), at);
      tally.Begin(record);
      if (record.IsLead()) {
        if (!closings.empty() && !taken_up) taken_up.emplace(scope, group);
        CountClosings(scope, record, closings, taken_up, tally);
      } else if (closed) {
        CountAt(scope, at, stage.phase == Phase::kWon ? kWonDeals : kLostDeals, tally);
      }
    });
    if (first) tally.Add(tally.RowOf({}), 0, Sample{first->micros, 1});
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Spans spans(context.request);
    FinishedReport finished;
    AddColumns(spans, finished);
    finished.table.charts = {{.title = "Leads closed, by days to the end of the quarter",
                              .x = "days_to_end",
                              .y = {"closed", "closed_expected"}},
                             {.title = "Won, by days to the end of the quarter",
                              .x = "days_to_end",
                              .y = {"won", "won_expected"}}};
    for (Chart& chart : finished.table.charts) {
      chart.where = "days_to_end";
      for (size_t place = 0; place < spans.others(); ++place) {
        chart.among.push_back(spans.DayName(place));
      };
    }
    const absl::StatusOr<Calendar> calendar = Calendar::Of(*context.policy);
    if (counted.rows() == 0 || counted.samples(0, "first").empty() || !calendar.ok()) {
      finished.table.finding = "Too little data: nothing was closed.";
      return finished;
    }
    const DaysSeen days = DaysOf(counted, spans, *calendar, context);
    for (size_t place = 0; place < spans.places(); ++place) {
      AddRow(counted, place, spans, days, finished);
    }
    finished.table.finding = Finding(counted, spans, days);
    return finished;
  }

 private:
  static void CountAt(const ReportScope& scope, Time at, Closing closing, Tally& tally) {
    const Spans spans(scope.context().request);
    tally.Count(tally.RowOf({}), closing * spans.places() + spans.PlaceOfDay(scope.calendar(), at));
  }

  // Each closing of a record, also one that did not last.
  static void Follow(const ReportScope& scope, const EnteredStage& entry,
                     std::vector<Closed>& closings) {
    const Time at = entry.fact.occurred_at;
    if (entry.fact.kind == FactKind::kOpened) closings.clear();
    const bool stands_closed = !closings.empty() && !closings.back().until;
    if (scope.StageOf(entry.stage).kind != StageKind::kClosed) {
      if (stands_closed) closings.back().until = at;
    } else if (!stands_closed) {
      closings.push_back({at, std::nullopt});
    }
  }

  static void CountClosings(const ReportScope& scope, const RecordInGroup& lead,
                            const std::vector<Closed>& closings,
                            const std::optional<TakenUp>& taken_up, Tally& tally) {
    const Spans spans(scope.context().request);
    for (const Closed& closed : closings) {
      if (!scope.InPeriod(closed.at)) continue;
      CountAt(scope, closed.at, kClosedLeads, tally);
      const bool came_back = closed.until ? spans.IsSoon(closed.at, *closed.until)
                                          : taken_up->SoonAfter(lead.record.id, closed.at, spans);
      if (came_back) CountAt(scope, closed.at, kCameBack, tally);
    }
  }

  static void AddColumns(const Spans& spans, FinishedReport& to) {
    to.AddColumn({"days_to_end", ColumnKind::kText, "",
                  absl::StrCat("Days between the closing and the last day of the fiscal quarter, "
                               "which is 0; \"earlier\": all days before the last ",
                               spans.last_days, ".")});
    to.AddColumn({"days", ColumnKind::kInteger, "days",
                  "How many such days there were, from the period's beginning, or the first "
                  "closing."});
    AddClosingColumns("closed", "times",
                      "Leads closed on these days, as dead or disqualified; one that was closed "
                      "twice counts twice",
                      spans, to);
    to.AddColumn({"came_back", ColumnKind::kInteger, "times",
                  absl::StrCat("Those of them that were reopened within ", spans.return_days,
                               " days, or came back as a new lead or opportunity.")},
                 {"came_back"});
    AddClosingColumns("lost", "opportunities", "Opportunities lost on these days, and lost still",
                      spans, to);
    AddClosingColumns("won", "opportunities", "Opportunities won on these days, and won still",
                      spans, to);
  }

  static DaysSeen DaysOf(const ReportCounts& counted, const Spans& spans, const Calendar& calendar,
                         const ReportContext& context) {
    const std::span<const Sample> firsts = counted.samples(0, "first");
    Time from = context.as_of.through;
    if (!firsts.empty()) from = Time{std::ranges::min(firsts).value};
    if (context.request.from) from = calendar.StartOf(*context.request.from);
    Time until{context.as_of.through.micros + 1};
    if (context.request.to) {
      until = std::min(until, calendar.StartOf(Date{context.request.to->days + 1}));
    }
    return DaysSeen(spans, calendar, from, until);
  }

  static std::optional<Expected> ExpectedAt(const ReportCounts& counted, Closing closing,
                                            const Spans& spans, const DaysSeen& days,
                                            size_t place) {
    if (place == spans.others()) return std::nullopt;
    const int64_t others = counted.count(0, MeasureName(kClosings[closing], kOtherDays));
    return ExpectedOf(others, days[spans.others()], days[place]);
  }

  static void AddRow(const ReportCounts& counted, size_t place, const Spans& spans,
                     const DaysSeen& days, FinishedReport& to) {
    const auto count = [&](Closing closing) {
      return counted.count(0, MeasureName(kClosings[closing], spans.DayName(place)));
    };
    std::vector<Cell> cells{spans.DayName(place), days[place]};
    const auto add = [&](Closing closing) {
      cells.emplace_back(count(closing));
      const std::optional<Expected> expected = ExpectedAt(counted, closing, spans, days, place);
      if (!expected) return cells.resize(cells.size() + 3);
      cells.insert(cells.end(), {expected->count, expected->low, expected->high});
    };
    add(kClosedLeads);
    cells.emplace_back(count(kCameBack));
    add(kLostDeals);
    add(kWonDeals);
    to.AddRow({{0}, spans.DayName(place)}, cells);
  }

  static std::string Finding(const ReportCounts& counted, const Spans& spans,
                             const DaysSeen& days) {
    int64_t closed = 0, back = 0, last_days = 0;
    for (size_t place = 0; place < spans.others(); ++place) {
      closed += counted.count(0, MeasureName("closed", spans.DayName(place)));
      back += counted.count(0, MeasureName("came_back", spans.DayName(place)));
      last_days += days[place];
    }
    const int64_t others = counted.count(0, MeasureName("closed", kOtherDays));
    const std::optional<Expected> expected = ExpectedOf(others, days[spans.others()], last_days);
    if (!expected || others < kEnoughRecords) {
      return absl::StrCat("Too little data: ", Counted(closed + others, "lead was", "leads were"),
                          " closed.");
    }
    return absl::StrCat("In the last ", spans.last_days, " days of quarters ",
                        Counted(closed, "lead was", "leads were"), " closed, where other days let ",
                        "expect ", GroupedReal(expected->count, 0),
                        " (chance alone: ", GroupedInteger(expected->low), " to ",
                        GroupedInteger(expected->high), "); ", GroupedInteger(back),
                        " of them came back within ", spans.return_days, " days.");
  }
};

}  // namespace
}  // namespace quarter_end

const ReportKind& QuarterEndReport() {
  static const quarter_end::QuarterEnd report;
  return report;
}

}  // namespace throughline
