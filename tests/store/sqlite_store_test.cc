// What the SQLite store promises beyond throughline/store.h: its file, and what it refuses to open.

#include "throughline/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/child_process.h"
#include "store/conformance.h"
#include "store/fault_vfs.h"
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
using testing::HasSubstr;

constexpr int64_t kLogLimit = 16 * 1024 * 1024;
constexpr uid_t kNobody = 65534;

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

struct stat StatOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info;
}

// Runs SQL on a connection of its own. `crash`: as if the process ended without closing.
void RunSql(const std::string& path, const std::string& sql, bool crash = false) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  if (!crash) sqlite3_close(db);
}

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() {
    options_.path = folder_.path() + "/ledger";
    options_.busy_timeout_ms = 50;
  }

  std::unique_ptr<Store> Make() const { return *NewSqliteStore(options_); }

  std::unique_ptr<Store> Open(bool create = true) const {
    std::unique_ptr<Store> store = Make();
    const absl::Status status = store->Open(TestSchema(), create);
    EXPECT_OK(status) << status.message();
    return store;
  }

  // A ledger with something in it, closed.
  void MakeLedger() const {
    const std::unique_ptr<Store> store = Open();
    auto writer = Write(*store);
    PutRow(*writer, kItem, Item(1));
    EXPECT_OK(writer->Append(Entry(1, 1, 1, std::string(50'000, 'e'))));
    Commit(std::move(writer));
  }

  // Expects that opening fails so, whether or not it may create, and leaves the file alone.
  void ExpectRefused(absl::StatusCode code, const std::string& message) const {
    const std::string before = Content(options_.path);
    const struct stat info = StatOf(options_.path);
    for (const bool create : {false, true}) {
      const absl::Status status = Make()->Open(TestSchema(), create);
      EXPECT_EQ(status.code(), code) << status.message();
      EXPECT_THAT(std::string(status.message()), HasSubstr(message));
      EXPECT_THAT(std::string(status.message()), HasSubstr(options_.path));
    }
    EXPECT_TRUE(Content(options_.path) == before);
    EXPECT_EQ(StatOf(options_.path).st_mtim.tv_nsec, info.st_mtim.tv_nsec);
    EXPECT_EQ(StatOf(options_.path).st_size, info.st_size);
  }

  int64_t LogSize() const {
    std::error_code missing;
    const auto size = std::filesystem::file_size(options_.path + "-wal", missing);
    return missing ? 0 : static_cast<int64_t>(size);
  }

  std::set<std::string> Files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  conformance::TemporaryFolder folder_;
  SqliteOptions options_;
};

TEST_F(SqliteStoreTest, RefusesBadOptions) {
  const auto refused = [this](const std::function<void(SqliteOptions&)>& change) {
    SqliteOptions options = options_;
    change(options);
    return absl::IsInvalidArgument(NewSqliteStore(options).status());
  };
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.path = ""; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.path = std::string("a\0b", 3); }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.busy_timeout_ms = -1; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.idle_readers = -1; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.idle_readers = 1025; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.vfs = "no such layer"; }));
}

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

TEST_F(SqliteStoreTest, MissingFilesAreNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_TRUE(Files().empty());
  options_.path = folder_.path() + "/no/such/folder";
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), true)));
}

TEST_F(SqliteStoreTest, AnEmptyFileIsAnEmptyStore) {
  WriteFile(options_.path, "");
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_EQ(StatOf(options_.path).st_size, 0);
  Open(true);
  Open(false);
}

TEST_F(SqliteStoreTest, RefusesAFolder) {
  options_.path = folder_.path();
  const absl::Status status = Make()->Open(TestSchema(), true);
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("a folder"));
}

TEST_F(SqliteStoreTest, RefusesADevice) {
  ASSERT_EQ(mkfifo(options_.path.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(Make()->Open(TestSchema(), true)));
}

TEST_F(SqliteStoreTest, RefusesWhatIsNotADatabase) {
  for (const std::string& content :
       {std::string("x"), std::string("name;email\nAda;ada@example.com\n"),
        std::string(100'000, 'x'), std::string(4096, '\0')}) {
    WriteFile(options_.path, content);
    ExpectRefused(absl::StatusCode::kFailedPrecondition, "not a database");
  }
  EXPECT_EQ(Files(), std::set<std::string>{"ledger"});
}

TEST_F(SqliteStoreTest, RefusesOtherDatabases) {
  const std::string message = "another application";
  RunSql(options_.path, "CREATE TABLE t(a); INSERT INTO t VALUES(1)");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
  EXPECT_EQ(Files(), std::set<std::string>{"ledger"});
  RunSql(options_.path, "DROP TABLE t; PRAGMA application_id=1");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
  RunSql(options_.path, "PRAGMA application_id=0; PRAGMA user_version=5");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
  RunSql(options_.path, "PRAGMA user_version=0; PRAGMA journal_mode=WAL; CREATE TABLE t(a)");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
}

TEST_F(SqliteStoreTest, RefusesOtherDatabasesThatWaitForRecovery) {
  for (const std::string mode : {"WAL", "DELETE"}) {
    options_.path = folder_.path() + "/" + mode;
    ChildProcess child([&](Channel&) {
      RunSql(options_.path,
             "PRAGMA journal_mode=" + mode +
                 "; CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(90000));"
                 " PRAGMA cache_size=1; PRAGMA cache_spill=1;"
                 " BEGIN; UPDATE t SET a=randomblob(90000)" +
                 (mode == "WAL" ? "; COMMIT" : ""),
             /*crash=*/true);
    });
    EXPECT_TRUE(child.EndedWell());
    const std::string other = options_.path + (mode == "WAL" ? "-wal" : "-journal");
    const std::string before = Content(other);
    ASSERT_FALSE(before.empty());
    ExpectRefused(absl::StatusCode::kFailedPrecondition, "another application");
    EXPECT_TRUE(Content(other) == before);
  }
}

TEST_F(SqliteStoreTest, RefusesOtherVersions) {
  MakeLedger();
  RunSql(options_.path, "PRAGMA user_version=2");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "newer version");
  RunSql(options_.path, "PRAGMA user_version=0");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "older version");
}

TEST_F(SqliteStoreTest, RefusesALockedLedger) {
  MakeLedger();
  ChildProcess child([&](Channel& channel) {
    RunSql(options_.path, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", /*crash=*/true);
    channel.Send(1);
    channel.Wait();
  });
  child.channel().Wait();
  ExpectRefused(absl::StatusCode::kUnavailable, "locked by another process");
  child.Kill();
  Open(false);
}

TEST_F(SqliteStoreTest, AWriterElsewhereIsWaitedForOnlySoLong) {
  MakeLedger();
  ChildProcess child([&](Channel& channel) {
    RunSql(options_.path, "BEGIN IMMEDIATE", /*crash=*/true);
    channel.Send(1);
    channel.Wait();
  });
  child.channel().Wait();
  const std::unique_ptr<Store> store = Open(false);
  EXPECT_TRUE(absl::IsUnavailable(store->BeginWrite().status()));
  EXPECT_TRUE(absl::IsUnavailable(store->BeginWrite().status()));
  EXPECT_EQ(TableRows(*Read(*store), kItem), Rows{Item(1)});
  child.Kill();
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
}

// As nobody, for root may do everything.
TEST_F(SqliteStoreTest, RefusesWhatItMayNotReadOrWrite) {
  MakeLedger();
  const auto expect_denied = [&](mode_t file, mode_t folder, const std::string& message) {
    ChildProcess child([&](Channel&) {
      if (geteuid() == 0) {
        ASSERT_EQ(chown(options_.path.c_str(), kNobody, kNobody), 0);
        ASSERT_EQ(chown(folder_.path().c_str(), kNobody, kNobody), 0);
        ASSERT_EQ(setgid(kNobody), 0);
        ASSERT_EQ(setuid(kNobody), 0);
      }
      ASSERT_EQ(chmod(options_.path.c_str(), file), 0);
      ASSERT_EQ(chmod(folder_.path().c_str(), folder), 0);
      const absl::Status status = Make()->Open(TestSchema(), false);
      EXPECT_TRUE(absl::IsPermissionDenied(status)) << status.message();
      EXPECT_THAT(std::string(status.message()), HasSubstr(message));
      ASSERT_EQ(chmod(folder_.path().c_str(), 0700), 0);
      ASSERT_EQ(chmod(options_.path.c_str(), 0600), 0);
    });
    EXPECT_TRUE(child.EndedWell());
    EXPECT_EQ(Files(), std::set<std::string>{"ledger"});
  };
  const std::string before = Content(options_.path);
  expect_denied(0400, 0700, "cannot write to it");
  expect_denied(0600, 0500, "cannot write to its folder");
  expect_denied(0000, 0700, "cannot read it");
  options_.read_only = true;
  expect_denied(0400, 0500, "");
  EXPECT_TRUE(Content(options_.path) == before);
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

TEST_F(SqliteStoreTest, RefusesADamagedLedger) {
  MakeLedger();
  const std::string whole = Content(options_.path);
  WriteFile(options_.path, whole.substr(0, 3 * 4096));
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
  std::string smashed = whole;
  std::fill(smashed.begin() + 100, smashed.begin() + 4096, '\xee');
  WriteFile(options_.path, smashed);
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
  WriteFile(options_.path, whole);
  RunSql(options_.path, "DROP TABLE journal");
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
}

TEST_F(SqliteStoreTest, DamageIsFoundWhereItIsRead) {
  MakeLedger();
  std::string content = Content(options_.path);
  // All pages but the first, which holds the schema.
  std::fill(content.begin() + 4096, content.end(), '\xee');
  WriteFile(options_.path, content);
  const std::unique_ptr<Store> store = Make();
  absl::Status status = store->Open(TestSchema(), false);
  if (status.ok()) {
    status = Read(*store)->ReadJournal(0, [](const JournalEntry&) { return true; });
  }
  EXPECT_TRUE(absl::IsDataLoss(status)) << status.message();
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
  EXPECT_LE(largest, kLogLimit);
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
  const std::string large(30'000'000, 'e');
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
