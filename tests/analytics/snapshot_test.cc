#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"
#include "analytics/snapshot/fact_snapshot.h"
#include "analytics/snapshot/states_as_of.h"
#include "throughline/error.h"

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
  store.Append(AccountId{1}, "2024-03-02", std::vector<Event>{voided});
  store.Append(AccountId{1}, "2024-03-03", std::vector<Event>{restored});
  const auto snapshot = *Snapshot::Take(store);
  for (const char* known_at : {"2024-01-15", "2024-02-15", "2024-03-15"}) {
    const AsOf as_of{kMaxTime, *ParseTime(known_at)};
    int64_t records = 0;
    FactsOf(*snapshot).layers.ForEachGroup([&](const Group& group) {
      for (const FactRecord& record : group.records()) {
        if (StateOf(group, record, as_of).exists) ++records;
      }
    });
    EXPECT_EQ(records, 1) << known_at;
  }
}

TEST(SnapshotTest, IsTakenUpToASeq) {
  JournalStore store;
  LeadOpened lead;
  for (int64_t id = 1; id <= 3; ++id) {
    lead.lead = LeadId{id};
    lead.stage = {1, Phase::kMarketing, StageKind::kOpen};
    store.Append(AccountId{id}, "2024-01-0" + std::to_string(id),
                 std::vector<Event>{EventOf(lead)});
  }
  const Table whole = *RunReport(**Snapshot::Take(store), "pipeline", {});
  EXPECT_EQ(Sum(whole, "count"), 3);
  for (int64_t seq = 0; seq <= 3; ++seq) {
    const auto snapshot = Snapshot::Take(store, seq);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ((*snapshot)->seq(), seq);
    const Table table = *RunReport(**snapshot, "pipeline", {.as_of = {.seq = seq}});
    EXPECT_EQ(Sum(table, "count"), seq);
    EXPECT_EQ(table.as_of.seq, seq);
    const absl::Status other = RunReport(**snapshot, "pipeline", {.as_of = {.seq = 4}}).status();
    EXPECT_EQ(DetailOf(other).field, "seq");
  }
  EXPECT_EQ(DetailOf(Snapshot::Take(store, 4).status()).field, "seq");
  EXPECT_EQ(DetailOf(Snapshot::Take(store, -1).status()).field, "seq");
}

// Clocks differ: what claims to be entered after its commit is known from its commit on.
TEST(SnapshotTest, NothingIsKnownAfterItsCommit) {
  JournalStore store;
  LeadOpened lead;
  lead.lead = LeadId{1};
  lead.stage = {1, Phase::kMarketing, StageKind::kOpen};
  Event ahead = EventOf(lead);
  ahead.occurred_at = *ParseTime("2024-01-01");
  ahead.entered_at = *ParseTime("2024-01-01T00:04:00Z");
  store.Append(AccountId{1}, "2024-01-01", std::vector<Event>{ahead});
  const auto snapshot = *Snapshot::Take(store);
  const Table table = *RunReport(*snapshot, "pipeline", {});
  EXPECT_EQ(Sum(table, "count"), 1);
  EXPECT_EQ(table.as_of.known_at, *ParseTime("2024-01-01"));
}

}  // namespace
}  // namespace throughline
