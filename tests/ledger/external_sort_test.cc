#include "ledger/import/external_sort.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Record = std::pair<SortKey, std::string>;

class ExternalSortTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/external_sort_test_XXXXXX";
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Adds, finishes and reads, and checks what must always hold.
  std::vector<Record> Sorted(const std::vector<Record>& records, size_t memory_bytes) {
    ExternalSort sort({.directory = directory_, .memory_bytes = memory_bytes});
    uint64_t added = 0;
    for (const auto& [key, payload] : records) {
      const absl::Status status = sort.Add(key, payload);
      if (!status.ok()) {
        ADD_FAILURE() << status;
        return {};
      }
      added += sizeof(SortKey) + payload.size();
    }
    EXPECT_TRUE(std::filesystem::is_empty(directory_)) << "the files have no names";
    EXPECT_TRUE(sort.Finish().ok());
    std::vector<Record> sorted = Drain(sort);
    EXPECT_EQ(sort.records(), records.size());
    EXPECT_LE(sort.disk_bytes_peak(), 2 * added);
    EXPECT_TRUE(added <= std::max<size_t>(memory_bytes, 4096) || sort.disk_bytes_peak() > 0);
    return sorted;
  }

  static std::vector<Record> Drain(ExternalSort& sort) {
    std::vector<Record> records;
    SortKey key;
    std::string_view payload;
    absl::StatusOr<bool> more = sort.Next(&key, &payload);
    for (; more.ok() && *more; more = sort.Next(&key, &payload)) records.emplace_back(key, payload);
    EXPECT_TRUE(more.ok()) << more.status();
    EXPECT_EQ(sort.Next(&key, &payload), more) << "the end stays the end";
    return records;
  }

  static std::vector<Record> Expected(std::vector<Record> records) {
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.first < b.first; });
    return records;
  }

  std::string directory_;
};

std::vector<Record> RandomRecords(std::mt19937_64& random, size_t count, size_t payload_bytes_max) {
  std::vector<Record> records(count);
  for (size_t i = 0; i < count; ++i) {
    auto& [key, payload] = records[i];
    key = {random() % 50, static_cast<int64_t>(random() % 20) - 10, random() % 4};
    payload = std::to_string(i);
    payload.resize(std::max<size_t>(payload.size(), random() % (payload_bytes_max + 1)), 'x');
    if (random() % 20 == 0) payload.clear();
  }
  return records;
}

TEST_F(ExternalSortTest, NothingGivesNothing) { EXPECT_THAT(Sorted({}, 4096), IsEmpty()); }

TEST_F(ExternalSortTest, OneRecordComesBack) {
  const Record record{{7, -5, 3}, std::string("a\0b", 3)};
  EXPECT_THAT(Sorted({record}, 4096), ElementsAre(record));
  EXPECT_THAT(Sorted({{{}, ""}}, 4096), ElementsAre(Record{{}, ""}));
}

TEST_F(ExternalSortTest, OrdersByGroupThenTimeThenLine) {
  const std::vector<Record> expected = {{{1, -9, 5}, "a"},
                                        {{1, 0, 4}, "b"},
                                        {{1, 0, 6}, "c"},
                                        {{2, -1, 1}, "d"},
                                        {{UINT64_MAX, INT64_MIN, 0}, "e"},
                                        {{UINT64_MAX, INT64_MAX, 0}, "f"}};
  std::vector<Record> shuffled = expected;
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_EQ(Sorted(shuffled, size_t{1} << 20), expected);
}

TEST_F(ExternalSortTest, MemoryThatSufficesTouchesNoDisk) {
  std::mt19937_64 random(1);
  const std::vector<Record> records = RandomRecords(random, 1000, 100);
  ExternalSort sort({.directory = "/nowhere"});
  for (const auto& [key, payload] : records) ASSERT_TRUE(sort.Add(key, payload).ok());
  ASSERT_TRUE(sort.Finish().ok());
  EXPECT_EQ(Drain(sort), Expected(records));
  EXPECT_EQ(sort.disk_bytes_peak(), 0u);
}

TEST_F(ExternalSortTest, LittleMemoryMergesInSeveralPasses) {
  std::mt19937_64 random(2);
  const std::vector<Record> records = RandomRecords(random, 10'000, 60);
  const std::vector<Record> expected = Expected(records);
  for (const size_t memory_bytes : {0, 4096, 5000, 10'000, 100'000, 500'000}) {
    EXPECT_EQ(Sorted(records, memory_bytes), expected) << memory_bytes;
  }
}

TEST_F(ExternalSortTest, EqualKeysKeepTheOrderOfTheirAdding) {
  std::vector<Record> records(3000, Record{{1, 1, 1}, ""});
  for (size_t i = 0; i < records.size(); i += 2) records[i].second = std::to_string(i);
  EXPECT_EQ(Sorted(records, 4096), records);
  EXPECT_EQ(Sorted(records, size_t{1} << 20), records);
}

TEST_F(ExternalSortTest, OrderedInputStaysAndReversedTurns) {
  std::vector<Record> records;
  for (uint64_t i = 0; i < 5000; ++i) records.push_back({{i / 10, 0, i}, std::to_string(i)});
  const std::vector<Record> expected = records;
  EXPECT_EQ(Sorted(records, 8192), expected);
  std::reverse(records.begin(), records.end());
  EXPECT_EQ(Sorted(records, 8192), expected);
}

TEST_F(ExternalSortTest, RecordsMayExceedTheMemory) {
  std::vector<Record> records;
  for (uint64_t i = 0; i < 40; ++i) {
    const size_t bytes = i % 8 == 3 ? (size_t{5} << 20) + i : i;
    records.push_back({{i % 5, 0, i}, std::string(bytes, static_cast<char>('a' + i % 26))});
  }
  EXPECT_EQ(Sorted(records, 4096), Expected(records));
  EXPECT_EQ(Sorted(records, size_t{1} << 20), Expected(records));
}

TEST_F(ExternalSortTest, AgreesWithStableSort) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 30; ++round) {
    const std::vector<Record> records = RandomRecords(random, random() % 3000, random() % 2000);
    ASSERT_EQ(Sorted(records, 4096 + random() % 300'000), Expected(records)) << round;
  }
}

TEST_F(ExternalSortTest, LeavesNoFileOpen) {
  const auto open_files = [] {
    const auto files = std::filesystem::directory_iterator("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  if (!std::filesystem::exists("/proc/self/fd")) GTEST_SKIP() << "no /proc";
  const auto before = open_files();
  std::mt19937_64 random(3);
  Sorted(RandomRecords(random, 3000, 100), 4096);
  EXPECT_EQ(open_files(), before);
}

TEST_F(ExternalSortTest, SaysWhereAFileCannotBeCreated) {
  for (const std::string& directory : {directory_ + "/missing", std::string("/dev/null")}) {
    ExternalSort sort({.directory = directory, .memory_bytes = 4096});
    absl::Status status;
    for (int i = 0; i < 1000 && status.ok(); ++i) status = sort.Add({}, "payload");
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(status.message(), HasSubstr(directory));
    EXPECT_EQ(sort.Add({}, "x"), status);
    EXPECT_EQ(sort.Finish(), status);
  }
}

// A limit on the size of files stands for a full disk.
TEST_F(ExternalSortTest, SaysThatTheDiskIsFull) {
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t file_bytes : {100, 10'000}) {
    const rlimit tight{file_bytes, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
    ExternalSort sort({.directory = directory_, .memory_bytes = 4096});
    absl::Status status;
    for (int i = 0; i < 10'000 && status.ok(); ++i) status = sort.Add({}, "payload");
    if (status.ok()) status = sort.Finish();
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_FALSE(status.ok()) << file_bytes;
    EXPECT_THAT(status.message(), HasSubstr(directory_));
    EXPECT_THAT(status.message(), HasSubstr("File too large"));
    SortKey key;
    std::string_view payload;
    EXPECT_EQ(sort.Next(&key, &payload).status(), status);
  }
  signal(SIGXFSZ, handler);
}

TEST_F(ExternalSortTest, KeepsTheOrderOfItsCalls) {
  SortKey key;
  std::string_view payload;
  ExternalSort early({.directory = directory_});
  EXPECT_EQ(early.Next(&key, &payload).status().code(), absl::StatusCode::kFailedPrecondition);
  ExternalSort late({.directory = directory_});
  ASSERT_TRUE(late.Finish().ok());
  EXPECT_EQ(late.Add({}, "").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace throughline
