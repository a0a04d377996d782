#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/earned_revenue.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// What each campaign cost, and what came of it.

namespace throughline {
namespace campaigns {
namespace {

enum CountPlace : size_t {
  kResponses,
  kLeads,
  kMql,
  kAccepted,
  kOpportunities,
  kOpen,
  kWon,
};
enum SumPlace : size_t { kRevenue, kAttributed };
constexpr const char* kSumNames[] = {"revenue", "attributed"};
constexpr const char* kCountNames[] = {"responses",     "leads", "mql", "accepted",
                                       "opportunities", "open",  "won"};

// What a campaign's cost comes to for each of something: in the currency, if there is but one.
Cell CostPer(const AmountSums& cost, int64_t count) {
  if (cost.sums().size() != 1 || count == 0) return Cell();
  const Cell whole = cost.Of(cost.sums().begin()->first);
  return std::get<double>(whole) / static_cast<double>(count);
}

// (revenue - cost) / cost, where both are of one currency and the cost is not 0.
Cell ReturnOn(const AmountSums& cost, const AmountSums& revenue) {
  if (cost.sums().size() != 1) return Cell();
  const Currency currency = cost.sums().begin()->first;
  const bool one_currency = revenue.sums().empty() || (revenue.sums().size() == 1 &&
                                                       revenue.sums().begin()->first == currency);
  const double spent = std::get<double>(cost.Of(currency));
  if (!one_currency || spent == 0) return Cell();
  const auto sum = revenue.sums().find(currency);
  const double earned = sum == revenue.sums().end() ? 0 : std::get<double>(revenue.Of(currency));
  return (earned - spent) / spent;
}

void AddCountColumns(FinishedReport& to) {
  to.AddColumn({"responses", ColumnKind::kInteger, "touches",
                "Touches of this campaign by which somebody reacted, in the period."},
               {"responses"});
  to.AddColumn({"leads", ColumnKind::kInteger, "leads",
                "Leads that opened in the period and whose source is this campaign.",
                /*bar=*/true},
               {"leads"});
  to.AddColumn({"mql", ColumnKind::kInteger, "leads",
                "Those of them that reached the stage mql or a later one."},
               {"mql"});
  to.AddColumn({"accepted", ColumnKind::kInteger, "leads",
                "Those of them that reached the stage accepted or a later one."},
               {"accepted"});
  to.AddColumn({"opportunities", ColumnKind::kInteger, "opportunities",
                "New-business opportunities that opened in the period and whose source is this "
                "campaign."},
               {"opportunities"});
  to.AddColumn({"open", ColumnKind::kInteger, "opportunities",
                "Those of them that are open: what the campaign brings is not all there yet."},
               {"open"});
  to.AddColumn({"won", ColumnKind::kInteger, "opportunities",
                "Those of them that are won, whenever that was."},
               {"won"});
}

void AddMoneyColumns(const Currencies& currencies, FinishedReport& to) {
  to.AddAmounts("cost", "What was spent on the campaign in the period, as far as it is", currencies,
                {});
  to.AddColumn({"cost_per_lead", ColumnKind::kReal, "money",
                "Cost for each of the leads; this and what follows is empty where there are costs "
                "in several currencies."});
  to.AddColumn({"cost_per_mql", ColumnKind::kReal, "money", "Cost for each of the mql."});
  to.AddColumn(
      {"cost_per_accepted", ColumnKind::kReal, "money", "Cost for each of the accepted leads."});
  to.AddColumn({"cost_per_won", ColumnKind::kReal, "money", "Cost for each of the won deals."});
  to.AddAmounts("revenue",
                "Sum of the amounts of the won deals, whenever they were won, as far as it is",
                currencies, {"revenue"});
  to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                "Won deals whose amount is not known; no sum contains them."},
               {UnknownOf("revenue")});
  to.AddColumn({"return_on_investment", ColumnKind::kReal, "share",
                "(revenue - cost) / cost: 0 is money back, -100% is all lost. Empty without cost, "
                "or where cost and revenue are of different currencies: ask for one currency."});
  to.AddAmounts(
      "attributed",
      "Of what was won in the period, the part that this campaign's touches earned: every "
      "marketing touch of a deal's account the same (linear attribution). What other "
      "touches earned, and deals without any, is in the row without a campaign; as far "
      "as it is",
      currencies, {"attributed"});
  to.AddColumn({"attributed_return", ColumnKind::kReal, "share",
                "(attributed - cost) / cost, under the same conditions."});
}

// Null: it has none, or what is counted is a part of what it paid for.
const AmountSums* CostOf(const std::string& campaign, const ReportContext& context) {
  const auto cost = context.campaign_costs.find(campaign);
  return cost == context.campaign_costs.end() ? nullptr : &cost->second;
}

// The counted row of each campaign, those that only cost something too.
std::vector<ReportCounts::RowKey> KeysOf(const ReportCounts& counted,
                                         const ReportContext& context) {
  std::vector<ReportCounts::RowKey> keys;
  for (size_t row = 0; row < counted.rows(); ++row) keys.push_back(counted.key(row));
  for (const auto& [campaign, cost] : context.campaign_costs) keys.push_back({campaign});
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

class Campaigns final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"campaigns", "what each campaign cost, and what came of it"};
  }

  bool has_costs() const override { return true; }

  std::vector<std::string> dimensions() const override { return {"campaign"}; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)},
            {std::begin(kSumNames), std::end(kSumNames)},
            {}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    scope.ForEachClimb(group, [&](const RecordInGroup& record, int highest) {
      if (!scope.InPeriod(record.state.opened_at)) return;
      tally.Begin(record);
      if (record.IsLead()) {
        CountLead(scope, record, highest, tally);
      } else {
        CountOpportunity(scope, record, tally);
      }
    });
    if (scope.context().IsOfAll()) {
      CountResponses(scope, group, tally);
    }
  }

  Counter counter(const ReportScope& scope) const override {
    return [this, &scope, earned = std::make_shared<EarnedRevenue>(scope)](const Group& group,
                                                                           Tally& tally) {
      Count(scope, group, tally);
      earned->ForEachPart(
          group, tally, [&](const RecordInGroup& deal, const Touch* touch, const Money& part) {
            Tally::Key key = scope.KeyOf(deal);
            key[0] = touch == nullptr ? 0 : scope.dictionaries().shapes[touch->shape].campaign;
            tally.Begin(deal);
            tally.Add(tally.RowOf(key), kAttributed, &part);
          });
    };
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    Currencies currencies = counted.CurrenciesOfSums();
    for (const auto& [campaign, cost] : context.campaign_costs) AddCurrencies(cost, currencies);
    FinishedReport finished;
    for (const TableColumn& column : context.group_columns) finished.AddColumn(column);
    AddCountColumns(finished);
    AddMoneyColumns(currencies, finished);
    ReportCounts all;  // with rows for campaigns that only cost something
    all.Add(counted, /*append=*/false);
    std::vector<size_t> rows;
    for (const ReportCounts::RowKey& key : KeysOf(counted, context)) rows.push_back(all.RowOf(key));
    for (const size_t row : rows) AddRow(all, row, counted.rows(), context, currencies, finished);
    finished.table.finding = Finding(all, context);
    if (context.group_columns.size() == 1) {
      finished.table.charts = {
          {.title = "What came", .x = "campaign", .y = {"leads", "accepted", "won"}},
          {.title = "Return on investment", .x = "campaign", .y = {"return_on_investment"}}};
    }
    return finished;
  }

 private:
  static void CountLead(const ReportScope& scope, const RecordInGroup& lead, int highest,
                        Tally& tally) {
    const size_t row = tally.RowOf(scope.KeyOf(lead));
    tally.Count(row, kLeads);
    if (highest >= scope.milestones().mql) tally.Count(row, kMql);
    if (highest >= scope.milestones().accepted) tally.Count(row, kAccepted);
  }

  static void CountOpportunity(const ReportScope& scope, const RecordInGroup& deal, Tally& tally) {
    const RecordState& state = deal.state;
    if (!state.IsNewBusiness()) {
      return;
    }
    const ReportedStage& stage = scope.StageOf(state.stage);
    const size_t row = tally.RowOf(scope.KeyOf(deal));
    tally.Count(row, kOpportunities);
    if (stage.kind != StageKind::kClosed) tally.Count(row, kOpen);
    if (stage.phase != Phase::kWon) return;
    tally.Count(row, kWon);
    Money kept;
    tally.Add(row, kRevenue, scope.Convert(state.amount, state.entered_at, kept, tally));
  }

  static void CountResponses(const ReportScope& scope, const Group& group, Tally& tally) {
    for (size_t account = group.first_account(); account < group.end_account(); ++account) {
      for (const Touch& touch :
           group.TouchesOf(account, TouchClass::kResponse, TouchClass::kBoth)) {
        if (!scope.InPeriod(touch.occurred_at)) continue;
        if (!Counts(touch, group.block(), scope.as_of())) continue;
        const uint32_t campaign = scope.dictionaries().shapes[touch.shape].campaign;
        tally.Begin(TouchInGroup{touch, group.block().accounts[account].id});
        tally.Count(tally.RowOf(Tally::Key{campaign}), kResponses);
      }
    }
  }

  static void AddRow(const ReportCounts& counted, size_t row, size_t counted_rows,
                     const ReportContext& context, const Currencies& currencies,
                     FinishedReport& to) {
    static const AmountSums nothing;
    const auto count = [&](CountPlace place) { return counted.count(row, kCountNames[place]); };
    const AmountSums* const known_cost = CostOf(counted.key(row)[0], context);
    const AmountSums& cost = known_cost == nullptr ? nothing : *known_cost;
    const AmountSums& revenue = counted.sum(row, kSumNames[kRevenue]);
    const AmountSums& attributed = counted.sum(row, kSumNames[kAttributed]);
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    for (const CountPlace place :
         {kResponses, kLeads, kMql, kAccepted, kOpportunities, kOpen, kWon}) {
      const bool counts = place != kResponses || context.IsOfAll();
      cells.push_back(counts ? Cell(count(place)) : Cell());
    }
    for (const Currency currency : currencies) {
      cells.push_back(known_cost == nullptr ? Cell() : cost.Of(currency));
    }
    for (const CountPlace place : {kLeads, kMql, kAccepted, kWon}) {
      cells.push_back(CostPer(cost, count(place)));
    }
    AddAmountCells(revenue, currencies, cells);
    cells.insert(cells.end(), {revenue.unknown(), ReturnOn(cost, revenue)});
    AddAmountCells(attributed, currencies, cells);
    cells.push_back(ReturnOn(cost, attributed));
    FinishedReport::RowOrigin origin;
    if (row < counted_rows) origin.rows = {row};
    to.AddRow(std::move(origin), cells);
  }

  // The campaign with the highest return, of those with enough leads.
  static std::string Finding(const ReportCounts& counted, const ReportContext& context) {
    int64_t leads = 0, mixed = 0;
    std::string best;
    double best_return = 0;
    for (const size_t row : counted.RowsByKey()) {
      const int64_t own = counted.count(row, kCountNames[kLeads]);
      leads += own;
      const AmountSums* const cost = CostOf(counted.key(row)[0], context);
      if (own < kEnoughRecords || cost == nullptr) continue;
      const Cell value = ReturnOn(*cost, counted.sum(row, "revenue"));
      const auto* known = std::get_if<double>(&value);
      if (known == nullptr) ++mixed;
      if (known == nullptr || (!best.empty() && *known <= best_return)) continue;
      best = counted.key(row)[0];
      best_return = *known;
    }
    if (leads < kEnoughRecords) {
      return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), ".");
    }
    const std::string all = absl::StrCat(GroupedInteger(leads), " leads");
    if (!context.IsOfAll()) return absl::StrCat(all, ".");
    if (best.empty()) {
      return absl::StrCat(all, "; of no campaign with at least ", GroupedInteger(kEnoughRecords),
                          " leads both cost and revenue are known in one currency.");
    }
    const std::string others =
        mixed == 0 ? ""
                   : absl::StrCat(" ", Counted(mixed, "campaign", "campaigns"),
                                  " with money in several currencies cannot be compared: ask for "
                                  "one currency.");
    if (best_return < 0) {
      return absl::StrCat(all, "; no campaign has returned its cost so far.", others);
    }
    return absl::StrCat(all, "; ", best, " returned the most for its cost: ", Percent(best_return),
                        " beyond it so far.", others);
  }
};

}  // namespace
}  // namespace campaigns

const ReportKind& CampaignsReport() {
  static const campaigns::Campaigns report;
  return report;
}

}  // namespace throughline
