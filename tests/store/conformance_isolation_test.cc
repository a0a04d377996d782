// Transactions beside one another: in one thread, in many, and from a second store object.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

using std::chrono::milliseconds;

class IsolationTest : public StoreTest {};
class SnapshotTest : public StoreTest {
 protected:
  void SetUp() override {
    if (!GetParam().snapshots) GTEST_SKIP() << "this store has one connection for all";
    StoreTest::SetUp();
  }
};
class SharingTest : public StoreTest {
 protected:
  void SetUp() override {
    if (!GetParam().shared) GTEST_SKIP() << "this store has no second handle";
    StoreTest::SetUp();
  }
};
class ThreadsTest : public StoreTest {};

INSTANTIATE_STORE_TEST(IsolationTest);
INSTANTIATE_STORE_TEST(SnapshotTest);
INSTANTIATE_STORE_TEST(SharingTest);
INSTANTIATE_STORE_TEST(ThreadsTest);

void PutAndCommit(Store& store, const Row& row) {
  auto writer = Write(store);
  PutRow(*writer, kItem, row);
  Commit(std::move(writer));
}

TEST_P(SnapshotTest, AReaderSeesItsBeginning) {
  PutAndCommit(*store_, Item(1));
  const auto before = Read(*store_);
  auto writer = Write(*store_);
  PutRow(*writer, kItem, Item(1, 5));
  PutRow(*writer, kItem, Item(2));
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  const auto during = Read(*store_);
  EXPECT_EQ(TableRows(*during, kItem), Rows{Item(1)});
  Commit(std::move(writer));
  const auto behind = Read(*store_);
  for (const auto* old : {&before, &during}) {
    EXPECT_EQ(TableRows(**old, kItem), Rows{Item(1)});
    EXPECT_EQ(GetRow(**old, kItem, {int64_t{1}}), Item(1));
    EXPECT_EQ((*old)->JournalTail()->seq, 0);
    EXPECT_TRUE(Seqs(**old).empty());
  }
  EXPECT_EQ(TableRows(*behind, kItem), (Rows{Item(1, 5), Item(2)}));
  EXPECT_EQ(Seqs(*behind), std::vector<int64_t>{1});
}

TEST_P(SnapshotTest, IsTakenAtTheBeginning) {
  const auto reader = Read(*store_);
  PutAndCommit(*store_, Item(1));
  EXPECT_TRUE(TableRows(*reader, kItem).empty());
}

TEST_P(IsolationTest, DeletingWithoutCommitRollsBack) {
  PutAndCommit(*store_, Item(1));
  auto writer = Write(*store_);
  PutRow(*writer, kItem, Item(1, 9));
  PutRow(*writer, kItem, Item(2));
  EraseRow(*writer, kItem, {int64_t{1}});
  EXPECT_OK(writer->EraseAll(kPair));
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  writer = nullptr;
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(1)});
  EXPECT_EQ(*store_->LastSeq(), 0);
  // Nothing of it is left in the next one.
  writer = Write(*store_);
  EXPECT_EQ(TableRows(*writer, kItem), Rows{Item(1)});
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  PutRow(*writer, kItem, Item(2, 2));
  Commit(std::move(writer));
  EXPECT_EQ(TableRows(*Read(*store_), kItem), (Rows{Item(1), Item(2, 2)}));
}

TEST_P(IsolationTest, AnEmptyTransactionMayCommit) {
  Commit(Write(*store_));
  Commit(Write(*store_));
  EXPECT_EQ(*store_->LastSeq(), 0);
}

TEST_P(IsolationTest, ASecondWriterWaits) {
  auto first = Write(*store_);
  std::atomic<bool> began = false;
  std::future<void> second = std::async(std::launch::async, [&] {
    auto writer = Write(*store_);
    began = true;
    EXPECT_EQ(GetRow(*writer, kItem, {int64_t{1}}), Item(1));
    PutRow(*writer, kItem, Item(2));
    Commit(std::move(writer));
  });
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_FALSE(began);
  PutRow(*first, kItem, Item(1));
  Commit(std::move(first));
  second.get();
  EXPECT_EQ(TableRows(*Read(*store_), kItem), (Rows{Item(1), Item(2)}));
}

TEST_P(IsolationTest, ARolledBackWriterLetsTheNextBegin) {
  auto first = Write(*store_);
  std::future<void> second =
      std::async(std::launch::async, [&] { PutAndCommit(*store_, Item(2)); });
  first = nullptr;
  second.get();
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(2)});
}

TEST_P(IsolationTest, ATransactionMayMoveToAnotherThread) {
  auto writer = Write(*store_);
  std::thread([moved = std::move(writer)]() mutable {
    PutRow(*moved, kItem, Item(1));
    Commit(std::move(moved));
  }).join();
  auto reader = Read(*store_);
  std::thread([moved = std::move(reader)] {
    EXPECT_EQ(TableRows(*moved, kItem), Rows{Item(1)});
  }).join();
  PutAndCommit(*store_, Item(2));
}

TEST_P(SnapshotTest, ManyReadersAtOnce) {
  std::vector<std::unique_ptr<ReadTransaction>> readers;
  for (int64_t id = 1; id <= 30; ++id) {
    PutAndCommit(*store_, Item(id));
    readers.push_back(Read(*store_));
  }
  for (size_t i = 0; i < readers.size(); ++i) {
    EXPECT_EQ(TableRows(*readers[i], kItem).size(), i + 1);
  }
}

TEST_P(IsolationTest, OnlyOthersCountAsOthers) {
  EXPECT_TRUE(Write(*store_)->ChangedByOthers());
  EXPECT_FALSE(Write(*store_)->ChangedByOthers());
  PutAndCommit(*store_, Item(1));
  auto writer = Write(*store_);
  EXPECT_FALSE(writer->ChangedByOthers());
  PutRow(*writer, kItem, Item(2));
  EXPECT_FALSE(writer->ChangedByOthers());
  writer = nullptr;
  EXPECT_FALSE(Write(*store_)->ChangedByOthers());
}

TEST_P(SharingTest, AnotherStoreSeesWhatIsCommitted) {
  const std::unique_ptr<Store> other = OpenAnother();
  PutAndCommit(*store_, Item(1));
  EXPECT_EQ(TableRows(*Read(*other), kItem), Rows{Item(1)});
  const auto reader = GetParam().snapshots ? Read(*other) : nullptr;
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  EXPECT_EQ(*other->LastSeq(), 0);
  Commit(std::move(writer));
  EXPECT_EQ(*other->LastSeq(), 1);
  if (reader != nullptr) {
    EXPECT_EQ(reader->JournalTail()->seq, 0);
  }
}

TEST_P(SharingTest, ChangesByAnotherStoreAreNoticed) {
  const std::unique_ptr<Store> other = OpenAnother();
  EXPECT_TRUE(Write(*store_)->ChangedByOthers());
  EXPECT_TRUE(Write(*other)->ChangedByOthers());
  PutAndCommit(*other, Item(1));
  EXPECT_TRUE(Write(*store_)->ChangedByOthers());
  EXPECT_FALSE(Write(*store_)->ChangedByOthers());
  EXPECT_FALSE(Write(*other)->ChangedByOthers());
  // A reader of this store in between hides nothing.
  PutAndCommit(*other, Item(2));
  EXPECT_EQ(TableRows(*Read(*store_), kItem).size(), 2u);
  EXPECT_TRUE(Write(*store_)->ChangedByOthers());
}

TEST_P(SharingTest, AWriterOfAnotherStoreIsWaitedFor) {
  const std::unique_ptr<Store> other = OpenAnother();
  auto first = Write(*store_);
  std::future<void> second = std::async(std::launch::async, [&] { PutAndCommit(*other, Item(2)); });
  std::this_thread::sleep_for(milliseconds(20));
  PutRow(*first, kItem, Item(1));
  Commit(std::move(first));
  second.get();
  EXPECT_EQ(TableRows(*Read(*store_), kItem), (Rows{Item(1), Item(2)}));
}

TEST_P(SharingTest, DataOutlivesTheStore) {
  PutAndCommit(*store_, Item(1));
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(1, 1, 1, "events")));
  Commit(std::move(writer));
  store_ = nullptr;
  store_ = OpenAnother();
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(1)});
  EXPECT_EQ(*store_->LastSeq(), 1);
  EXPECT_TRUE(Write(*store_)->ChangedByOthers());
}

TEST_P(SharingTest, ALedgerMayBeCreatedByManyAtOnce) {
  TemporaryFolder folder;
  std::vector<std::future<absl::Status>> opened;
  for (int i = 0; i < 8; ++i) {
    opened.push_back(std::async(std::launch::async, [&] {
      const std::unique_ptr<Store> store = GetParam().make(folder.path());
      absl::Status status = store->Open(TestSchema(), true);
      if (status.ok()) PutAndCommit(*store, Item(1));
      return status;
    }));
  }
  for (std::future<absl::Status>& status : opened) EXPECT_OK(status.get());
}

TEST_P(SharingTest, AnotherVersionOfTheSchemaIsRefused) {
  store_ = nullptr;
  for (const int version : {2, 1}) {
    TemporaryFolder folder;
    std::unique_ptr<Store> store = GetParam().make(folder.path());
    ASSERT_OK(store->Open(TestSchema(version), true));
    store = GetParam().make(folder.path());
    EXPECT_TRUE(absl::IsFailedPrecondition(store->Open(TestSchema(3 - version), true)));
    ASSERT_OK(store->Open(TestSchema(version), false));
  }
}

// Moves amounts between two accounts: their sum, and the journal's version, must always agree.
TEST_P(ThreadsTest, ReadersAndWritersKeepTheInvariant) {
  constexpr int64_t kCommits = 60;
  constexpr int64_t kTotal = 1000;
  {
    auto writer = Write(*store_);
    PutRow(*writer, kItem, Item(1, kTotal));
    PutRow(*writer, kItem, Item(2, 0));
    Commit(std::move(writer));
  }
  const auto account = [](const Row& row) { return std::get<int64_t>(row[kAccount]); };
  const auto write = [&] {
    for (int64_t i = 0; i < kCommits; ++i) {
      auto writer = Write(*store_);
      const int64_t seq = writer->JournalTail()->seq + 1;
      const int64_t first = account(GetRow(*writer, kItem, {int64_t{1}}));
      const int64_t second = account(GetRow(*writer, kItem, {int64_t{2}}));
      PutRow(*writer, kItem, Item(1, first - 1));
      if (i % 8 == 7) continue;  // half done, and thrown away
      PutRow(*writer, kItem, Item(2, second + 1));
      EXPECT_OK(writer->Append(Entry(seq, 1, seq)));
      Commit(std::move(writer));
    }
  };
  std::atomic<bool> done = false;
  const auto read = [&] {
    int64_t newest = 0;
    do {
      const auto reader = Read(*store_);
      const int64_t seq = reader->JournalTail()->seq;
      const Rows rows = TableRows(*reader, kItem);
      EXPECT_EQ(account(rows[0]) + account(rows[1]), kTotal);
      EXPECT_EQ(account(rows[1]), seq);
      EXPECT_EQ(Seqs(*reader).size(), static_cast<size_t>(seq));
      EXPECT_GE(seq, newest);
      EXPECT_GE(*store_->LastSeq(), seq);
      newest = seq;
    } while (!done);
  };
  std::vector<std::thread> writers;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back(write);
    readers.emplace_back(read);
  }
  for (std::thread& thread : writers) thread.join();
  done = true;
  for (std::thread& thread : readers) thread.join();
  EXPECT_EQ(*store_->LastSeq(), 4 * (kCommits - kCommits / 8));
}

}  // namespace
}  // namespace throughline::conformance
