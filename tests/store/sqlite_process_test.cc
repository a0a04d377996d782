// SQLite stores of several processes over one file, and of processes that are killed.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "store/child_process.h"
#include "store/conformance.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

using conformance::Commit;
using conformance::Entry;
using conformance::GetRow;
using conformance::Item;
using conformance::kAccount;
using conformance::kItem;
using conformance::PutRow;
using conformance::Read;
using conformance::Row;
using conformance::Seqs;
using conformance::TestSchema;
using conformance::Write;

class SqliteProcessTest : public testing::TestWithParam<SqliteOptions::Synchronous> {
 protected:
  std::unique_ptr<Store> Open(bool create = true) const {
    SqliteOptions options;
    options.path = folder_.path() + "/ledger";
    options.synchronous = GetParam();
    options.busy_timeout_ms = 60'000;
    std::unique_ptr<Store> store = *NewSqliteStore(options);
    const absl::Status status = store->Open(TestSchema(), create);
    EXPECT_OK(status) << status.message();
    return store;
  }

  // Appends the next commit, and counts it in row 1 and in a row of its own.
  static int64_t CommitOne(Store& store, const std::string& events) {
    auto writer = Write(store);
    const int64_t seq = writer->JournalTail()->seq + 1;
    const Row row = GetRow(*writer, kItem, {int64_t{1}});
    const int64_t count = row.empty() ? 0 : std::get<int64_t>(row[kAccount]);
    PutRow(*writer, kItem, Item(1, count + 1));
    PutRow(*writer, kItem, Item(seq + 1, seq));
    EXPECT_OK(writer->Append(Entry(seq, 1, seq, events)));
    Commit(std::move(writer));
    return seq;
  }

  // The rows are what the journal's commits make of them. Returns how many there are.
  static int64_t ExpectWhole(Store& store) {
    const auto reader = Read(store);
    const std::vector<int64_t> seqs = Seqs(*reader);
    for (size_t i = 0; i < seqs.size(); ++i) EXPECT_EQ(seqs[i], static_cast<int64_t>(i) + 1);
    for (const int64_t seq : seqs) EXPECT_EQ(GetRow(*reader, kItem, {seq + 1}), Item(seq + 1, seq));
    const auto count = static_cast<int64_t>(seqs.size());
    EXPECT_EQ(GetRow(*reader, kItem, {int64_t{1}}), seqs.empty() ? Row() : Item(1, count));
    EXPECT_EQ(conformance::TableRows(*reader, kItem).size(), seqs.empty() ? 0 : seqs.size() + 1);
    return count;
  }

  conformance::TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Store, SqliteProcessTest,
                         testing::Values(SqliteOptions::kFull, SqliteOptions::kNormal),
                         [](const auto& suite) {
                           return suite.param == SqliteOptions::kFull ? "Full" : "Normal";
                         });

TEST_P(SqliteProcessTest, TwoProcessesWriteOneFile) {
  constexpr int kCommits = 150;
  const auto work = [this](Channel& channel) {
    const std::unique_ptr<Store> store = Open();
    int64_t last = 0;
    for (int i = 0; i < kCommits; ++i) {
      bool changed = false;
      {
        auto writer = Write(*store);
        changed = writer->ChangedByOthers();
        // Whoever is not told of changes sees his own last commit as the newest.
        EXPECT_TRUE(changed || writer->JournalTail()->seq == last);
      }
      last = CommitOne(*store, "events");
    }
    channel.Send(last);
  };
  ChildProcess first(work);
  ChildProcess second(work);
  EXPECT_TRUE(first.EndedWell());
  EXPECT_TRUE(second.EndedWell());
  EXPECT_EQ(ExpectWhole(*Open(false)), 2 * kCommits);
}

TEST_P(SqliteProcessTest, ChangesByAnotherProcessAreNoticed) {
  ChildProcess other([this](Channel& channel) {
    channel.Wait();
    const std::unique_ptr<Store> store = Open(false);
    for (;;) {
      CommitOne(*store, "other");
      channel.Send(1);
      int64_t again = 0;
      if (!channel.Receive(again) || again == 0) return;
    }
  });
  const std::unique_ptr<Store> store = Open();
  CommitOne(*store, "ours");
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
  for (int i = 0; i < 3; ++i) {
    other.channel().Send(1);
    other.channel().Wait();
    EXPECT_TRUE(Write(*store)->ChangedByOthers());
    EXPECT_FALSE(Write(*store)->ChangedByOthers());
    CommitOne(*store, "ours");
    EXPECT_FALSE(Write(*store)->ChangedByOthers());
  }
  other.channel().Send(0);
  EXPECT_TRUE(other.EndedWell());
  EXPECT_EQ(ExpectWhole(*store), 7);
}

TEST_P(SqliteProcessTest, AcknowledgedCommitsOutliveAKill) {
  std::minstd_rand random(1);
  int64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    ChildProcess child([this](Channel& channel) {
      const std::unique_ptr<Store> store = Open();
      for (;;) channel.Send(CommitOne(*store, std::string(20'000, 'e')));
    });
    // Round by round more, so that some kills fall into a checkpoint.
    for (int i = 0; i < 20 + round * 60; ++i) ASSERT_TRUE(child.channel().Receive(acknowledged));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    child.Kill();
    while (child.channel().Receive(acknowledged)) continue;
    EXPECT_LE(std::filesystem::file_size(folder_.path() + "/ledger-wal"), 16u << 20);
    const int64_t found = ExpectWhole(*Open(false));
    EXPECT_GE(found, acknowledged);
    EXPECT_LE(found, acknowledged + 1);
  }
}

TEST_P(SqliteProcessTest, AKillDuringCreationLeavesNothingInTheWay) {
  for (int round = 0; round < 60; ++round) {
    ChildProcess child([this](Channel& channel) {
      channel.Send(1);
      Open();
    });
    child.channel().Wait();
    std::this_thread::sleep_for(std::chrono::microseconds(100 * round));
    child.Kill();
    {
      const std::unique_ptr<Store> store = Open(true);
      EXPECT_EQ(CommitOne(*store, "first"), 1);
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::filesystem::remove(file.path());
    }
  }
}

}  // namespace
}  // namespace throughline
