#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/ledger_impl.h"
#include "ledger/store_wrappers.h"

namespace throughline {
namespace {

constexpr int kThreads = 8;

class ThreadsTest : public LedgerTest {
 protected:
  // Opens a lead from each of kThreads + 1 threads. All but the first start when its commit has
  // `begun`: else a second one could slip into its group.
  void OpenLeadsBehindTheFirst(AccountId account, const std::atomic<bool>& begun) {
    const auto open = [&] { EXPECT_TRUE(ledger_->Execute(LeadOpen{.account = account}, {}).ok()); };
    std::vector<std::thread> threads;
    threads.emplace_back(open);
    while (!begun) std::this_thread::yield();
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(open);
    for (std::thread& thread : threads) thread.join();
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, ThreadsTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

// Versions 1, 2, 3 ... per account, seqs and times that increase.
void ExpectGapless(Ledger& ledger) {
  std::map<AccountId, int64_t> versions;
  CommitHead last;
  const auto count = static_cast<size_t>(*ledger.store().LastSeq());
  const std::vector<Commit> commits = *ledger.ReadCommits(0, std::min<size_t>(count + 1, 10'000));
  for (const Commit& commit : commits) {
    EXPECT_EQ(commit.head.version, ++versions[commit.head.account]);
    EXPECT_GT(commit.head.seq, last.seq);
    EXPECT_GT(commit.head.recorded_at, last.recorded_at);
    last = commit.head;
  }
}

TEST_P(ThreadsTest, EightThreadsWriteAndRead) {
  constexpr int kRounds = 40;
  const AccountId shared = OpenAccount("Shared");
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const AccountId own{ledger_->Execute(AccountOpen{.name = "Own"}, {})->id};
      for (int i = 0; i < kRounds; ++i) {
        const AccountId account = i % 2 == 0 ? own : shared;
        const absl::StatusOr<Receipt> receipt = ledger_->Execute(
            LeadOpen{.account = account}, RequestId(std::to_string(t) + ":" + std::to_string(i)));
        ASSERT_TRUE(receipt.ok()) << receipt.status();
        ++accepted;
        // What was answered can be read at once, by anybody.
        const absl::StatusOr<LeadRow> lead = ledger_->GetLead(LeadId{receipt->id});
        ASSERT_TRUE(lead.ok()) << lead.status();
        EXPECT_EQ(lead->account, account);
        EXPECT_GE(ledger_->GetAccount(account)->version, receipt->version);
        EXPECT_GE(*ledger_->store().LastSeq(), receipt->seq);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, kThreads * kRounds);
  EXPECT_EQ(ledger_->GetAccount(shared)->version, 1 + kThreads * kRounds / 2);
  ExpectGapless(*ledger_);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(ThreadsTest, OneRequestByAllThreadsIsDoneOnce) {
  const AccountId account = OpenAccount("Acme");
  std::vector<absl::StatusOr<Receipt>> receipts(kThreads, absl::UnknownError(""));
  std::latch together(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      together.arrive_and_wait();
      receipts[t] = ledger_->Execute(LeadOpen{.account = account}, RequestId("once"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  int first = 0;
  for (const absl::StatusOr<Receipt>& receipt : receipts) {
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    EXPECT_EQ(receipt->id, 1);
    first += !receipt->repeated;
  }
  EXPECT_EQ(first, 1);
  EXPECT_EQ(LastSeq(), 3);
}

TEST_P(ThreadsTest, OneOfManyWritersWinsAVersion) {
  const AccountId account = OpenAccount("Acme");
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Context context;
      context.expected_version = 1;
      const absl::Status status = ledger_->Execute(LeadOpen{.account = account}, context).status();
      won += status.ok();
      lost += absl::IsAborted(status) && DetailOf(status).version == 2;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, kThreads - 1);
}

// While one commit is under way all others queue: they share the next one.
TEST_P(ThreadsTest, CallersShareACommit) {
  Faults faults;
  LedgerOptions options = Options();
  options.group_wait_us = 0;
  ledger_ = Create(std::make_unique<FaultyStore>(NewStore("grouped.db"), faults), options);
  const AccountId account = OpenAccount("Acme");
  auto& impl = **LedgerImpl::From(*ledger_);
  std::atomic<bool> begun = false;
  faults.on_commit = [&] {
    if (begun.exchange(true)) return;
    while (impl.writer().queued() < kThreads) std::this_thread::yield();
  };
  const int64_t before = faults.commits;
  OpenLeadsBehindTheFirst(account, begun);
  EXPECT_EQ(faults.commits - before, 2);
  EXPECT_EQ(ledger_->GetAccount(account)->version, 1 + kThreads + 1);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

// The store fails while a group is written: each of its commands is tried alone, and all get
// through.
TEST_P(ThreadsTest, GroupThatFailsIsRetriedOneByOne) {
  Faults faults;
  LedgerOptions options = Options();
  options.group_wait_us = 0;
  ledger_ = Create(std::make_unique<FaultyStore>(NewStore("failing.db"), faults), options);
  const AccountId account = OpenAccount("Acme");
  auto& impl = **LedgerImpl::From(*ledger_);
  std::atomic<bool> begun = false;
  int commit = 0;
  faults.on_commit = [&] {
    if (++commit == 1) {
      begun = true;
      while (impl.writer().queued() < kThreads) std::this_thread::yield();
    } else if (commit == 2) {
      faults.FailAfter(0);  // this commit: of the group of eight
    }
  };
  OpenLeadsBehindTheFirst(account, begun);
  EXPECT_EQ(commit, 2 + kThreads);
  EXPECT_EQ(ledger_->GetAccount(account)->version, 1 + kThreads + 1);
  ExpectGapless(*ledger_);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

}  // namespace
}  // namespace throughline
