#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"
#include "analytics/snapshot/lead_work.h"

// What each owner did, with no ranking of those of whom too little is known.

namespace throughline {
namespace reps {
namespace {

enum CountPlace : size_t { kHandedOff, kFollowedUp, kOpen, kWon, kLost, kTouches };
constexpr const char* kCountNames[] = {"handed_off", "followed_up", "open",
                                       "won",        "lost",        "touches"};

void AddColumns(const ReportContext& context, const Currencies& currencies, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn({"rank", ColumnKind::kInteger, "",
                "Place by win rate, of those with at least 10 closed opportunities in the period; "
                "empty for the others: of them it would tell more about chance than about work."});
  to.AddColumn({"handed_off", ColumnKind::kInteger, "leads",
                "Leads of the owner that were handed off in the period."},
               {"handed_off"});
  to.AddColumn(
      {"followed_up", ColumnKind::kInteger, "leads", "Those of them that were followed up."},
      {"followed_up"});
  to.AddColumn({"follow_up_rate", ColumnKind::kReal, "share",
                "Followed-up leads as a share of those handed off."},
               {"handed_off", "followed_up"});
  to.AddColumn({"touches", ColumnKind::kInteger, "touches",
                "Touches that the owner made in the period; empty if the report is filtered or "
                "grouped further, because not every touch is about one record."},
               {"touches"});
  to.AddColumn({"open", ColumnKind::kInteger, "opportunities",
                "Opportunities of the owner that are open now."},
               {"open"});
  to.AddColumn({"won", ColumnKind::kInteger, "opportunities",
                "Opportunities that were won in the period and still are, expansions and renewals "
                "too.",
                /*bar=*/true},
               {"won"});
  to.AddColumn({"lost", ColumnKind::kInteger, "opportunities",
                "Opportunities that were lost in the period and still are."},
               {"lost"});
  to.AddColumn({"win_rate", ColumnKind::kReal, "share",
                "Won opportunities as a share of all that were won or lost in the period."},
               {"won", "lost"});
  to.AddColumn({"win_rate_low", ColumnKind::kReal, "share",
                "Lower end of what the win rate may be, by chance alone (95 %, Wilson)."});
  to.AddColumn({"win_rate_high", ColumnKind::kReal, "share", "Upper end of it."});
  to.AddColumn({"cycle_days", ColumnKind::kReal, "days",
                "Half of the won opportunities took longer than this from opening to winning."},
               {"cycle"});
  to.AddAmounts("won_amount", "Sum of the amounts of the won opportunities that are", currencies,
                {"won_amount"});
  to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                "Won opportunities whose amount is not known; no sum contains them."},
               {UnknownOf("won_amount")});
}

struct RepRow {
  const ReportCounts* counted;
  size_t row;

  int64_t operator[](CountPlace place) const { return counted->count(row, kCountNames[place]); }
  int64_t closed() const { return (*this)[kWon] + (*this)[kLost]; }
  bool ranked() const { return closed() >= kEnoughRecords; }
};

bool ComesBefore(const RepRow& a, const RepRow& b) {
  if (a.ranked() != b.ranked()) return a.ranked();
  if (a.ranked()) {
    const int64_t a_rate = a[kWon] * b.closed(), b_rate = b[kWon] * a.closed();
    if (a_rate != b_rate) return a_rate > b_rate;
  }
  return a.counted->key(a.row) < b.counted->key(b.row);
}

void AddRow(const RepRow& r, Cell rank, bool has_touches, const Currencies& currencies,
            FinishedReport& to) {
  const ReportCounts& counted = *r.counted;
  std::vector<Cell> cells(counted.key(r.row).begin(), counted.key(r.row).end());
  cells.insert(cells.end(),
               {std::move(rank), r[kHandedOff], r[kFollowedUp],
                ShareOf(r[kFollowedUp], r[kHandedOff]), has_touches ? Cell(r[kTouches]) : Cell(),
                r[kOpen], r[kWon], r[kLost], ShareOf(r[kWon], r.closed())});
  AddWilsonCells(r[kWon], r.closed(), cells);
  cells.push_back(MedianDays(counted.samples(r.row, "cycle")));
  AddAmountCells(counted.sum(r.row, "won_amount"), currencies, cells);
  cells.emplace_back(counted.sum(r.row, "won_amount").unknown());
  to.AddRow({{r.row}, ""}, cells);
}

std::string Finding(const std::vector<RepRow>& rows, bool by_owner_alone) {
  int64_t ranked = 0, won = 0, closed = 0;
  std::set<std::string> owners;
  for (const RepRow& row : rows) {
    if (row.ranked()) ++ranked;
    owners.insert(row.counted->key(row.row)[0]);
    won += row[kWon];
    closed += row.closed();
  }
  if (closed < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(closed, "opportunity", "opportunities"),
                        " closed.");
  }
  return absl::StrCat(GroupedInteger(won), " of ", GroupedInteger(closed), " opportunities (",
                      Percent(won, closed), ") were won; of ",
                      by_owner_alone
                          ? Counted(std::ssize(owners), "owner", "owners")
                          : absl::StrCat(Counted(std::ssize(rows), "row", "rows"), " of ",
                                         Counted(std::ssize(owners), "owner", "owners")),
                      ", ", GroupedInteger(ranked), " closed enough to be compared.");
}

class Reps final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"reps", "what each owner did: volume, win rate, cycle and follow-up"};
  }

  std::vector<std::string> dimensions() const override { return {"owner"}; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {"won_amount"}, {"cycle"}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(scope, record, tally);
      } else {
        CountOpportunity(scope, record, tally);
      }
    });
    if (CountsTouches(scope.context())) CountTouches(scope, group, tally);
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Currencies currencies = counted.CurrenciesOfSums();
    std::vector<RepRow> rows;
    for (size_t row = 0; row < counted.rows(); ++row) rows.push_back({&counted, row});
    std::ranges::sort(rows, ComesBefore);
    FinishedReport finished;
    finished.table.finding = Finding(rows, context.group_columns.size() == 1);
    AddColumns(context, currencies, finished);
    int64_t rank = 0;
    for (const RepRow& row : rows) {
      AddRow(row, row.ranked() ? Cell(++rank) : Cell(), CountsTouches(context), currencies,
             finished);
    }
    if (context.group_columns.size() == 1) {
      finished.table.charts = {{.title = "Won and lost", .x = "owner", .y = {"won", "lost"}}};
    }
    return finished;
  }

 private:
  static bool CountsTouches(const ReportContext& context) {
    return context.request.filters.empty() && context.group_columns.size() == 1;
  }

  static void CountTouches(const ReportScope& scope, const Group& group, Tally& tally) {
    for (size_t account = group.first_account(); account < group.end_account(); ++account) {
      for (const Touch& touch : group.TouchesOf(account)) {
        const TouchShape& shape = scope.dictionaries().shapes[touch.shape];
        const bool own = shape.owner != 0 && shape.side == Side::kSales;
        if (!own || !scope.InPeriod(touch.occurred_at)) continue;
        if (!Counts(touch, group.block(), scope.as_of())) continue;
        tally.Begin(TouchInGroup{touch, group.block().accounts[account].id});
        tally.Count(tally.RowOf({shape.owner}), kTouches);
      }
    }
  }

  static void CountLead(const ReportScope& scope, const RecordInGroup& lead, Tally& tally) {
    const std::optional<Time>& at = lead.state.handed_off_at;
    if (!at || !scope.InPeriod(*at)) return;
    const size_t row = tally.RowOf(scope.KeyOf(lead));
    tally.Count(row, kHandedOff);
    if (FollowedUpAt(lead, scope.as_of())) tally.Count(row, kFollowedUp);
  }

  static void CountOpportunity(const ReportScope& scope, const RecordInGroup& deal, Tally& tally) {
    const RecordState& state = deal.state;
    const ReportedStage& stage = scope.StageOf(state.stage);
    const bool closed = stage.kind == StageKind::kClosed;
    if (closed && !scope.InPeriod(state.entered_at)) return;
    const size_t row = tally.RowOf(scope.KeyOf(deal));
    const bool won = stage.phase == Phase::kWon;
    tally.Count(row, !closed ? kOpen : won ? kWon : kLost);
    if (!won) return;
    Money kept;
    tally.Add(row, 0, scope.Convert(state.amount, state.entered_at, kept, tally));
    tally.Add(row, 0, Sample{state.stage_since.micros - state.opened_at.micros, 1});
  }
};

}  // namespace
}  // namespace reps

const ReportKind& RepsReport() {
  static const reps::Reps report;
  return report;
}

}  // namespace throughline
