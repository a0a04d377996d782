#ifndef THROUGHLINE_ANALYTICS_REPORTS_REPORT_KIND_H_
#define THROUGHLINE_ANALYTICS_REPORTS_REPORT_KIND_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "analytics/reports/report_counts.h"
#include "analytics/reports/report_scope.h"
#include "throughline/report.h"
#include "throughline/table.h"

// What a report is: how it counts a group, and what it makes of all that was counted.

namespace throughline {

// A table with where its numbers come from.
struct FinishedReport {
  Table table;
  // Of each row: the counted rows it is made of, and the part of the measures' names behind the
  // colon.
  struct RowOrigin {
    absl::InlinedVector<size_t, 1> rows;
    std::string part;
    Currency currency{};  // of its sums, if its columns do not say it
  };
  std::vector<RowOrigin> row_origins;
  std::vector<size_t> listed_rows;  // in their place, of a report that lists: each row's one row
  RowOrigin OriginOf(size_t row) const {
    return listed_rows.empty() ? row_origins[row] : RowOrigin{{listed_rows[row]}, ""};
  }
  std::vector<std::vector<std::string>> column_measures;  // of each column; none: it counts nothing

  void AddColumn(TableColumn column, std::vector<std::string> measures = {});
  // `name` and a currency for each column, "amount_eur".
  void AddAmounts(std::string_view name, std::string_view definition, const Currencies& currencies,
                  const std::vector<std::string>& measures);
  void AddRow(RowOrigin origin, const std::vector<Cell>& cells);
};

// "count", "mql" give "count:mql".
std::string MeasureName(std::string_view measure, std::string_view part);

// Stands for what a sum lacks: as measure of a column, those amounts that are not known.
std::string UnknownOf(std::string_view sum);

// Days that a request may set.
enum class ReportDays : uint8_t { kLast, kReturn, kLate };
inline constexpr int64_t kMaxReportDays = 366;
inline bool IsDays(int64_t days) { return 1 <= days && days <= kMaxReportDays; }

class ReportKind {
 public:
  virtual ~ReportKind() = default;

  virtual ReportInfo info() const = 0;
  // What it always goes by, before what a request adds.
  virtual std::vector<std::string> dimensions() const { return {}; }
  // Whether each row is of one record: it takes its rows from Tally::NewRow.
  virtual bool lists() const { return false; }
  // Whether a request may add to them.
  virtual bool groups() const { return true; }
  // Whether it is of a period also if none is asked for: ComparedPeriods.
  virtual bool compares() const { return false; }
  // Whether it is of one moment: of `through`, or of a period's end that comes before.
  virtual bool is_of_moment() const { return false; }
  // Which days it goes by.
  virtual bool goes_by(ReportDays) const { return false; }
  // Whether it needs the context's costs, and so rates for them. With filters or groups of a
  // request there are none: what a campaign brought in part did not cost the whole.
  virtual bool has_costs() const { return false; }
  virtual Measures measures(const ReportScope& scope) const = 0;
  // Counts groups one after another.
  virtual void Count(const ReportScope& scope, const Group& group, Tally& tally) const = 0;
  // What counts them: Count, unless it keeps something from group to group. The scope outlives it.
  using Counter = std::function<void(const Group&, Tally&)>;
  virtual Counter counter(const ReportScope& scope) const {
    return [this, &scope](const Group& group, Tally& tally) { Count(scope, group, tally); };
  }
  virtual FinishedReport Finish(const ReportCounts& counted,
                                const ReportContext& context) const = 0;
};

// The period of a report that compares, and the one before it: "2024-01-01 to 2024-03-31".
std::string ComparedText(const ReportContext& context);
std::string LastPeriodText(const ReportContext& context);

// In the order in which they are listed.
const std::vector<const ReportKind*>& ReportKinds();

const ReportKind& ScorecardReport();
const ReportKind& PipelineReport();
const ReportKind& FunnelReport();
const ReportKind& MovementReport();
const ReportKind& CohortsReport();
const ReportKind& CohortCurvesReport();
const ReportKind& FallOffReport();
const ReportKind& VelocityReport();
const ReportKind& SourcesReport();
const ReportKind& CampaignsReport();
const ReportKind& FollowUpReport();
const ReportKind& WinRateReport();
const ReportKind& QuarterEndReport();
const ReportKind& SlippageReport();
const ReportKind& ResurrectionReport();
const ReportKind& WhereaboutsReport();
const ReportKind& RepsReport();
const ReportKind& CoverageReport();

// Below so many records a comparison says more about chance than about work.
inline constexpr int64_t kEnoughRecords = 10;

// Empty if there is nothing to share.
inline Cell ShareOf(int64_t part, int64_t whole) {
  return whole == 0 ? Cell() : Cell(static_cast<double>(part) / static_cast<double>(whole));
}

// Low and high of the share, with 95 % confidence; both empty if there is nothing to share.
void AddWilsonCells(int64_t part, int64_t whole, std::vector<Cell>& to);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_REPORT_KIND_H_
