#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/lead_work.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// What sales is doing with the leads that it was given: a row for each.

namespace throughline {
namespace whereabouts {
namespace {

// "at": moments, in microseconds, one of a row.
enum CountPlace : size_t { kHandedOffAt, kLastActionAt, kFollowedUp };
constexpr const char* kCountNames[] = {"handed_off_at", "last_action_at", "followed_up"};

void AddColumns(FinishedReport& to) {
  to.AddColumn({"lead", ColumnKind::kInteger, "", "Id of the lead."});
  to.AddColumn({"account", ColumnKind::kInteger, "", "Id of the account that it is of."});
  to.AddColumn({"owner", ColumnKind::kText, "", "Who has it."});
  to.AddColumn({"stage", ColumnKind::kText, "", "Stage that it stands in."});
  to.AddColumn(
      {"outcome", ColumnKind::kText, "",
       "What became of it: open, closed (dead or disqualified), converted; or won, lost or "
       "open, if its opportunity is."});
  to.AddColumn({"handed_off_at", ColumnKind::kTime, "",
                "When it was given to sales or to a partner for the first time."});
  to.AddColumn({"followed_up", ColumnKind::kBoolean, "",
                "Whether there was a call, a meeting or a personal message since."});
  to.AddColumn({"last_action_at", ColumnKind::kTime, "",
                "When anything was done about it: a follow-up, a stage change, an assignment."});
  to.AddColumn({"silent_days", ColumnKind::kReal, "days",
                "How long nothing was done about it, while it is open."});
}

constexpr size_t kOutcomeKey = 4;  // place among the dimensions

int64_t LeadOf(const ReportCounts::RowKey& key) {
  int64_t lead = 0;
  (void)absl::SimpleAtoi(key[0], &lead);
  return lead;
}

// By what rows are sorted.
struct Place {
  bool over;
  int64_t last_action_at;
  int64_t lead;
  size_t row;
  friend auto operator<=>(const Place&, const Place&) = default;
};

void AddRow(const ReportCounts& counted, size_t row, Time through, FinishedReport& to) {
  const ReportCounts::RowKey& key = counted.key(row);
  const auto count = [&](CountPlace place) { return counted.count(row, kCountNames[place]); };
  int64_t account = 0;
  (void)absl::SimpleAtoi(key[1], &account);
  const bool open = key[kOutcomeKey] == NameOf(Outcome::kOpen);
  const auto silence = static_cast<double>(through.micros - count(kLastActionAt));
  to.AddRow({{row}, ""},
            {LeadOf(key), account, key[2], key[3], key[kOutcomeKey], count(kHandedOffAt),
             count(kFollowedUp), count(kLastActionAt), open ? Cell(Days(silence)) : Cell()});
}

std::string Finding(const ReportCounts& counted) {
  const auto all = static_cast<int64_t>(counted.rows());
  int64_t open = 0, silent = 0, won = 0;
  for (size_t row = 0; row < counted.rows(); ++row) {
    const std::string& outcome = counted.key(row)[kOutcomeKey];
    if (outcome == NameOf(Outcome::kOpen)) ++open;
    if (outcome == NameOf(Outcome::kWon)) ++won;
    if (counted.count(row, kCountNames[kFollowedUp]) == 0) ++silent;
  }
  if (all < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(all, "lead", "leads"), " handed off.");
  }
  return absl::StrCat("Of ", GroupedInteger(all), " leads handed off, ", GroupedInteger(silent),
                      " (", Percent(silent, all), ") were never followed up; ",
                      GroupedInteger(open), " are open, ", GroupedInteger(won),
                      " led to a won deal.");
}

class Whereabouts final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"whereabouts", "what sales is doing with the leads that it was given, one by one"};
  }

  std::vector<std::string> dimensions() const override {
    return {"record", "account", "owner", "stage", "outcome"};
  }
  bool groups() const override { return false; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {}, {}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      const std::optional<Time>& at = record.state.handed_off_at;
      if (!record.IsLead() || !at || !scope.InPeriod(*at)) return;
      const size_t row = tally.RowOf(scope.KeyOf(record));
      tally.Begin(record);
      tally.Count(row, kHandedOffAt, at->micros);
      tally.Count(row, kLastActionAt, LastActionAt(record, scope.as_of()).micros);
      tally.Count(row, kFollowedUp, FollowedUpAt(record, scope.as_of()) ? 1 : 0);
    });
  }

  // Open ones first, the longest silent of them first; then the others by what became of them.
  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(finished);
    std::vector<Place> places;
    for (size_t row = 0; row < counted.rows(); ++row) {
      const ReportCounts::RowKey& key = counted.key(row);
      places.push_back({key[kOutcomeKey] != NameOf(Outcome::kOpen),
                        counted.count(row, kCountNames[kLastActionAt]), LeadOf(key), row});
    }
    std::ranges::sort(places);
    for (const Place& place : places) {
      AddRow(counted, place.row, context.as_of.through, finished);
    }
    return finished;
  }
};

}  // namespace
}  // namespace whereabouts

const ReportKind& WhereaboutsReport() {
  static const whereabouts::Whereabouts report;
  return report;
}

}  // namespace throughline
