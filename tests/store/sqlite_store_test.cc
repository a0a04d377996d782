// What the SQLite store promises of its file beyond throughline/store.h.

#include "throughline/sqlite_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "store/fault_vfs.h"
#include "store/sqlite_fixture.h"
#include "throughline/store.h"

namespace throughline {
namespace {

using conformance::Commit;
using conformance::Entry;
using conformance::Item;
using conformance::kItem;
using conformance::kName;
using conformance::kNote;
using conformance::PutRow;
using conformance::Read;
using conformance::Row;
using conformance::Rows;
using conformance::TableRows;
using conformance::TestSchema;
using conformance::Write;

constexpr int64_t kLogLimit = 16 * 1024 * 1024;

class SqliteStoreTest : public SqliteTest {};

TEST_F(SqliteStoreTest, FilesAreForTheirOwnerOnly) {
  const mode_t mask = umask(0);
  {
    const std::unique_ptr<Store> store = Open();
    auto writer = Write(*store);
    PutRow(*writer, kItem, Item(1));
    Commit(std::move(writer));
    EXPECT_EQ(Files(), (std::set<std::string>{"ledger", "ledger-shm", "ledger-wal"}));
    for (const char* suffix : {"", "-wal", "-shm"}) {
      EXPECT_EQ(StatOf(options_.path + suffix).st_mode & 0777, 0600u) << suffix;
    }
  }
  umask(mask);
  EXPECT_EQ(Files(), std::set<std::string>{"ledger"});
}

TEST_F(SqliteStoreTest, TheHeaderTellsTheFormat) {
  MakeLedger();
  const std::string header = Content(options_.path).substr(0, 100);
  EXPECT_EQ(header.substr(0, 16), std::string("SQLite format 3\0", 16));
  EXPECT_EQ(header.substr(18, 2), "\2\2");                      // write-ahead log
  EXPECT_EQ(header.substr(60, 4), std::string("\0\0\0\1", 4));  // user_version
  EXPECT_EQ(header.substr(68, 4), "ThLn");                      // application_id
}

TEST_F(SqliteStoreTest, ErasedTextIsGoneFromTheFile) {
  const std::string secret = "a name that shall be forgotten";
  {
    const std::unique_ptr<Store> store = Open();
    auto writer = Write(*store);
    for (int64_t id = 1; id <= 100; ++id) {
      Row row = Item(id);
      row[kName] = id == 50 ? secret : std::string("other");
      row[kNote] = id == 51 ? secret + std::string(10'000, 'x') : std::string(500, 'y');
      PutRow(*writer, kItem, row);
    }
    Commit(std::move(writer));
  }
  EXPECT_NE(Content(options_.path).find(secret), std::string::npos);
  {
    const std::unique_ptr<Store> store = Open();
    auto writer = Write(*store);
    conformance::EraseRow(*writer, kItem, {int64_t{50}});
    PutRow(*writer, kItem, Item(51));
    Commit(std::move(writer));
  }
  EXPECT_EQ(Content(options_.path).find(secret), std::string::npos);
}

TEST_F(SqliteStoreTest, PathsAreNotInterpreted) {
  for (const char* name : {"a b", "a?mode=memory", "file:x", "%41", "ä'\"\\", ":memory:"}) {
    options_.path = folder_.path() + "/" + name;
    MakeLedger();
    EXPECT_TRUE(std::filesystem::exists(options_.path));
    EXPECT_EQ(TableRows(*Read(*Open(false)), kItem), Rows{Item(1)});
  }
}

TEST_F(SqliteStoreTest, ARelativePathIsThatOfItsTime) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  options_.path = "ledger";
  MakeLedger();
  const std::unique_ptr<Store> store = Open(false);
  std::filesystem::current_path(before);
  const auto first = Read(*store);
  const auto second = Read(*store);
  EXPECT_EQ(TableRows(*second, kItem), Rows{Item(1)});
}

TEST_F(SqliteStoreTest, ReadOnlyReadsAndChangesNothing) {
  MakeLedger();
  const std::string before = Content(options_.path);
  options_.read_only = true;
  {
    const std::unique_ptr<Store> store = Open();
    EXPECT_EQ(TableRows(*Read(*store), kItem), Rows{Item(1)});
    EXPECT_EQ(*store->LastSeq(), 1);
    EXPECT_TRUE(absl::IsPermissionDenied(store->BeginWrite().status()));
  }
  EXPECT_TRUE(Content(options_.path) == before);
  options_.path = folder_.path() + "/missing";
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), true)));
}

TEST_F(SqliteStoreTest, OpeningReadsAFewPagesOnly) {
  options_.vfs = fault_vfs::Name();
  {
    const std::unique_ptr<Store> store = Open();
    auto writer = Write(*store);
    for (int64_t seq = 1; seq <= 20'000; ++seq) {
      EXPECT_OK(writer->Append(Entry(seq, seq, 1, std::string(200, 'e'))));
      PutRow(*writer, kItem, Item(seq));
    }
    Commit(std::move(writer));
  }
  fault_vfs::ResetCounts();
  const std::unique_ptr<Store> store = Open(false);
  EXPECT_EQ(*store->LastSeq(), 20'000);
  EXPECT_LT(fault_vfs::Counted().reads, 50);
  EXPECT_EQ(fault_vfs::Counted().database_writes, 0);
}

TEST_F(SqliteStoreTest, OneSyncPerCommitIfFullAndNoneIfNormal) {
  options_.vfs = fault_vfs::Name();
  for (const auto synchronous : {SqliteOptions::kFull, SqliteOptions::kNormal}) {
    options_.synchronous = synchronous;
    const std::unique_ptr<Store> store = Open();
    const int64_t first = *store->LastSeq() + 1;
    auto warm = Write(*store);
    EXPECT_OK(warm->Append(Entry(first, 1, first)));
    Commit(std::move(warm));
    fault_vfs::ResetCounts();
    for (int64_t seq = first + 1; seq <= first + 10; ++seq) {
      auto writer = Write(*store);
      EXPECT_OK(writer->Append(Entry(seq, 1, seq)));
      Commit(std::move(writer));
    }
    EXPECT_EQ(fault_vfs::Counted().log_syncs, synchronous == SqliteOptions::kFull ? 10 : 0);
    EXPECT_EQ(fault_vfs::Counted().database_syncs, 0);
  }
}

TEST_F(SqliteStoreTest, TheLogStaysShortUnderReaders) {
  options_.synchronous = SqliteOptions::kNormal;
  const std::unique_ptr<Store> store = Open();
  // At every moment somebody reads, and nobody reads for long.
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto reader = Read(*store);
        EXPECT_TRUE(reader->JournalTail().ok());
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    });
  }
  int64_t largest = 0;
  for (int64_t seq = 1; seq <= 600; ++seq) {
    auto writer = Write(*store);
    EXPECT_OK(writer->Append(Entry(seq, 1, seq, std::string(100'000, 'e'))));
    Commit(std::move(writer));
    largest = std::max(largest, LogSize());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  // But for what one transaction writes: readers may be in the way just then.
  EXPECT_LE(largest, kLogLimit + 2 * 100'000);
}

TEST_F(SqliteStoreTest, TheLogShrinksAfterALargeTransactionAndALongReader) {
  const std::unique_ptr<Store> store = Open();
  const auto append = [&](int64_t seq, size_t size) {
    auto writer = Write(*store);
    EXPECT_OK(writer->Append(Entry(seq, 1, seq, std::string(size, 'e'))));
    Commit(std::move(writer));
  };
  append(1, 40'000'000);
  append(2, 10);
  EXPECT_LE(LogSize(), kLogLimit);
  {
    const auto reader = Read(*store);
    for (int64_t seq = 3; seq < 23; ++seq) append(seq, 1'000'000);
    EXPECT_EQ(reader->JournalTail()->seq, 2);
  }
  append(23, 2'100'000);
  append(24, 10);
  append(25, 10);
  EXPECT_LE(LogSize(), kLogLimit);
}

TEST_F(SqliteStoreTest, LackOfMemoryIsAnError) {
  const std::unique_ptr<Store> store = Open();
  auto writer = Write(*store);
  PutRow(*writer, kItem, Item(1));
  std::string large;
  large.resize(30'000'000, 'e');
  sqlite3_hard_heap_limit64(sqlite3_memory_used() + 1'000'000);
  const absl::Status status = writer->Append(Entry(1, 1, 1, large));
  sqlite3_hard_heap_limit64(0);
  sqlite3_soft_heap_limit64(0);  // which the other one has set, too
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status.message();
  EXPECT_FALSE(writer->Commit().ok());
  writer = Write(*store);
  EXPECT_TRUE(TableRows(*writer, kItem).empty());
  EXPECT_OK(writer->Append(Entry(1, 1, 1, large)));
  Commit(std::move(writer));
  EXPECT_EQ(*store->LastSeq(), 1);
}

TEST_F(SqliteStoreTest, AnyoneCanReadTheTablesWithSql) {
  MakeLedger();
  const std::unique_ptr<Store> store = Open(false);
  RunSql(options_.path,
         "CREATE TEMP TABLE ok(a CHECK(a)); INSERT INTO ok SELECT count(*)=1 FROM item;"
         " INSERT INTO ok SELECT account=1 FROM journal; INSERT INTO ok SELECT count(*)=0 FROM"
         " \"order\"");
}

}  // namespace
}  // namespace throughline
