#include <algorithm>
#include <initializer_list>
#include <limits>

#include "absl/strings/str_cat.h"
#include "analytics/amount_sums.h"
#include "analytics/number_text.h"
#include "analytics/reports.h"
#include "analytics/stage_ladder.h"
#include "model/abseil_text.h"

// What came from which source, and what was won of it.

namespace throughline {
namespace {

constexpr std::string_view kBlank = "(blank)";

struct SourceTally {
  int64_t leads = 0;
  int64_t mql = 0;
  int64_t accepted = 0;
  int64_t opportunities = 0;
  int64_t won = 0;
  int64_t lost = 0;
  AmountSums won_amounts;
  int64_t follow_on = 0;
  int64_t follow_on_won = 0;

  bool any() const { return leads + opportunities + follow_on > 0; }
};

// The rung of the first of these stages that the policy has for leads; kNoRung if it has none.
int RungOfAny(std::initializer_list<std::string_view> names, const Policy& policy,
              const StageLadder& ladder) {
  for (const std::string_view name : names) {
    const Stage* stage = policy.FindStageNamed(name);
    if (stage == nullptr || !IsLeadPhase(stage->phase)) continue;
    return ladder.RungOf(static_cast<uint32_t>(stage - policy.stages().data()));
  }
  return StageLadder::kNoRung;
}

// The rungs that other policies may call otherwise, or not have at all.
struct Milestones {
  int mql;
  int accepted;

  Milestones(const Policy& policy, const StageLadder& ladder)
      : mql(RungOfAny({"mql", "marketing qualified lead"}, policy, ladder)),
        accepted(RungOfAny({"accepted", "sal", "sales accepted lead"}, policy, ladder)) {}
};

// The channel that a record goes by. Asks for records in order, so that the first touch of an
// account is sought once.
class SourceFinder {
 public:
  SourceFinder(const Projection& projection, const AsOf& as_of, SourceChoice choice)
      : projection_(projection), as_of_(as_of), choice_(choice) {}

  uint32_t ChannelOf(size_t record, const RecordState& state) {
    if (choice_ == SourceChoice::kLatest) return state.sources.latest;
    if (choice_ != SourceChoice::kFirst) return state.sources.original;
    const uint32_t account = projection_.records[record].account;
    if (account != account_) first_ = FirstChannelOf(projection_, account, as_of_);
    account_ = account;
    return first_;
  }

 private:
  const Projection& projection_;
  const AsOf& as_of_;
  const SourceChoice choice_;
  uint32_t account_ = std::numeric_limits<uint32_t>::max();
  uint32_t first_ = 0;
};

void AddLead(int highest, const Milestones& milestones, SourceTally& source) {
  ++source.leads;
  if (highest >= milestones.mql) ++source.mql;
  if (highest >= milestones.accepted) ++source.accepted;
}

void AddOpportunity(const RecordState& state, const Projection& projection, SourceTally& source) {
  const Phase phase = projection.stages[state.stage].phase;
  if (state.type == OpportunityType::kExpansion || state.type == OpportunityType::kRenewal) {
    ++source.follow_on;
    if (phase == Phase::kWon) ++source.follow_on_won;
    return;
  }
  ++source.opportunities;
  if (phase == Phase::kLost) ++source.lost;
  if (phase != Phase::kWon) return;
  ++source.won;
  source.won_amounts.Add(state.amount);
}

// By number of the channel.
std::vector<SourceTally> Tally(const Projection& projection, const AsOf& as_of, SourceChoice choice,
                               const StageLadder& ladder, const Milestones& milestones) {
  std::vector<SourceTally> sources(projection.channels.size());
  SourceFinder finder(projection, as_of, choice);
  for (size_t record = 0; record < projection.records.size(); ++record) {
    int highest = StageLadder::kNoRung;
    const RecordState state = StateOf(projection, record, as_of, [&](uint32_t stage) {
      highest = std::max(highest, ladder.RungOf(stage));
    });
    if (!state.exists) continue;
    SourceTally& source = sources[finder.ChannelOf(record, state)];
    if (projection.records[record].kind == EntityKind::kLead) {
      AddLead(highest, milestones, source);
    } else {
      AddOpportunity(state, projection, source);
    }
  }
  return sources;
}

std::vector<TableColumn> Columns(const Currencies& currencies) {
  std::vector<TableColumn> columns = {
      {"source", ColumnKind::kText, "",
       "Channel that the records came from; \"(blank)\" if none is known. By default the original "
       "source: the one of the first of a chain of episodes."},
      {"leads", ColumnKind::kInteger, "leads", "Leads from this source.", /*bar=*/true},
      {"mql", ColumnKind::kInteger, "leads",
       "Those of them that reached the stage mql or a later one: they met the definition of a "
       "marketing-qualified lead. Empty if the policy has no such stage."},
      {"accepted", ColumnKind::kInteger, "leads",
       "Those of them that reached the stage accepted or a later one: sales agreed to work them. "
       "Empty if the policy has no such stage."},
      {"opportunities", ColumnKind::kInteger, "opportunities",
       "New-business opportunities from this source, with or without leads."},
      {"won", ColumnKind::kInteger, "opportunities",
       "Those of them that are won. A deal that was reopened counts by its last outcome."},
      {"lost", ColumnKind::kInteger, "opportunities", "Those of them that are lost."},
      {"win_rate", ColumnKind::kReal, "share", "Won deals as a share of all that are won or lost."},
      {"won_per_lead", ColumnKind::kReal, "share",
       "Won deals for each lead of this source; above 1 if a lead led to several."},
  };
  AddAmountColumns("won_amount", "Sum of the amounts of those won deals that are", currencies,
                   columns);
  columns.insert(
      columns.end(),
      {{"unknown_amounts", ColumnKind::kInteger, "opportunities",
        "Won deals whose amount is not known; no sum contains them."},
       {"follow_on", ColumnKind::kInteger, "opportunities",
        "Opportunities that expand or renew what a customer has: no new business, and in no other "
        "column."},
       {"follow_on_won", ColumnKind::kInteger, "opportunities", "Those of them that are won."}});
  return columns;
}

std::string NameOfSource(const Projection& projection, size_t channel) {
  return channel == 0 ? std::string(kBlank) : projection.channels[channel];
}

void AddMilestone(int rung, int64_t count, std::vector<Cell>& row) {
  if (rung == StageLadder::kNoRung) {
    row.emplace_back();
  } else {
    row.emplace_back(count);
  }
}

std::vector<Cell> Row(std::string name, const SourceTally& s, const Milestones& milestones,
                      const Currencies& currencies) {
  std::vector<Cell> row = {std::move(name), s.leads};
  AddMilestone(milestones.mql, s.mql, row);
  AddMilestone(milestones.accepted, s.accepted, row);
  row.insert(row.end(), {s.opportunities, s.won, s.lost, ShareOf(s.won, s.won + s.lost),
                         ShareOf(s.won, s.leads)});
  AddAmountCells(s.won_amounts, currencies, row);
  row.insert(row.end(), {s.won_amounts.unknown(), s.follow_on, s.follow_on_won});
  return row;
}

// Numbers of the channels that have something, the one with most leads first.
std::vector<size_t> InOrder(const Projection& projection, const std::vector<SourceTally>& sources) {
  std::vector<size_t> order;
  for (size_t channel = 0; channel < sources.size(); ++channel) {
    if (sources[channel].any()) order.push_back(channel);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (sources[a].leads != sources[b].leads) return sources[a].leads > sources[b].leads;
    return NameOfSource(projection, a) < NameOfSource(projection, b);
  });
  return order;
}

// The source that won most per lead, of those that are known and have enough leads; null if there
// are not two to compare.
const SourceTally* BestOf(const std::vector<SourceTally>& sources) {
  const SourceTally* best = nullptr;
  int candidates = 0;
  for (size_t channel = 1; channel < sources.size(); ++channel) {
    const SourceTally& s = sources[channel];
    if (s.leads < kEnoughRecords) continue;
    ++candidates;
    if (best == nullptr || s.won * best->leads > best->won * s.leads) best = &s;
  }
  return candidates < 2 || best->won == 0 ? nullptr : best;
}

std::string Finding(const Projection& projection, const std::vector<SourceTally>& sources,
                    const std::vector<size_t>& order) {
  int64_t leads = 0, won = 0;
  for (const SourceTally& source : sources) leads += source.leads, won += source.won;
  if (leads < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), ".");
  }
  const SourceTally& most = sources[order.front()];
  std::string text = absl::StrCat(
      NameOfSource(projection, order.front()), " brought the most leads, ",
      GroupedInteger(most.leads), " of ", GroupedInteger(leads), " (", Percent(most.leads, leads),
      "), and ", GroupedInteger(most.won), " of ", Counted(won, "won deal", "won deals"));
  if (const SourceTally* best = BestOf(sources)) {
    absl::StrAppend(&text, "; ",
                    NameOfSource(projection, static_cast<size_t>(best - sources.data())),
                    " won the most per lead, ", GroupedInteger(best->won), " of ",
                    GroupedInteger(best->leads), " (", Percent(best->won, best->leads), ")");
  }
  return text + ".";
}

std::vector<Chart> SourceCharts(const std::vector<TableColumn>& columns) {
  std::vector<Chart> charts = {
      {.title = "What came", .x = "source", .y = {"leads", "opportunities", "won"}},
      {.title = "What was won of it", .x = "source", .y = {"win_rate", "won_per_lead"}}};
  for (const std::string& amount : AmountColumns("won_amount", columns)) {
    charts.push_back({.title = "Amounts of won deals", .x = "source", .y = {amount}});
  }
  return charts;
}

}  // namespace

Table SourcesReport(const Projection& projection, const AsOf& as_of, SourceChoice source) {
  const StageLadder ladder(projection.stages);
  const Milestones milestones(*projection.policy, ladder);
  const std::vector<SourceTally> sources = Tally(projection, as_of, source, ladder, milestones);
  const std::vector<size_t> order = InOrder(projection, sources);
  Currencies currencies;
  for (const SourceTally& s : sources) AddCurrencies(s.won_amounts, currencies);
  Table table;
  table.parameters = {{"source", std::string(NameOf(source))}};
  table.finding = Finding(projection, sources, order);
  table.columns = Columns(currencies);
  table.charts = SourceCharts(table.columns);
  for (const size_t channel : order) {
    table.rows.push_back(
        Row(NameOfSource(projection, channel), sources[channel], milestones, currencies));
  }
  return table;
}

}  // namespace throughline
