#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/milestones.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"
#include "model/abseil_text.h"

// What came from which source, and what was won of it.

namespace throughline {
namespace sources {
namespace {

enum CountPlace : size_t {
  kLeads,
  kMql,
  kAccepted,
  kOpportunities,
  kOpen,
  kWon,
  kLost,
  kSourced,
  kSourcedWon,
  kInfluenced,
  kInfluencedWon,
  kFollowOn,
  kFollowOnWon,
};
constexpr const char* kCountNames[] = {"leads",
                                       "mql",
                                       "accepted",
                                       "opportunities",
                                       "open",
                                       "won",
                                       "lost",
                                       "marketing_sourced",
                                       "marketing_sourced_won",
                                       "influenced",
                                       "influenced_won",
                                       "follow_on",
                                       "follow_on_won",
                                       "has_mql",
                                       "has_accepted"};

enum SumPlace : size_t { kPipeline, kRevenue };

// Whether anybody of the account responded before the record closed, or so far.
bool IsInfluenced(const ReportScope& scope, const RecordInGroup& record) {
  const bool closed = scope.StageOf(record.state.stage).kind == StageKind::kClosed;
  const Time until = closed ? record.state.entered_at : scope.as_of().through;
  const Group& group = record.group;
  for (const size_t account : MergedWith(group, record.account(), scope.as_of().known_at)) {
    for (const Touch& touch : group.TouchesOf(account, TouchClass::kResponse, TouchClass::kBoth)) {
      if (touch.occurred_at <= until && Counts(touch, group.block(), scope.as_of())) return true;
    }
  }
  return false;
}

// What a row says, read from what was counted.
struct SourceRow {
  const ReportCounts* counted;
  size_t row;

  int64_t operator[](CountPlace place) const { return counted->count(row, kCountNames[place]); }
  bool any() const { return (*this)[kLeads] + (*this)[kOpportunities] + (*this)[kFollowOn] > 0; }
  const ReportCounts::RowKey& key() const { return counted->key(row); }
  const std::string& source() const { return key()[0]; }
};

// What was won for each accepted lead, the most first; then by leads, and by name.
bool ComesBefore(const SourceRow& a, const SourceRow& b) {
  const int64_t a_accepted = a[kAccepted], b_accepted = b[kAccepted];
  if ((a_accepted > 0) != (b_accepted > 0)) return a_accepted > 0;
  const int64_t a_won = a[kWon] * b_accepted, b_won = b[kWon] * a_accepted;
  if (a_won != b_won) return a_won > b_won;
  if (a[kLeads] != b[kLeads]) return a[kLeads] > b[kLeads];
  return a.key() < b.key();
}

std::vector<SourceRow> RowsInOrder(const ReportCounts& counted) {
  std::vector<SourceRow> rows;
  for (size_t row = 0; row < counted.rows(); ++row) {
    const SourceRow each{&counted, row};
    if (each.any()) rows.push_back(each);
  }
  std::ranges::sort(rows, ComesBefore);
  return rows;
}

void AddCountColumns(FinishedReport& to) {
  to.AddColumn({"leads", ColumnKind::kInteger, "leads", "Leads from this source.", /*bar=*/true},
               {"leads"});
  to.AddColumn({"mql", ColumnKind::kInteger, "leads",
                "Those of them that reached the stage mql or a later one: they met the definition "
                "of a marketing-qualified lead. Empty if the policy has no such stage."},
               {"mql"});
  to.AddColumn({"accepted", ColumnKind::kInteger, "leads",
                "Those of them that reached the stage accepted or a later one: sales agreed to "
                "work them. Empty if the policy has no such stage."},
               {"accepted"});
  to.AddColumn({"opportunities", ColumnKind::kInteger, "opportunities",
                "New-business opportunities from this source, with or without leads."},
               {"opportunities"});
  to.AddColumn({"open", ColumnKind::kInteger, "opportunities", "Those of them that are open."},
               {"open"});
  to.AddColumn({"won", ColumnKind::kInteger, "opportunities",
                "Those of them that are won. A deal that was reopened counts by its last outcome."},
               {"won"});
  to.AddColumn({"lost", ColumnKind::kInteger, "opportunities", "Those of them that are lost."},
               {"lost"});
  to.AddColumn(
      {"win_rate", ColumnKind::kReal, "share", "Won deals as a share of all that are won or lost."},
      {"won", "lost"});
  to.AddColumn({"won_per_accepted", ColumnKind::kReal, "share",
                "Won deals for each accepted lead of this source: which sources give the best "
                "leads, not the most. The rows are sorted by it."},
               {"won", "accepted"});
  to.AddColumn({"won_per_lead", ColumnKind::kReal, "share",
                "Won deals for each lead of this source; above 1 if a lead led to several."},
               {"won", "leads"});
  to.AddColumn({"cycle_days", ColumnKind::kReal, "days",
                "Half of the won deals took longer than this from opening to winning."},
               {"cycle"});
}

void AddMoneyColumns(const Currencies& currencies, FinishedReport& to) {
  to.AddAmounts("pipeline", "Sum of the amounts of those open opportunities that are", currencies,
                {"pipeline"});
  to.AddColumn({"unknown_pipeline", ColumnKind::kInteger, "opportunities",
                "Open opportunities whose amount is not known; no sum contains them."},
               {UnknownOf("pipeline")});
  to.AddAmounts("won_amount", "Sum of the amounts of those won deals that are", currencies,
                {"revenue"});
  to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                "Won deals whose amount is not known; no sum contains them."},
               {UnknownOf("revenue")});
}

void AddShareColumns(FinishedReport& to) {
  to.AddColumn({"marketing_sourced", ColumnKind::kInteger, "opportunities",
                "Those opportunities that are marketing's doing: a response came before the first "
                "lead or opportunity of the chain, within the policy's sourcing window."},
               {"marketing_sourced"});
  to.AddColumn({"marketing_sourced_won", ColumnKind::kInteger, "opportunities",
                "Those of them that are won."},
               {"marketing_sourced_won"});
  to.AddColumn({"influenced", ColumnKind::kInteger, "opportunities",
                "Those opportunities with any response before they closed, or so far. Influences "
                "overlap: never add this to sourced."},
               {"influenced"});
  to.AddColumn(
      {"influenced_won", ColumnKind::kInteger, "opportunities", "Those of them that are won."},
      {"influenced_won"});
  to.AddColumn({"follow_on", ColumnKind::kInteger, "opportunities",
                "Opportunities that expand or renew what a customer has: no new business, and in "
                "no other column."},
               {"follow_on"});
  to.AddColumn(
      {"follow_on_won", ColumnKind::kInteger, "opportunities", "Those of them that are won."},
      {"follow_on_won"});
}

// Empty if the policy has no such stage.
Cell Reached(int rung, int64_t count) {
  return rung == StageLadder::kNoRung ? Cell() : Cell(count);
}

void AddSourceRow(const SourceRow& r, const Milestones& milestones, const Currencies& currencies,
                  FinishedReport& to) {
  const ReportCounts& counted = *r.counted;
  std::vector<Cell> cells(r.key().begin(), r.key().end());
  cells.insert(cells.end(),
               {r[kLeads], Reached(milestones.mql, r[kMql]),
                Reached(milestones.accepted, r[kAccepted]), r[kOpportunities], r[kOpen], r[kWon],
                r[kLost], ShareOf(r[kWon], r[kWon] + r[kLost]), ShareOf(r[kWon], r[kAccepted]),
                ShareOf(r[kWon], r[kLeads]), MedianDays(counted.samples(r.row, "cycle"))});
  AddAmountCells(counted.sum(r.row, "pipeline"), currencies, cells);
  cells.emplace_back(counted.sum(r.row, "pipeline").unknown());
  AddAmountCells(counted.sum(r.row, "revenue"), currencies, cells);
  cells.insert(cells.end(), {counted.sum(r.row, "revenue").unknown(), r[kSourced], r[kSourcedWon],
                             r[kInfluenced], r[kInfluencedWon], r[kFollowOn], r[kFollowOnWon]});
  to.AddRow({{r.row}, ""}, cells);
}

// Leads and won deals by source, whatever else rows go by.
struct SourceSum {
  std::string source;
  int64_t leads = 0;
  int64_t won = 0;
};

std::vector<SourceSum> SumBySource(const std::vector<SourceRow>& rows) {
  std::vector<SourceSum> sums;
  for (const SourceRow& row : rows) {
    auto at = std::ranges::find(sums, row.source(), &SourceSum::source);
    if (at == sums.end()) at = sums.insert(sums.end(), {row.source()});
    at->leads += row[kLeads];
    at->won += row[kWon];
  }
  return sums;
}

// The source that won most per lead, of those that are known and have enough leads; null if there
// are not two to compare.
const SourceSum* BestOf(const std::vector<SourceSum>& sums) {
  const SourceSum* best = nullptr;
  int candidates = 0;
  for (const SourceSum& s : sums) {
    if (s.source == "(blank)" || s.leads < kEnoughRecords) continue;
    ++candidates;
    if (best == nullptr || s.won * best->leads > best->won * s.leads) best = &s;
  }
  return candidates < 2 || best->won == 0 ? nullptr : best;
}

std::string Finding(const std::vector<SourceRow>& rows) {
  const std::vector<SourceSum> sums = SumBySource(rows);
  int64_t leads = 0, won = 0;
  for (const SourceSum& s : sums) leads += s.leads, won += s.won;
  if (leads < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), ".");
  }
  const SourceSum& most =
      *std::ranges::max_element(sums, [](const SourceSum& a, const SourceSum& b) {
        return a.leads != b.leads ? a.leads < b.leads : a.source > b.source;
      });
  std::string text =
      absl::StrCat(most.source, " brought the most leads, ", GroupedInteger(most.leads), " of ",
                   GroupedInteger(leads), " (", Percent(most.leads, leads), "), and ",
                   GroupedInteger(most.won), " of ", Counted(won, "won deal", "won deals"));
  if (const SourceSum* best = BestOf(sums)) {
    absl::StrAppend(&text, "; ", best->source, " won the most per lead, ",
                    GroupedInteger(best->won), " of ", GroupedInteger(best->leads), " (",
                    Percent(best->won, best->leads), ")");
  }
  return text + ".";
}

std::vector<Chart> Charts(const std::vector<TableColumn>& columns) {
  std::vector<Chart> charts = {
      {.title = "What came", .x = "source", .y = {"leads", "opportunities", "won"}},
      {.title = "What was won of it", .x = "source", .y = {"win_rate", "won_per_lead"}}};
  for (const std::string& amount : AmountColumns("won_amount", columns)) {
    charts.push_back({.title = "Amounts of won deals", .x = "source", .y = {amount}});
  }
  return charts;
}

class Sources final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"sources", "what came from which source, and what was won of it"};
  }

  std::vector<std::string> dimensions() const override { return {"source"}; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {"pipeline", "revenue"}, {"cycle"}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachClimb(group, [&](const RecordInGroup& record, int highest) {
      if (!scope.InPeriod(record.state.opened_at)) return;
      const size_t row = tally.RowOf(scope.KeyOf(record));
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(highest, scope.milestones(), row, tally);
      } else {
        CountOpportunity(scope, record, row, tally);
      }
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Currencies currencies = counted.CurrenciesOfSums();
    const Milestones milestones(*context.policy, StageLadder(context.stages));
    const std::vector<SourceRow> rows = RowsInOrder(counted);
    FinishedReport finished;
    finished.table.finding = Finding(rows);
    for (const TableColumn& column : context.group_columns) finished.AddColumn(column);
    AddCountColumns(finished);
    AddMoneyColumns(currencies, finished);
    AddShareColumns(finished);
    if (context.group_columns.size() == 1) finished.table.charts = Charts(finished.table.columns);
    for (const SourceRow& row : rows) AddSourceRow(row, milestones, currencies, finished);
    return finished;
  }

 private:
  static void CountLead(int highest, const Milestones& milestones, size_t row, Tally& tally) {
    tally.Count(row, kLeads);
    if (highest >= milestones.mql) tally.Count(row, kMql);
    if (highest >= milestones.accepted) tally.Count(row, kAccepted);
  }

  static void CountOpportunity(const ReportScope& scope, const RecordInGroup& record, size_t row,
                               Tally& tally) {
    const RecordState& state = record.state;
    const ReportedStage& stage = scope.StageOf(state.stage);
    const bool won = stage.phase == Phase::kWon, lost = stage.phase == Phase::kLost;
    if (!state.IsNewBusiness()) {
      tally.Count(row, kFollowOn);
      if (won) tally.Count(row, kFollowOnWon);
      return;
    }
    tally.Count(row, kOpportunities);
    if (lost) tally.Count(row, kLost);
    if (won) tally.Count(row, kWon);
    Money kept;
    if (won || !lost) {
      const Time at = won ? state.entered_at : scope.as_of().through;
      const Money* amount = scope.Convert(state.amount, at, kept, tally);
      tally.Add(row, won ? kRevenue : kPipeline, amount);
    }
    if (!won && !lost) tally.Count(row, kOpen);
    if (won) tally.Add(row, 0, Sample{state.stage_since.micros - state.opened_at.micros, 1});
    if (scope.dimensions().SourcedOf(record) == Sourced::kMarketing) {
      tally.Count(row, kSourced);
      if (won) tally.Count(row, kSourcedWon);
    }
    if (IsInfluenced(scope, record)) {
      tally.Count(row, kInfluenced);
      if (won) tally.Count(row, kInfluencedWon);
    }
  }
};

}  // namespace
}  // namespace sources

const ReportKind& SourcesReport() {
  static const sources::Sources report;
  return report;
}

}  // namespace throughline
