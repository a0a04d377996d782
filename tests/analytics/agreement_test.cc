#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <ostream>
#include <set>

#include "analytics/random_history.h"
#include "analytics/snapshot/fact_snapshot.h"
#include "analytics/snapshot/lead_work.h"
#include "core/fold.h"
#include "core/shown_account.h"
#include "model/table_rows.h"
#include "throughline/attribution.h"
#include "throughline/ledger_paths.h"

namespace throughline {
namespace {

// Of a record, what reports see of it.
struct Seen {
  std::string stage;
  Time since;
  std::string original;
  std::string latest;
  std::optional<Money> amount;
  OpportunityType type = OpportunityType::kNone;
  std::string first;  // of its account
  OwnerId owner;
  std::optional<Time> handed_off_at;
  std::optional<Time> followed_up_at;
  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.stage << " since " << FormatTime(seen.since) << " from " << seen.original
               << "/" << seen.latest << "/" << seen.first << " worth "
               << (seen.amount ? FormatMoney(*seen.amount) : "?");
  }
};
using SeenRecords = std::map<std::pair<EntityKind, int64_t>, Seen>;

// Channel of the first touch of the account as one with those merged with it; "" without any.
std::string FirstChannel(const Rows& rows, AccountId account) {
  return rows.accounts.Find(account) == nullptr ? "" : ShownAccount(rows, account).first.channel;
}

template <class Row>
Seen SeenOf(const Row& row, const std::string& first) {
  return {Policy::Default()->FindStage(row.stage)->key,
          row.stage_since,
          row.lineage.original.channel,
          row.lineage.latest.channel,
          std::nullopt,
          OpportunityType::kNone,
          first,
          row.owner};
}

// Of all accounts, in the order of event ids: accounts that were merged once are in other groups.
std::vector<RecordedEvent> WholeHistory(TestLedger& ledger) {
  std::map<EventId, RecordedEvent> events;
  for (const AccountId id : ledger.accounts()) {
    for (const RecordedEvent& event : ledger.History(id.value)) events.emplace(event.id, event);
  }
  std::vector<RecordedEvent> history;
  for (auto& [id, event] : events) history.push_back(std::move(event));
  return history;
}

SeenRecords SeenByCore(TestLedger& ledger, const AsOf& as_of) {
  SeenRecords seen;
  const std::vector<RecordedEvent> history = WholeHistory(ledger);
  for (const auto& group : SplitByGroup(ApplyRevisions(history, as_of.known_at))) {
    const Rows rows = FoldGroup(group, as_of.through);
    rows.leads.ForEach([&](const LeadRow& row) {
      Seen& lead = seen[{EntityKind::kLead, row.lead.value}] =
          SeenOf(row, FirstChannel(rows, row.account));
      lead.handed_off_at = row.handed_off_at;
      lead.followed_up_at = row.followed_up_at;
    });
    rows.opportunities.ForEach([&](const OpportunityRow& row) {
      Seen& deal = seen[{EntityKind::kOpportunity, row.opportunity.value}] =
          SeenOf(row, FirstChannel(rows, row.account));
      deal.amount = row.amount;
      deal.type = row.type;
    });
  }
  return seen;
}

std::set<uint32_t> StagesOf(const RecordInGroup& record, const AsOf& as_of) {
  std::set<uint32_t> stages;
  ForEachStage(record, as_of, [&](uint32_t stage) { EXPECT_TRUE(stages.insert(stage).second); });
  return stages;
}

using Entries = std::vector<std::pair<EventId, uint32_t>>;

Entries EntriesInto(const RecordInGroup& record, const AsOf& as_of) {
  Entries entries;
  StateOf(record.group, record.record, as_of,
          [&](const EnteredStage& entry) { entries.emplace_back(entry.fact.event, entry.stage); });
  return entries;
}

std::set<uint32_t> StagesEntered(const RecordInGroup& record, const AsOf& as_of) {
  std::set<uint32_t> stages;
  StateOf(record.group, record.record, as_of, [&](const EnteredStage& entry) {
    if (entry.fact.kind == FactKind::kOpened) stages.clear();
    stages.insert(entry.stage);
  });
  return stages;
}

// Of a record with a standing that is as of then; how many there are.
size_t ExpectSameEntries(const RecordInGroup& record, const AsOf& as_of) {
  if (record.standing == nullptr) return 0;
  Entries entries;
  ForEachEntry(record, [&](const EnteredStage& entry) {
    entries.emplace_back(entry.fact.event, entry.stage);
  });
  EXPECT_EQ(entries, EntriesInto(record, as_of));
  return entries.size();
}

SeenRecords SeenInSnapshot(const SnapshotFacts& facts, const AsOf& as_of) {
  const TextDictionary& channels = facts.dictionaries->channels;
  SeenRecords seen;
  facts.layers.ForEachGroup([&](const Group& group) {
    ForEachRecord(group, as_of, [&](const RecordInGroup& in_group) {
      const FactRecord& record = in_group.record;
      const RecordState& state = in_group.state;
      EXPECT_EQ(StagesOf(in_group, as_of), StagesEntered(in_group, as_of));
      const Touch* first = FirstTouchOf(group, in_group.account(), as_of);
      Seen& own = seen[{record.kind, record.id}] = {
          facts.stages[facts.stage_places[state.stage]].key,
          state.stage_since,
          state.origin == nullptr ? "" : channels[state.origin->original.channel],
          state.origin == nullptr ? "" : channels[state.origin->latest.channel],
          state.amount == nullptr ? std::nullopt : std::optional(*state.amount),
          record.kind == EntityKind::kLead ? OpportunityType::kNone : state.type(),
          first == nullptr ? "" : channels[facts.dictionaries->shapes[first->shape].channel],
          OwnerId{state.owner}};
      own.handed_off_at = state.handed_off_at;
      if (record.kind == EntityKind::kLead) own.followed_up_at = FollowedUpAt(in_group, as_of);
    });
  });
  return seen;
}

// The snapshot says what the core's rows say, at every (through, known_at).
TEST(AgreementTest, OfTheSnapshotWithTheCoresRows) {
  int64_t records = 0;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    const SnapshotFacts& facts = FactsOf(*snapshot);
    for (int i = 0; i < 40; ++i) {
      AsOf as_of;
      if (i > 0) as_of = {history.SomeTime(), history.SomeTime()};
      const SeenRecords expected = SeenByCore(history.ledger, as_of);
      ASSERT_EQ(SeenInSnapshot(facts, as_of), expected)
          << "seed " << seed << ", through " << FormatTime(as_of.through) << ", known at "
          << FormatTime(as_of.known_at);
      records += std::ssize(expected);
    }
  }
  EXPECT_GT(records, 5000) << "the histories have become too dull";
}

TEST(AgreementTest, OfTheEntriesOfStandingsWithThoseOfFacts) {
  size_t entries = 0;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    for (int i = 0; i < 10; ++i) {
      AsOf as_of;
      if (i > 0) as_of = {history.SomeTime(), history.SomeTime()};
      FactsOf(*snapshot).layers.ForEachGroup([&](const Group& group) {
        ForEachRecord(group, as_of, [&](const RecordInGroup& record) {
          entries += ExpectSameEntries(record, as_of);
        });
      });
    }
  }
  EXPECT_GT(entries, 2000u) << "the histories have become too dull";
}

struct Reports3 {
  Table pipeline, funnel, sources;
};

void ExpectReconciled(const Reports3& r, const SeenRecords& records) {
  int64_t leads = 0, deals = 0;
  std::map<std::string, int64_t> by_stage;
  for (const auto& [id, seen] : records) {
    ++(id.first == EntityKind::kLead ? leads : deals);
    ++by_stage[seen.stage];
  }
  EXPECT_EQ(Sum(r.pipeline, "count"), leads + deals);
  for (const std::string& stage : Keys(r.pipeline)) {
    const int64_t count = IntegerAt(r.pipeline, stage, "count");
    const int64_t entered = IntegerAt(r.funnel, stage, "entered");
    EXPECT_EQ(count, by_stage[stage]) << stage;
    EXPECT_GE(entered, count) << stage;
    EXPECT_GE(IntegerAt(r.funnel, stage, "reached"), entered) << stage;
  }
  EXPECT_EQ(Sum(r.sources, "leads"), leads);
  EXPECT_EQ(Sum(r.sources, "opportunities") + Sum(r.sources, "follow_on"), deals);
  EXPECT_EQ(Sum(r.sources, "won") + Sum(r.sources, "follow_on_won"),
            IntegerAt(r.pipeline, "won", "count"));
  EXPECT_EQ(Sum(r.sources, "mql"), IntegerAt(r.funnel, "mql", "reached"));
  EXPECT_EQ(Sum(r.sources, "accepted"), IntegerAt(r.funnel, "accepted", "reached"));
}

void ExpectNoBadNumbers(const Table& table) {
  for (const auto& row : RowsOf(table)) {
    ASSERT_EQ(row.size(), table.columns.size());
    for (size_t i = 0; i < row.size(); ++i) {
      const auto* real = std::get_if<double>(&row[i]);
      if (real == nullptr) continue;
      EXPECT_TRUE(std::isfinite(*real)) << table.columns[i].name;
      EXPECT_GE(*real, 0) << table.columns[i].name;
      if (table.columns[i].name == "conversion" || table.columns[i].name == "win_rate") {
        EXPECT_LE(*real, 1) << table.columns[i].name;
      }
    }
  }
}

// The sum of a column over the rows that have `where` in the column before it; of all if empty.
int64_t SumOf(const Table& table, std::string_view column, std::string_view of = "",
              std::string_view where = "") {
  const auto place = [&](std::string_view name) {
    return static_cast<size_t>(std::ranges::find(table.columns, name, &TableColumn::name) -
                               table.columns.begin());
  };
  int64_t sum = 0;
  for (const auto& row : RowsOf(table)) {
    if (!of.empty() && row.at(place(of)) != Cell(std::string(where))) continue;
    if (const auto* count = std::get_if<int64_t>(&row.at(place(column)))) sum += *count;
  }
  return sum;
}

// The other reports, where they count the same as those three. Without a period all of them count
// from the beginning.
void ExpectOthersReconciled(const Snapshot& snapshot, const ReportRequest& request,
                            const Reports3& r) {
  const auto run = [&](std::string_view name) { return *RunReport(snapshot, name, request); };
  const Table wins = run("win_rate"), ends = run("quarter_end"), slips = run("slippage"),
              cohorts = run("cohorts"), reps = run("reps"), falls = run("fall_off");
  EXPECT_EQ(SumOf(wins, "won"), Sum(r.sources, "won"));
  EXPECT_EQ(SumOf(wins, "lost"), Sum(r.sources, "lost"));
  EXPECT_EQ(SumOf(wins, "cohort"), Sum(r.sources, "opportunities"));
  EXPECT_EQ(SumOf(wins, "cohort_won"), SumOf(wins, "won"));
  EXPECT_EQ(SumOf(wins, "closed_leads"), SumOf(falls, "late"));
  EXPECT_EQ(SumOf(ends, "won"), IntegerAt(r.pipeline, "won", "count"));
  EXPECT_EQ(SumOf(ends, "lost"), IntegerAt(r.pipeline, "lost", "count"));
  EXPECT_GE(SumOf(ends, "closed"), SumOf(falls, "left"));
  EXPECT_EQ(SumOf(slips, "of", "slip", "crossed_quarter"), Sum(r.sources, "leads"));
  EXPECT_EQ(SumOf(slips, "count", "slip", "crossed_quarter"),
            SumOf(slips, "of", "slip", "crossed_open"));
  EXPECT_EQ(SumOf(slips, "of", "slip", "logged_late"),
            Sum(r.sources, "opportunities") + Sum(r.sources, "follow_on"));
  EXPECT_EQ(SumOf(reps, "won"), SumOf(ends, "won"));
  EXPECT_EQ(SumOf(reps, "lost"), SumOf(ends, "lost"));
  EXPECT_EQ(SumOf(reps, "handed_off"), IntegerAt(r.funnel, "hand-off event", "entered"));
  EXPECT_EQ(SumOf(reps, "followed_up"), IntegerAt(r.funnel, "follow-up event", "entered"));
  EXPECT_EQ(IntegerAt(r.funnel, "acceptance event", "entered"),
            IntegerAt(r.funnel, "accepted", "entered"));
  for (const auto& row : RowsOf(cohorts)) {
    const auto& stage = std::get<std::string>(row[0]);
    EXPECT_EQ(std::get<int64_t>(row[2]), IntegerAt(r.funnel, stage, "reached")) << stage;
  }
  for (const Table* table : {&wins, &ends, &slips, &cohorts, &reps, &falls}) {
    ExpectNoBadNumbers(*table);
  }
}

TEST(AgreementTest, OfReportsWithOneAnother) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    for (int i = 0; i < 20; ++i) {
      ReportRequest request;
      request.source = static_cast<SourceChoice>(history.Below(3));
      request.as_of.through = std::min(history.SomeTime(), snapshot->recorded_at());
      request.as_of.known_at = history.SomeTime();
      Reports3 reports;
      reports.pipeline = *RunReport(*snapshot, "pipeline", request);
      reports.funnel = *RunReport(*snapshot, "funnel", request);
      reports.sources = *RunReport(*snapshot, "sources", request);
      const AsOf as_of{reports.pipeline.as_of.through, reports.pipeline.as_of.known_at};
      ExpectReconciled(reports, SeenByCore(history.ledger, as_of));
      for (const Table* table : {&reports.pipeline, &reports.funnel, &reports.sources}) {
        ExpectNoBadNumbers(*table);
      }
      ExpectOthersReconciled(*snapshot, request, reports);
    }
  }
}

// By campaign and currency: "Spring #1 EUR". What no campaign earned is "(blank)".
std::map<std::string, double> MoneyByCampaign(const Table& table, std::string_view column) {
  std::map<std::string, double> sums;
  for (const auto& row : RowsOf(table)) {
    const auto& key = std::get<std::string>(row[0]);
    for (size_t i = 0; i < row.size(); ++i) {
      const auto* amount = std::get_if<double>(&row[i]);
      const bool is_money = ParseCurrency(table.columns[i].unit).ok();
      if (!is_money || !table.columns[i].name.starts_with(column)) continue;
      if (amount == nullptr || *amount == 0) continue;
      sums[(key == "(no marketing touch)" ? "(blank) " : key + " ") + table.columns[i].unit] +=
          *amount;
    }
  }
  return sums;
}

TEST(AgreementTest, OfCampaignsWithAttribution) {
  size_t compared = 0;
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    for (int i = 0; i < 20; ++i) {
      PathRequest request{.by = AttributionKey::kCampaign};
      request.report.as_of.through = std::min(history.SomeTime(), snapshot->recorded_at());
      request.report.as_of.known_at = history.SomeTime();
      if (i % 3 == 1) request.report.from = DateOf(history.SomeTime());
      if (i % 3 == 2) request.report.filters = {{"source", "fair"}};
      const auto paths = AssemblePaths(*snapshot, request);
      ASSERT_TRUE(paths.ok()) << paths.status();
      const Table credit = *AttributePaths(**paths, {});
      const Table campaigns = *RunReport(*snapshot, "campaigns", request.report);
      const auto earned = MoneyByCampaign(campaigns, "attributed");
      const auto expected = MoneyByCampaign(credit, "value");
      EXPECT_EQ(earned, expected) << "seed " << seed << ", request " << i;
      compared += expected.size();
    }
  }
  EXPECT_GT(compared, 60u) << "the histories have become too dull";
}

}  // namespace
}  // namespace throughline
