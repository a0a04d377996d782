#include "analytics/reports/report_kind.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analytics/reports/statistics.h"
#include "model/abseil_text.h"

namespace throughline {

void FinishedReport::AddColumn(TableColumn column, std::vector<std::string> measures) {
  table.columns.push_back(std::move(column));
  column_measures.push_back(std::move(measures));
}

void FinishedReport::AddAmounts(std::string_view name, std::string_view definition,
                                const Currencies& currencies,
                                const std::vector<std::string>& measures) {
  AddAmountColumns(name, definition, currencies, table.columns);
  column_measures.resize(table.columns.size(), measures);
}

namespace {

[[maybe_unused]] bool IsOf(ColumnKind kind, const Cell& cell) {
  if (const auto* real = std::get_if<double>(&cell)) {
    return kind == ColumnKind::kReal && std::isfinite(*real);
  }
  if (std::holds_alternative<int64_t>(cell)) return HoldsIntegers(kind);
  return std::holds_alternative<std::monostate>(cell) || kind == ColumnKind::kText;
}

}  // namespace

void FinishedReport::AddRow(RowOrigin origin, const std::vector<Cell>& cells) {
  assert(std::ranges::equal(table.columns, cells, IsOf, &TableColumn::kind));
  row_origins.push_back(std::move(origin));
  table.AddRow(cells);
}

std::string MeasureName(std::string_view measure, std::string_view part) {
  return part.empty() ? std::string(measure) : absl::StrCat(ToAbsl(measure), ":", ToAbsl(part));
}

std::string UnknownOf(std::string_view sum) { return absl::StrCat("?", ToAbsl(sum)); }

void AddWilsonCells(int64_t part, int64_t whole, std::vector<Cell>& to) {
  if (whole == 0) return to.resize(to.size() + 2);
  const Interval interval = WilsonInterval(part, whole);
  to.insert(to.end(), {interval.low, interval.high});
}

namespace {

std::string PeriodText(const ReportContext& context,
                       const Period& (ComparedPeriods::*which)() const) {
  const absl::StatusOr<Calendar> calendar = Calendar::Of(*context.policy);
  if (!calendar.ok()) return "";
  const ComparedPeriods compared = ComparedPeriods::Of(context.request.from, context.request.to,
                                                       context.as_of.through, *calendar);
  const Period& period = (compared.*which)();
  if (period.from == period.until) return "no day";
  return absl::StrCat(FormatDate(calendar->DayOf(period.from)), " to ",
                      FormatDate(calendar->DayOf(Time{period.until.micros - 1})));
}

}  // namespace

std::string ComparedText(const ReportContext& context) {
  return PeriodText(context, &ComparedPeriods::period);
}

std::string LastPeriodText(const ReportContext& context) {
  return PeriodText(context, &ComparedPeriods::last);
}

const std::vector<const ReportKind*>& ReportKinds() {
  static const auto* const kinds = new std::vector<const ReportKind*>{
      &ScorecardReport(),  &PipelineReport(),  &MovementReport(),     &FunnelReport(),
      &CohortsReport(),    &FallOffReport(),   &VelocityReport(),     &CohortCurvesReport(),
      &SourcesReport(),    &CampaignsReport(), &FollowUpReport(),     &WinRateReport(),
      &QuarterEndReport(), &SlippageReport(),  &ResurrectionReport(), &WhereaboutsReport(),
      &RepsReport(),       &CoverageReport()};
  return *kinds;
}

}  // namespace throughline
