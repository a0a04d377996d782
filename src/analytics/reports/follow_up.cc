#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"
#include "analytics/snapshot/lead_work.h"

// Whether sales followed up on what was handed over, and how soon.

namespace throughline {
namespace follow_up {
namespace {

enum CountPlace : size_t { kHandedOff, kFollowedUp, kWithinDay, kWaiting, kClosed };
constexpr const char* kCountNames[] = {"handed_off", "followed_up", "within_day", "waiting",
                                       "closed"};

void AddColumns(const ReportContext& context, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn({"handed_off", ColumnKind::kInteger, "leads",
                "Leads that were given to sales or to a partner for the first time, in the period.",
                /*bar=*/true},
               {"handed_off"});
  to.AddColumn({"followed_up", ColumnKind::kInteger, "leads",
                "Those of them with a call, a meeting or a personal message after the hand-off. "
                "Stage changes and automated mail do not count."},
               {"followed_up"});
  to.AddColumn({"follow_up_rate", ColumnKind::kReal, "share",
                "Followed-up leads as a share of those handed off."},
               {"handed_off", "followed_up"});
  to.AddColumn({"within_day", ColumnKind::kReal, "share",
                "The share of leads handed off that was followed up within 24 hours."},
               {"within_day"});
  to.AddColumn({"median_days", ColumnKind::kReal, "days",
                "Half of the follow-ups took longer than this to come."},
               {"wait"});
  to.AddColumn({"waiting", ColumnKind::kInteger, "leads",
                "Leads handed off, still open and never followed up."},
               {"waiting"});
  to.AddColumn({"closed", ColumnKind::kInteger, "leads",
                "Leads handed off and closed, as dead or disqualified, that nobody ever followed "
                "up. Those of them that sales had not accepted are untested (fall_off)."},
               {"closed"});
}

std::string Finding(const ReportCounts& counted) {
  int64_t sums[std::size(kCountNames)] = {};
  for (size_t i = 0; i < std::size(sums); ++i) sums[i] = counted.Total(kCountNames[i]);
  if (sums[kHandedOff] < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(sums[kHandedOff], "lead", "leads"),
                        " handed off.");
  }
  const int64_t never = sums[kHandedOff] - sums[kFollowedUp];
  return absl::StrCat(
      "Of ", GroupedInteger(sums[kHandedOff]), " leads handed off, ", GroupedInteger(never), " (",
      Percent(never, sums[kHandedOff]), ") were never followed up: ", GroupedInteger(sums[kClosed]),
      " of them were closed all the same, ", GroupedInteger(sums[kWaiting]), " still wait, and ",
      GroupedInteger(never - sums[kClosed] - sums[kWaiting]), " were converted.");
}

class FollowUp final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"follow_up", "whether sales followed up on what was handed over, and how soon"};
  }

  std::vector<std::string> dimensions() const override { return {"owner"}; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {}, {"wait"}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      const std::optional<Time>& at = record.state.handed_off_at;
      if (record.IsLead() && at && scope.InPeriod(*at)) CountLead(scope, record, tally);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(context, finished);
    std::vector<size_t> rows = counted.RowsByKey();
    std::ranges::stable_sort(rows, std::greater(), [&](size_t row) {
      return counted.count(row, kCountNames[kHandedOff]);
    });
    for (const size_t row : rows) AddRow(counted, row, finished);
    if (context.group_columns.size() == 1) {
      finished.table.charts = {{.title = "What was handed over, and what was followed up",
                                .x = "owner",
                                .y = {"handed_off", "followed_up"}}};
    }
    return finished;
  }

 private:
  static void CountLead(const ReportScope& scope, const RecordInGroup& lead, Tally& tally) {
    const size_t row = tally.RowOf(scope.KeyOf(lead));
    tally.Begin(lead);
    tally.Count(row, kHandedOff);
    if (const std::optional<Time> at = FollowedUpAt(lead, scope.as_of())) {
      const int64_t wait = at->micros - lead.state.handed_off_at->micros;
      tally.Count(row, kFollowedUp);
      if (wait <= kMicrosPerDay) tally.Count(row, kWithinDay);
      tally.Add(row, 0, Sample{wait, 1});
      return;
    }
    const StageKind kind = scope.StageOf(lead.state.stage).kind;
    if (kind == StageKind::kOpen || kind == StageKind::kParked) tally.Count(row, kWaiting);
    if (kind == StageKind::kClosed) tally.Count(row, kClosed);
  }

  static void AddRow(const ReportCounts& counted, size_t row, FinishedReport& to) {
    const auto count = [&](CountPlace place) { return counted.count(row, kCountNames[place]); };
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    cells.insert(
        cells.end(),
        {count(kHandedOff), count(kFollowedUp), ShareOf(count(kFollowedUp), count(kHandedOff)),
         ShareOf(count(kWithinDay), count(kHandedOff)), MedianDays(counted.samples(row, "wait")),
         count(kWaiting), count(kClosed)});
    to.AddRow({{row}, ""}, cells);
  }
};

}  // namespace
}  // namespace follow_up

const ReportKind& FollowUpReport() {
  static const follow_up::FollowUp report;
  return report;
}

}  // namespace throughline
