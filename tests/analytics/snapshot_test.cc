#include "analytics/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "analytics/history.h"
#include "analytics/number_text.h"
#include "core/fold.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

Event EventOf(EventPayload payload, std::string_view at = "2024-01-01") {
  Event event;
  event.occurred_at = *ParseTime(at);
  event.payload = std::move(payload);
  return event;
}

TEST(SnapshotTest, KnowsWhereItStands) {
  JournalStore store;
  store.Append(kNoAccount, "2024-01-01",
               std::vector<Event>{EventOf(PolicySet{1, std::string(Policy::DefaultJson())})});
  store.Append(AccountId{1}, "2024-01-02",
               std::vector<Event>{EventOf(AccountOpened{AccountId{1}}), EventOf(NoteAdded{})});
  const auto snapshot = Snapshot::Take(store);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->seq(), 2);
  EXPECT_EQ(FormatTime((*snapshot)->recorded_at()), "2024-01-02T00:00:00Z");
  EXPECT_EQ((*snapshot)->events(), 3);
  EXPECT_EQ((*snapshot)->policy().name(), "default");
}

TEST(SnapshotTest, TakesTheNewestPolicy) {
  std::string newer(Policy::DefaultJson());
  newer.replace(newer.find("\"default\""), 9, "\"newer\"");
  JournalStore store;
  store.Append(kNoAccount, "2024-01-01",
               std::vector<Event>{EventOf(PolicySet{1, std::string(Policy::DefaultJson())})});
  store.Append(kNoAccount, "2024-01-02", std::vector<Event>{EventOf(PolicySet{2, newer})});
  EXPECT_EQ((*Snapshot::Take(store))->policy().name(), "newer");
}

TEST(SnapshotTest, DamagedPolicyIsDataLoss) {
  JournalStore store;
  store.Append(kNoAccount, "2024-01-01", std::vector<Event>{EventOf(PolicySet{3, "{"})});
  const absl::Status status = Snapshot::Take(store).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("policy version 3"));
}

TEST(SnapshotTest, DamagedEventsAreDataLossThatNamesTheCommit) {
  JournalStore store;
  store.Append(AccountId{1}, "2024-01-01", std::vector<Event>{EventOf(NoteAdded{})});
  store.Append(7, AccountId{1}, Time{}, "\x0a\x7f garbage");
  const absl::Status status = Snapshot::Take(store).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("commit 7"));
}

TEST(SnapshotTest, StoreErrorsPassUnchanged) {
  JournalStore store;
  store.FailWith(absl::UnavailableError("locked"));
  EXPECT_EQ(Snapshot::Take(store).status(), absl::UnavailableError("locked"));
}

TEST(SnapshotTest, EventsOfNewerVersionsAreCountedAndSkipped) {
  JournalStore store;
  // An event with an empty payload of number 100, which no version has yet.
  store.Append(1, AccountId{1}, Time{}, std::string("\x0a\x03\xa2\x06\x00", 5));
  const auto snapshot = Snapshot::Take(store);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->events(), 1);
}

// What is not there, or stands in another account, is not revised; stages that the policy does not
// know keep their phase.
TEST(SnapshotTest, SurvivesHistoriesThatNoLedgerWrites) {
  JournalStore store;
  LeadOpened lead;
  lead.lead = LeadId{1};
  lead.stage = {99, Phase::kMarketing, StageKind::kOpen};
  OpportunityMoved stray;
  stray.opportunity = OpportunityId{5};
  stray.to = {17, Phase::kLost, StageKind::kClosed};
  store.Append(AccountId{1}, "2024-01-01", std::vector<Event>{EventOf(lead), EventOf(stray)});
  store.Append(AccountId{2}, "2024-01-02",
               std::vector<Event>{EventOf(Voided{EventId::Of(1, 0), "not mine"}),
                                  EventOf(Voided{EventId::Of(55, 0), "not there"}),
                                  EventOf(Voided{EventId::Of(1, 77), "not there"}),
                                  EventOf(Voided{EventId::Of(2, 3), "myself"})});
  const auto snapshot = Snapshot::Take(store);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Table table = *RunReport(**snapshot, "pipeline", {});
  EXPECT_EQ(IntegerAt(table, "#99", "count"), 1);
  EXPECT_EQ(Sum(table, "count"), 1);
  EXPECT_TRUE(RunReport(**snapshot, "funnel", {}).ok());
  EXPECT_TRUE(RunReport(**snapshot, "sources", {}).ok());
}

// --- The facts say what the core's rows say, at every (through, known_at). ---

class RandomHistory {
 public:
  explicit RandomHistory(uint32_t seed) : random_(seed) {
    ledger.SetNow(kBegin);
    for (int i = 0; i < 4; ++i) {
      const AccountId account = ledger.OpenAccount();
      contacts_.emplace_back(ledger.Must(ContactAdd{.account = account, .name = "A"}));
    }
    for (int i = 0; i < 220; ++i) Step();
  }

  TestLedger ledger;
  int64_t leads = 0;
  int64_t opportunities = 0;

  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }

  // Some time between the beginning of the history and its end.
  Time SomeTime() { return Time{kBegin.micros + Below(400) * kMicrosPerDay}; }

 private:
  static constexpr Time kBegin{1'704'067'200'000'000};  // 2024-01-01

  static constexpr const char* kChannels[] = {"", "web", "fair", "mail"};
  static constexpr const char* kLeadStages[] = {"inquiry", "mql",  "nurture", "assigned",
                                                "sql",     "dead", "disqualified"};
  static constexpr const char* kDealStages[] = {"discovery", "proposal", "on_hold",
                                                "won",       "lost",     "negotiation"};

  // Mostly a little before now; now and then known before it is written down.
  Context SomeContext() {
    Context context;
    context.mode = Mode::kObserve;
    const int64_t back = Below(3) == 0 ? Below(200) : 0;
    context.occurred_at = Moment{Time{ledger.now().micros - back * kMicrosPerDay}, false};
    if (Below(4) == 0) {
      context.occurred_at = Moment{StartOf(DateOf(context.occurred_at->at)), true};
    }
    if (Below(4) == 0) context.entered_at = Time{ledger.now().micros - Below(50) * kMicrosPerDay};
    return context;
  }

  AccountRef SomeAccount() { return ledger.accounts()[Below(4)]; }
  std::optional<Money> SomeAmount() {
    if (Below(3) == 0) return std::nullopt;
    return Money{Below(100) * 100, *ParseCurrency("EUR")};
  }

  EventRef SomeEvent() {
    const auto& history = ledger.History(ledger.accounts()[Below(4)].value);
    return EventRef{history[Below(static_cast<uint32_t>(history.size()))].id};
  }

  void Step() {
    ledger.SetNow(Time{ledger.now().micros + Below(4) * kMicrosPerDay});
    const absl::StatusOr<Decision> decision = ledger.Execute(SomeCommand(), SomeContext());
    if (!decision.ok()) return;  // refused: no part of the history
    if (decision->entity == EntityKind::kLead) ++leads;
    if (decision->entity == EntityKind::kOpportunity) ++opportunities;
  }

  Command SomeCommand() {
    const LeadRef lead{LeadId{1 + Below(static_cast<uint32_t>(leads + 1))}};
    const OpportunityRef deal{OpportunityId{1 + Below(static_cast<uint32_t>(opportunities + 1))}};
    switch (Below(14)) {
      case 0:
      case 1:
        return LeadOpen{.account = SomeAccount(),
                        .stage = kLeadStages[Below(7)],
                        .source = kChannels[Below(4)]};
      case 2:
      case 3:
        return LeadMove{.lead = lead, .stage = kLeadStages[Below(7)]};
      case 4:
      case 5: {
        const uint32_t account = Below(4);
        return TouchRecord{.account = ledger.accounts()[account],
                           .contact = contacts_[account],
                           .channel = kChannels[Below(4)],
                           .kind = Below(2) == 0 ? "form" : "email_send"};
      }
      case 6:
        return OpportunityOpen{.leads = {lead},
                               .type = static_cast<OpportunityType>(Below(4)),
                               .amount = SomeAmount()};
      case 7:
        return OpportunityOpen{.account = SomeAccount(),
                               .source = kChannels[Below(4)],
                               .amount = SomeAmount()};
      case 8:
      case 9:
        return OpportunityMove{.opportunity = deal, .stage = kDealStages[Below(6)]};
      case 10:
        return OpportunityValue{.opportunity = deal, .amount = SomeAmount()};
      case 11:
        return Amend{.event = SomeEvent(),
                     .occurred_at = Moment{SomeTime(), Below(2) == 0},
                     .reason = "date"};
      case 12:
        return Amend{.event = SomeEvent(), .changes = {SomeChange()}, .reason = "value"};
      default:
        if (Below(3) == 0) return TouchRetract{.touch = SomeEvent()};
        return Void{.event = SomeEvent(), .reason = "mistake"};
    }
  }

  Attribute SomeChange() {
    if (Below(2) == 0) return {"channel", "post"};
    return {"amount", "77 EUR"};
  }

  std::mt19937 random_;
  std::vector<ContactId> contacts_;
};

// Of a record, what reports see of it.
struct Seen {
  std::string stage;
  Time since;
  std::string original;
  std::string latest;
  std::optional<Money> amount;
  OpportunityType type = OpportunityType::kNone;
  std::string first;  // of its account
  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.stage << " since " << FormatTime(seen.since) << " from " << seen.original
               << "/" << seen.latest << "/" << seen.first << " worth "
               << (seen.amount ? FormatMoney(*seen.amount) : "?");
  }
};
using SeenRecords = std::map<std::pair<EntityKind, int64_t>, Seen>;

template <class Row>
Seen SeenOf(const Row& row, const AccountRow* account) {
  return {Policy::Default()->FindStage(row.stage)->key,
          row.stage_since,
          row.lineage.original.channel,
          row.lineage.latest.channel,
          std::nullopt,
          OpportunityType::kNone,
          account == nullptr ? "" : account->first.channel};
}

SeenRecords SeenByCore(TestLedger& ledger, const AsOf& as_of) {
  SeenRecords seen;
  for (const AccountId id : ledger.accounts()) {
    const Rows rows = Fold(ledger.History(id.value), as_of);
    const AccountRow* account = rows.accounts.Find(id);
    rows.leads.ForEach([&](const LeadRow& row) {
      seen[{EntityKind::kLead, row.lead.value}] = SeenOf(row, account);
    });
    rows.opportunities.ForEach([&](const OpportunityRow& row) {
      Seen& deal = seen[{EntityKind::kOpportunity, row.opportunity.value}] = SeenOf(row, account);
      deal.amount = row.amount;
      deal.type = row.type;
    });
  }
  return seen;
}

SeenRecords SeenByFacts(const Facts& facts, const AsOf& as_of) {
  SeenRecords seen;
  for (size_t i = 0; i < facts.records.size(); ++i) {
    const RecordState state = StateOf(facts, i, as_of);
    if (!state.exists) continue;
    const FactRecord& record = facts.records[i];
    seen[{record.kind, record.id}] = {
        facts.stages[state.stage].key,
        state.stage_since,
        facts.channels[state.sources.original],
        facts.channels[state.sources.latest],
        state.amount == nullptr ? std::nullopt : std::optional(*state.amount),
        state.type,
        facts.channels[FirstChannelOf(facts, record.account, as_of)]};
  }
  return seen;
}

TEST(SnapshotTest, FactsAgreeWithTheCoreOnRandomHistories) {
  int64_t records = 0;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    const Facts& facts = FactsOf(*snapshot);
    for (int i = 0; i < 40; ++i) {
      AsOf as_of;
      if (i > 0) as_of = {history.SomeTime(), history.SomeTime()};
      const SeenRecords expected = SeenByCore(history.ledger, as_of);
      ASSERT_EQ(SeenByFacts(facts, as_of), expected)
          << "seed " << seed << ", through " << FormatTime(as_of.through) << ", known at "
          << FormatTime(as_of.known_at);
      records += std::ssize(expected);
    }
  }
  EXPECT_GT(records, 5000) << "the histories have become too dull";
}

// --- Reports of one snapshot agree with one another. ---

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
  for (const auto& row : table.rows) {
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

TEST(SnapshotTest, ReportsReconcileOnRandomHistories) {
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
    }
  }
}

// The order of revisions is that of event ids, though they may be known in any order.
TEST(SnapshotTest, RevisionsKnownOutOfOrder) {
  LeadOpened lead;
  lead.lead = LeadId{1};
  lead.stage = {1, Phase::kMarketing, StageKind::kOpen};
  Event voided = EventOf(Voided{EventId::Of(1, 1), "first"});
  Event restored = EventOf(Voided{EventId::Of(2, 0), "second, known before"});
  voided.entered_at = *ParseTime("2024-03-01");
  restored.entered_at = *ParseTime("2024-02-01");
  JournalStore store;
  store.Append(AccountId{1}, "2024-01-01",
               std::vector<Event>{EventOf(AccountOpened{AccountId{1}}), EventOf(lead)});
  store.Append(AccountId{1}, "2024-01-02", std::vector<Event>{voided});
  store.Append(AccountId{1}, "2024-01-03", std::vector<Event>{restored});
  const auto snapshot = *Snapshot::Take(store);
  for (const char* known_at : {"2024-01-15", "2024-02-15", "2024-03-15"}) {
    EXPECT_EQ(SeenByFacts(FactsOf(*snapshot), {kMaxTime, *ParseTime(known_at)}).size(), 1u)
        << known_at;
  }
}

TEST(NumberTextTest, ReadsAsPeopleWriteIt) {
  EXPECT_EQ(GroupedInteger(0), "0");
  EXPECT_EQ(GroupedInteger(999), "999");
  EXPECT_EQ(GroupedInteger(-1000), "-1,000");
  EXPECT_EQ(GroupedInteger(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(GroupedReal(1234567.891, 2), "1,234,567.89");
  EXPECT_EQ(GroupedReal(999.5, 0), "1,000");
  EXPECT_EQ(Percent(1, 3), "33.3%");
  EXPECT_EQ(Counted(1, "lead", "leads"), "1 lead");
  EXPECT_EQ(Counted(0, "lead", "leads"), "0 leads");
}

}  // namespace
}  // namespace throughline
