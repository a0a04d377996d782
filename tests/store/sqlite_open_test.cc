// What the SQLite store refuses to open, with which error, and that it leaves it alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "store/child_process.h"
#include "store/conformance.h"
#include "store/sqlite/opening.h"
#include "store/sqlite_fixture.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

using conformance::Item;
using conformance::kItem;
using conformance::Read;
using conformance::Rows;
using conformance::TableRows;
using conformance::TestSchema;
using conformance::Write;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;

class SqliteOpenTest : public SqliteTest {};

TEST_F(SqliteOpenTest, RefusesBadOptions) {
  const auto refused = [this](const std::function<void(SqliteOptions&)>& change) {
    SqliteOptions options = options_;
    change(options);
    return absl::IsInvalidArgument(NewSqliteStore(options).status());
  };
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.path = ""; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.path = std::string("a\0b", 3); }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.busy_timeout_ms = -1; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.idle_readers = -1; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.mapped_bytes = -1; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.idle_readers = 1025; }));
  EXPECT_TRUE(refused([](SqliteOptions& o) { o.vfs = "no such layer"; }));
}

TEST_F(SqliteOpenTest, MissingFilesAreNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_TRUE(Files().empty());
  options_.path = folder_.path() + "/no/such/folder";
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), true)));
}

TEST_F(SqliteOpenTest, AnEmptyFileIsAnEmptyStore) {
  WriteFile(options_.path, "");
  EXPECT_TRUE(absl::IsNotFound(Make()->Open(TestSchema(), false)));
  EXPECT_EQ(StatOf(options_.path).st_size, 0);
  Open(true);
  Open(false);
}

TEST_F(SqliteOpenTest, RefusesAFolder) {
  options_.path = folder_.path();
  const absl::Status status = Make()->Open(TestSchema(), true);
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("a folder"));
}

TEST_F(SqliteOpenTest, RefusesADevice) {
  ASSERT_EQ(mkfifo(options_.path.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(Make()->Open(TestSchema(), true)));
}

TEST_F(SqliteOpenTest, RefusesWhatIsNotADatabase) {
  for (const std::string& content :
       {std::string("x"), std::string("name;email\nAda;ada@example.com\n"),
        std::string(100'000, 'x'), std::string(4096, '\0')}) {
    WriteFile(options_.path, content);
    ExpectRefused(absl::StatusCode::kFailedPrecondition, "not a database");
  }
  EXPECT_EQ(Files(), std::set<std::string>{"ledger"});
}

TEST_F(SqliteOpenTest, RefusesOtherDatabases) {
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

TEST_F(SqliteOpenTest, RefusesOtherDatabasesThatWaitForRecovery) {
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

TEST_F(SqliteOpenTest, RefusesOtherVersions) {
  MakeLedger();
  RunSql(options_.path, "PRAGMA user_version=2");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "newer version");
  RunSql(options_.path, "PRAGMA user_version=0");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "older version");
}

TEST_F(SqliteOpenTest, RefusesALockedLedger) {
  MakeLedger();
  ChildProcess child([&](Channel& channel) {
    RunSql(options_.path, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", /*crash=*/true);
    channel.Send(1);
    channel.Wait();
  });
  child.channel().Wait();
  ExpectRefused(absl::StatusCode::kUnavailable, "locked by another connection");
  child.Kill();
  Open(false);
}

TEST_F(SqliteOpenTest, AWriterElsewhereIsWaitedForOnlySoLong) {
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
TEST_F(SqliteOpenTest, RefusesWhatItMayNotReadOrWrite) {
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

TEST_F(SqliteOpenTest, RefusesADamagedLedger) {
  MakeLedger();
  const std::string whole = Content(options_.path);
  WriteFile(options_.path, whole.substr(0, 3 * kPageBytes));
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
  std::string smashed = whole;
  std::fill(smashed.begin() + 100, smashed.begin() + kPageBytes, '\xee');
  WriteFile(options_.path, smashed);
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
  WriteFile(options_.path, whole);
  RunSql(options_.path, "DROP TABLE journal");
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
}

TEST_F(SqliteOpenTest, DamageIsFoundWhereItIsRead) {
  MakeLedger();
  std::string content = Content(options_.path);
  // All pages but the first, which holds the schema.
  std::fill(content.begin() + kPageBytes, content.end(), '\xee');
  WriteFile(options_.path, content);
  const std::unique_ptr<Store> store = Make();
  absl::Status status = store->Open(TestSchema(), false);
  if (status.ok()) {
    status = Read(*store)->ReadJournal(0, [](const JournalEntry&) { return true; });
  }
  EXPECT_TRUE(absl::IsDataLoss(status)) << status.message();
}

}  // namespace
}  // namespace throughline
