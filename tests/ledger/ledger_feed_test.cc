#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "ledger/bulk_writer.h"
#include "ledger/ledger_fixture.h"
#include "ledger/ledger_impl.h"
#include "ledger/store_wrappers.h"

namespace throughline {
namespace {

constexpr int64_t kAnHour = int64_t{3600} * 1'000'000;

class FeedTest : public LedgerTest {};

INSTANTIATE_TEST_SUITE_P(Stores, FeedTest, testing::Values(StoreKind::kMemory, StoreKind::kSqlite),
                         NameOfStore);

TEST_P(FeedTest, WaitGivesAtOnceWhatIsThere) {
  EXPECT_EQ(*ledger_->WaitForCommits(0, kAnHour), 1);
  EXPECT_EQ(*ledger_->WaitForCommits(1, 0), 1);
  EXPECT_EQ(*ledger_->WaitForCommits(1, -5), 1);
  EXPECT_EQ(*ledger_->WaitForCommits(7, 0), 7);
}

TEST_P(FeedTest, WaitEndsWithTheNextCommit) {
  std::atomic<int64_t> seen = 0;
  std::thread waiting([&] { seen = *ledger_->WaitForCommits(1, kAnHour); });
  OpenAccount("Acme");
  waiting.join();
  EXPECT_EQ(seen, 2);
}

TEST_P(FeedTest, WaitNoticesCommitsOfOthers) {
  const std::shared_ptr<Store> shared = NewStore("shared.db");
  auto one = Create(std::make_unique<SharedStore>(shared));
  auto two = *LedgerImpl::Open(std::make_unique<SharedStore>(shared, /*is_open=*/true), Options());
  std::atomic<int64_t> seen = 0;
  std::thread waiting([&] { seen = *one->WaitForCommits(1, kAnHour); });
  ASSERT_TRUE(two->Execute(AccountOpen{.name = "Acme"}, {}).ok());
  waiting.join();
  EXPECT_EQ(seen, 2);
}

TEST_P(FeedTest, CallbacksComeBeforeTheReceipt) {
  std::vector<int64_t> seen;
  const int64_t number = ledger_->AddCommitCallback([&](int64_t seq) {
    EXPECT_EQ(*ledger_->store().LastSeq(), seq) << "visible to readers";
    seen.push_back(seq);
  });
  const AccountId account = OpenAccount("Acme");
  EXPECT_EQ(seen, std::vector<int64_t>{2});
  const std::vector<Request> requests = {{LeadOpen{.account = account}, {}},
                                         {LeadOpen{.account = account}, {}}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_EQ(seen, (std::vector<int64_t>{2, 4})) << "one call per transaction";
  EXPECT_EQ(Refused(LeadOpen{.account = AccountId{99}}).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(seen.size(), 2u) << "nothing was committed";
  ledger_->RemoveCommitCallback(number);
  OpenAccount("Other");
  EXPECT_EQ(seen.size(), 2u);
}

TEST_P(FeedTest, CallbacksMayRemoveThemselvesAndAddOthers) {
  int once = 0;
  int added = 0;
  int64_t number = 0;
  number = ledger_->AddCommitCallback([&](int64_t) {
    ++once;
    ledger_->RemoveCommitCallback(number);
    ledger_->AddCommitCallback([&](int64_t) { ++added; });
  });
  OpenAccount("One");
  OpenAccount("Two");
  EXPECT_EQ(once, 1);
  EXPECT_GE(added, 1);
}

TEST_P(FeedTest, ACallbackThatThrowsTakesNothingBack) {
  std::vector<int64_t> seen;
  ledger_->AddCommitCallback([](int64_t) { throw std::runtime_error("not today"); });
  ledger_->AddCommitCallback([&](int64_t seq) { seen.push_back(seq); });
  const AccountId account = OpenAccount("Acme");
  EXPECT_TRUE(ledger_->GetAccount(account).ok());
  EXPECT_EQ(seen, std::vector<int64_t>{LastSeq()});
}

TEST_P(FeedTest, BulkWriterTellsOfEachTransaction) {
  std::vector<int64_t> seen;
  ledger_->AddCommitCallback([&](int64_t seq) { seen.push_back(seq); });
  auto bulk = *BulkWriter::Begin(*ledger_);
  for (int i = 0; i < 3; ++i) {
    Command command = AccountOpen{.name = "Acme"};
    Context context;
    ASSERT_TRUE(bulk->Apply(command, context).ok());
  }
  ASSERT_TRUE(bulk->Commit().ok());
  EXPECT_EQ(seen, std::vector<int64_t>{4});
}

TEST_P(FeedTest, CallbacksAreAddedAndRemovedWhileOthersCommit) {
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(ledger_->Execute(AccountOpen{.name = "A"}, {}).ok());
    done = true;
  });
  std::atomic<int64_t> calls = 0;
  while (!done) {
    auto alive = std::make_unique<std::atomic<int64_t>>(0);
    const int64_t number = ledger_->AddCommitCallback([&, p = alive.get()](int64_t) {
      ++*p;
      ++calls;
    });
    std::this_thread::yield();
    ledger_->RemoveCommitCallback(number);
    alive.reset();  // nobody calls it any more
  }
  writer.join();
  EXPECT_EQ(LastSeq(), 51);
}

}  // namespace
}  // namespace throughline
