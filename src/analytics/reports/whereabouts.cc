#include <algorithm>
#include <iterator>
#include <span>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"
#include "analytics/snapshot/lead_work.h"

// What sales is doing with the leads that it was given: a row for each.

namespace throughline {
namespace whereabouts {
namespace {

// Ids, and moments in microseconds, one of a row. They are called as their columns.
enum CountPlace : size_t { kLead, kAccount, kHandedOffAt, kLastActionAt, kFollowedUp };
constexpr const char* kCountNames[] = {"lead", "account", "handed_off_at", "last_action_at",
                                       "followed_up"};

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

constexpr const char* kKeyNames[] = {"owner", "stage", "outcome"};  // the dimensions
constexpr size_t kOutcome = 2;

// What was counted, a number of each row.
struct Columns {
  explicit Columns(const ReportCounts& counted) {
    for (size_t i = 0; i < std::size(kCountNames); ++i) of[i] = counted.Counts(kCountNames[i]);
  }
  int64_t at(CountPlace place, size_t row) const { return of[place].empty() ? 0 : of[place][row]; }

  std::span<const int64_t> of[std::size(kCountNames)];
};

bool IsOpen(const ReportCounts& counted, size_t row) {
  return counted.key(row)[kOutcome] == NameOf(Outcome::kOpen);
}

struct Place {
  int64_t last_action_at;
  int64_t lead;
  size_t row;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// The rows in the order of the table: the open ones, then the others, the longest silent first.
struct Order {
  std::vector<Place> places;
  size_t open = 0;  // the first so many are
};

Order OrderOf(const ReportCounts& counted, const Columns& columns) {
  Order order;
  order.places.reserve(counted.rows());
  for (const bool open : {true, false}) {
    for (size_t row = 0; row < counted.rows(); ++row) {
      if (IsOpen(counted, row) != open) continue;
      order.places.push_back({columns.at(kLastActionAt, row), columns.at(kLead, row), row});
    }
    if (open) order.open = order.places.size();
  }
  const auto first_over = order.places.begin() + static_cast<ptrdiff_t>(order.open);
  std::sort(order.places.begin(), first_over);
  std::sort(first_over, order.places.end());
  return order;
}

TableColumn& Named(std::string_view name, FinishedReport& in) {
  return in.table.columns[in.table.FindColumn(name).value()];
}

// Column after column: there may be a row for each lead that there is.
void AddRows(const ReportCounts& counted, const Columns& columns, Time through,
             FinishedReport& to) {
  const auto& [places, open] = OrderOf(counted, columns);
  for (TableColumn& column : to.table.columns) column.Reserve(places.size());
  for (size_t count = 0; count < std::size(kCountNames); ++count) {
    TableColumn& cells = Named(kCountNames[count], to);
    for (const Place& place : places) {
      cells.AddInteger(columns.at(static_cast<CountPlace>(count), place.row));
    }
  }
  for (size_t label = 0; label < std::size(kKeyNames); ++label) {
    TableColumn& cells = Named(kKeyNames[label], to);
    for (const Place& place : places) cells.AddText(counted.key(place.row)[label]);
  }
  TableColumn& silent_days = Named("silent_days", to);
  for (const Place& place : std::span(places).first(open)) {
    silent_days.AddReal(Days(static_cast<double>(through.micros - place.last_action_at)));
  }
  for (size_t i = open; i < places.size(); ++i) silent_days.AddEmpty();
  to.listed_rows.reserve(places.size());
  for (const Place& place : places) to.listed_rows.push_back(place.row);
}

std::string Finding(const ReportCounts& counted, const Columns& columns) {
  const auto all = static_cast<int64_t>(counted.rows());
  int64_t open = 0, silent = 0, won = 0;
  for (size_t row = 0; row < counted.rows(); ++row) {
    if (IsOpen(counted, row)) ++open;
    if (counted.key(row)[kOutcome] == NameOf(Outcome::kWon)) ++won;
    if (columns.at(kFollowedUp, row) == 0) ++silent;
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
    return {std::begin(kKeyNames), std::end(kKeyNames)};
  }
  bool lists() const override { return true; }
  bool groups() const override { return false; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {}, {}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      const std::optional<Time>& at = record.state.handed_off_at;
      if (!record.IsLead() || !at || !scope.InPeriod(*at)) return;
      const LeadWork work = WorkOn(record, scope.as_of());
      const size_t row = tally.NewRow(scope.KeyOf(record));
      tally.Begin(record);
      tally.Count(row, kLead, record.record.id);
      tally.Count(row, kAccount, record.subject().account);
      tally.Count(row, kHandedOffAt, at->micros);
      tally.Count(row, kLastActionAt, work.last_action_at.micros);
      tally.Count(row, kFollowedUp, work.followed_up_at ? 1 : 0);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Columns columns(counted);
    FinishedReport finished;
    finished.table.finding = Finding(counted, columns);
    AddColumns(finished);
    AddRows(counted, columns, context.as_of.through, finished);
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
