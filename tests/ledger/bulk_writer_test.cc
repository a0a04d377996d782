#include "ledger/bulk_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/store_wrappers.h"

namespace throughline {
namespace {

class BulkWriterTest : public LedgerTest {
 protected:
  BulkWriterTest() { bulk_ = *BulkWriter::Begin(*ledger_); }

  absl::StatusOr<Receipt> Apply(Command command, Context context = {}) {
    context.mode = Mode::kObserve;
    return bulk_->Apply(command, context);
  }

  static Context Fact(uint64_t key) {
    Context context;
    context.fact = key;
    return context;
  }

  // Some facts of one account, with keys from `first` on; how many were added.
  int ApplyAccount(const std::string& name, uint64_t first) {
    const AccountRef account("crm", name);
    const std::vector<Command> commands = {
        AccountOpen{.name = name, .external_ids = {account.external}},
        ContactAdd{.account = account, .name = "Ann", .external_ids = {{"crm", "C" + name}}},
        TouchRecord{.contact = ContactRef("crm", "C" + name), .channel = "web", .kind = "form"},
        LeadOpen{.contact = ContactRef("crm", "C" + name), .external_ids = {{"crm", "L" + name}}},
        LeadMove{.lead = LeadRef("crm", "L" + name), .stage = "mql"},
        NoteAdd{.lead = LeadRef("crm", "L" + name), .text = "note"}};
    int added = 0;
    for (size_t i = 0; i < commands.size(); ++i) {
      const absl::StatusOr<Receipt> receipt = Apply(commands[i], Fact(first + i));
      EXPECT_TRUE(receipt.ok()) << receipt.status();
      added += receipt.ok() && !receipt->repeated;
    }
    return added;
  }

  std::unique_ptr<BulkWriter> bulk_;
};

INSTANTIATE_TEST_SUITE_P(Stores, BulkWriterTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

// Facts are sorted: none is before another.
TEST_P(BulkWriterTest, NothingIsOpenedBeforeAFact) {
  EXPECT_EQ(ApplyAccount("A", 100), 6);
  const absl::Status status =
      Apply(LeadMove{.lead = LeadRef::OpenedBefore(), .stage = "mql"}, Fact(7)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).field, "lead");
}

TEST_P(BulkWriterTest, OneCommitPerAccount) {
  EXPECT_EQ(ApplyAccount("A", 100), 6);
  EXPECT_EQ(ApplyAccount("B", 200), 6);
  EXPECT_EQ(LastSeq(), 1) << "nothing is visible yet";
  ASSERT_TRUE(bulk_->Commit().ok());
  const std::vector<Commit> commits = *ledger_->ReadCommits(1, 10);
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[0].events.size(), 6u);
  EXPECT_EQ(ledger_->GetLead(LeadRef("crm", "LB"))->stage, 3);
  EXPECT_EQ(ledger_->GetLead(LeadRef("crm", "LB"))->lineage.latest.channel, "web");
  EXPECT_EQ(bulk_->progress().commits, 2);
  EXPECT_EQ(bulk_->progress().events, 12);
  EXPECT_EQ(bulk_->progress().uncommitted_events, 0);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, KnownFactsAddNothing) {
  ApplyAccount("A", 100);
  EXPECT_EQ(ApplyAccount("A", 100), 0) << "pending ones are known";
  ASSERT_TRUE(bulk_->EndCommit().ok());
  EXPECT_EQ(ApplyAccount("A", 100), 0) << "appended ones are known";
  ASSERT_TRUE(bulk_->Commit().ok());
  const int64_t seq = LastSeq();
  bulk_ = *BulkWriter::Begin(*ledger_);
  EXPECT_EQ(ApplyAccount("A", 100), 0) << "committed ones are known";
  EXPECT_TRUE(Apply(LeadMove{.lead = LeadRef("crm", "LA"), .stage = "sql"}, Fact(1)).ok());
  ASSERT_TRUE(bulk_->Commit().ok());
  EXPECT_EQ(LastSeq(), seq + 1);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, RefusedFactsAreLeftOut) {
  EXPECT_TRUE(IsRefusal(Apply(LeadMove{.lead = LeadRef("crm", "none"), .stage = "mql"}).status()));
  ApplyAccount("A", 100);
  EXPECT_TRUE(
      IsRefusal(Apply(AccountOpen{.name = "Twin", .external_ids = {{"crm", "A"}}}).status()));
  EXPECT_TRUE(IsRefusal(Apply(LeadMove{.lead = LeadRef("crm", "LA"), .stage = "none"}).status()));
  EXPECT_TRUE(IsRefusal(Apply(NoteAdd{}).status()));
  ApplyAccount("B", 200);
  ASSERT_TRUE(bulk_->Commit().ok());
  EXPECT_EQ(LastSeq(), 3);
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "B"))->account, AccountId{2});
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, ACommitHasEventsOfSeveralActors) {
  Must(OwnerDefine{.name = "Ann"});
  Must(OwnerDefine{.name = "Bob"});
  const AccountId account = OpenAccount("Acme");
  const int64_t before = LastSeq();
  for (const int64_t actor : {0, 1, 1, 2}) {
    Context context;
    context.actor = OwnerRef(OwnerId{actor});
    ASSERT_TRUE(Apply(NoteAdd{.account = account, .text = "n"}, context).ok());
  }
  ASSERT_TRUE(bulk_->Commit().ok());
  const std::vector<Commit> commits = *ledger_->ReadCommits(before, 10);
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_EQ(commits[0].head.actor, OwnerId{});
  std::vector<int64_t> actors;
  for (const Event& event : commits[0].events) actors.push_back(event.actor.value);
  EXPECT_EQ(actors, (std::vector<int64_t>{0, 1, 1, 2}));
  actors.clear();
  const TimelinePage timeline = *ledger_->Timeline(AccountRef(account), {});
  for (const TimelineEntry& entry : timeline.items) {
    if (std::holds_alternative<NoteAdded>(entry.event.payload)) {
      actors.push_back(entry.actor.value);
    }
  }
  std::sort(actors.begin(), actors.end());
  EXPECT_EQ(actors, (std::vector<int64_t>{0, 1, 1, 2}));
}

TEST_P(BulkWriterTest, LargeCommitsAreDivided) {
  const AccountId account = OpenAccount("Acme");
  const std::string text(60'000, 'x');
  for (size_t i = 0; i * text.size() < 2 * BulkWriter::kMaxCommitBytes; ++i) {
    ASSERT_TRUE(Apply(NoteAdd{.account = account, .text = text}).ok());
  }
  ASSERT_TRUE(bulk_->Commit().ok());
  EXPECT_GE(bulk_->progress().commits, 2);
  EXPECT_EQ(*ledger_->NoteText(NoteId{1}), text);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, WhatIsNotCommittedIsGone) {
  ApplyAccount("A", 100);
  ASSERT_TRUE(bulk_->EndCommit().ok());
  ApplyAccount("B", 200);
  bulk_.reset();
  EXPECT_EQ(LastSeq(), 1);
  EXPECT_EQ(OpenAccount("First"), AccountId{1});
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, OthersWriteBetweenItsTransactions) {
  ApplyAccount("A", 100);
  ASSERT_TRUE(bulk_->Commit().ok());
  ASSERT_TRUE(bulk_->Commit().ok()) << "nothing to do";
  Must(LeadMove{.lead = LeadRef("crm", "LA"), .stage = "sql"});
  EXPECT_EQ(ApplyAccount("B", 200), 6);
  ASSERT_TRUE(bulk_->Commit().ok());
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, StoreFailureEndsIt) {
  Faults faults;
  ledger_ = Create(std::make_unique<FaultyStore>(NewStore("faulty.db"), faults));
  for (int64_t n = 0;; ++n) {
    bulk_ = *BulkWriter::Begin(*ledger_);
    faults.FailAfter(n);
    absl::Status status = Apply(AccountOpen{.name = "Acme"}).status();
    if (status.ok()) status = bulk_->Commit();
    faults.next = Faults::kNever;
    if (status.ok()) break;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(Apply(AccountOpen{.name = "Acme"}).status(), status) << "done for";
    EXPECT_EQ(bulk_->Commit(), status);
    EXPECT_EQ(LastSeq(), 1);
  }
  EXPECT_EQ(LastSeq(), 2);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(BulkWriterTest, HomesAreFound) {
  ApplyAccount("A", 100);
  ApplyAccount("B", 200);
  ASSERT_TRUE(bulk_->Commit().ok());
  auto homes = *HomeFinder::Begin(*ledger_);
  EXPECT_EQ(*homes->Find(EntityKind::kAccount, {"crm", "B"}), AccountId{2});
  EXPECT_EQ(*homes->Find(EntityKind::kContact, {"crm", "CB"}), AccountId{2});
  EXPECT_EQ(*homes->Find(EntityKind::kLead, {"crm", "LA"}), AccountId{1});
  EXPECT_EQ(*homes->Find(EntityKind::kLead, {"crm", "none"}), kNoAccount);
  EXPECT_EQ(*homes->Find(EntityKind::kOpportunity, 1), kNoAccount);
}

}  // namespace
}  // namespace throughline
