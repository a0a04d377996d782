// What the store on a host's connection promises beyond the conformance suite.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/conformance.h"
#include "store/sqlite_host_fixture.h"
#include "throughline/sqlite_host_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

using conformance::Commit;
using conformance::Entry;
using conformance::GetRow;
using conformance::Item;
using conformance::kItem;
using conformance::PutRow;
using conformance::Read;
using conformance::Row;
using conformance::Seqs;
using conformance::TestSchema;
using conformance::Write;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kOne = 1;

const char* OtherCopy() { return "9.9.9"; }

class SqliteHostTest : public testing::Test {
 protected:
  SqliteHostTest() { host_.Run("CREATE TABLE crm(id INTEGER PRIMARY KEY, name TEXT)"); }

  std::unique_ptr<Store> Open(const HostConnection& host, bool create = true,
                              const std::string& prefix = "throughline_") {
    std::unique_ptr<Store> store = NewHostStore(host, prefix);
    const absl::Status status = store->Open(TestSchema(), create);
    EXPECT_OK(status) << status;
    return store;
  }

  absl::Status Refusal(const std::string& prefix = "throughline_", bool create = true) {
    absl::Status status = NewHostStore(host_, prefix)->Open(TestSchema(), create);
    EXPECT_FALSE(status.ok());
    return status;
  }

  static void WriteEntry(Store& store, int64_t seq, const std::string& events = "e") {
    auto writer = Write(store);
    PutRow(*writer, kItem, Item(seq));
    EXPECT_OK(writer->Append(Entry(seq, 1, seq, events)));
    Commit(std::move(writer));
  }

  int64_t CrmRows() { return host_.Integer("SELECT count(*) FROM crm"); }
  bool Idle() { return sqlite3_get_autocommit(host_.db()) != 0; }

  conformance::TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/crm.db";
  HostConnection host_{path_, 30};
};

TEST_F(SqliteHostTest, RefusesBadOptions) {
  const SqliteHostOptions good = {host_.db(), &sqlite3_libversion, "p"};
  const auto code = [](const SqliteHostOptions& options) {
    return NewSqliteHostStore(options).status().code();
  };
  EXPECT_EQ(code(good), absl::StatusCode::kOk);
  SqliteHostOptions bad = good;
  bad.connection = nullptr;
  EXPECT_EQ(code(bad), absl::StatusCode::kInvalidArgument);
  bad = good;
  bad.libversion = nullptr;
  EXPECT_EQ(code(bad), absl::StatusCode::kInvalidArgument);
  for (const std::string& prefix :
       {std::string(), std::string("1a"), std::string("Crm_"), std::string("a-b"),
        std::string("a\""), std::string("sqlite_x"), std::string(33, 'a'), std::string("a\0", 2)}) {
    bad = good;
    bad.prefix = prefix;
    EXPECT_EQ(code(bad), absl::StatusCode::kInvalidArgument) << prefix;
  }
  bad.prefix = std::string(32, 'a');
  EXPECT_EQ(code(bad), absl::StatusCode::kOk);
}

TEST_F(SqliteHostTest, RefusesAnotherCopyOfSqlite) {
  const absl::Status status = NewSqliteHostStore({host_.db(), &OtherCopy, "p"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another copy of SQLite (9.9.9)"));
}

TEST_F(SqliteHostTest, LeavesTheHostsThingsAlone) {
  host_.Run("PRAGMA user_version=7; PRAGMA application_id=8; INSERT INTO crm VALUES(41, 'a')");
  const std::unique_ptr<Store> store = Open(host_, true, "tl_");
  WriteEntry(*store, 1);
  EXPECT_EQ(host_.Integer("PRAGMA user_version"), 7);
  EXPECT_EQ(host_.Integer("PRAGMA application_id"), 8);
  EXPECT_EQ(host_.Integer("PRAGMA cache_size"), -2000);
  EXPECT_EQ(host_.Integer("PRAGMA secure_delete"), 1) << "but for this";
  EXPECT_EQ(sqlite3_last_insert_rowid(host_.db()), 41);
  EXPECT_EQ(host_.Integer("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'tl_%'"
                          " AND name NOT LIKE 'sqlite_autoindex_tl_%' AND name <> 'crm'"),
            0);
  EXPECT_TRUE(Idle());
}

TEST_F(SqliteHostTest, TwoLedgersInOneDatabase) {
  const std::unique_ptr<Store> one = Open(host_, true, "one_");
  const std::unique_ptr<Store> two = Open(host_, true, "two_");
  WriteEntry(*one, 1);
  EXPECT_EQ(*one->LastSeq(), 1);
  EXPECT_EQ(*two->LastSeq(), 0);
  WriteEntry(*two, 1);
  WriteEntry(*two, 2);
  EXPECT_THAT(Seqs(*Read(*one)), ElementsAre(1));
  EXPECT_THAT(Seqs(*Read(*two)), ElementsAre(1, 2));
}

TEST_F(SqliteHostTest, IsOpenOnceOnAConnection) {
  EXPECT_EQ(Refusal("throughline_", /*create=*/false).code(), absl::StatusCode::kNotFound);
  std::unique_ptr<Store> store = Open(host_);
  const std::unique_ptr<Store> with_another_prefix = Open(host_, /*create=*/true, "other_");
  const absl::Status refusal = Refusal();
  EXPECT_EQ(refusal.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refusal.message()), HasSubstr("is open on this connection already"));
  const HostConnection second(path_);
  Open(second, /*create=*/false);
  store = nullptr;
  WriteEntry(*Open(host_, /*create=*/false), 1);
}

TEST_F(SqliteHostTest, RefusesWhatIsNoLedger) {
  EXPECT_TRUE(absl::IsNotFound(Refusal("tl_", /*create=*/false)));
  host_.Run("CREATE TABLE TL_Item(a); CREATE TABLE u_throughline(a)");
  EXPECT_THAT(std::string(Refusal("tl_").message()), HasSubstr("TL_Item is taken"));
  EXPECT_THAT(std::string(Refusal("u_").message()), HasSubstr("u_throughline is not a ledger's"));
  Open(host_, true, "v_");
  host_.Run("UPDATE v_throughline SET schema_version=99");
  EXPECT_THAT(std::string(Refusal("v_").message()), HasSubstr("newer version (99"));
  HostConnection wide(":memory:");
  wide.Run("PRAGMA encoding='UTF-16le'; CREATE TABLE a(b)");
  EXPECT_TRUE(absl::IsFailedPrecondition(NewHostStore(wide)->Open(TestSchema(), true)));
}

TEST_F(SqliteHostTest, ReadOnlyReads) {
  WriteEntry(*Open(host_), 1);
  host_.Run("PRAGMA query_only=ON");
  EXPECT_TRUE(absl::IsPermissionDenied(Refusal("new_")));
  host_.Run("PRAGMA query_only=OFF");
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open_v2(path_.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  auto store = *NewSqliteHostStore({.connection = db, .libversion = &sqlite3_libversion});
  EXPECT_OK(store->Open(TestSchema(), false));
  EXPECT_EQ(*store->LastSeq(), 1);
  EXPECT_TRUE(absl::IsPermissionDenied(store->BeginWrite().status()));
  store = nullptr;
  EXPECT_EQ(sqlite3_close(db), SQLITE_OK);
}

TEST_F(SqliteHostTest, StandsAndFallsWithTheHostsTransaction) {
  const std::unique_ptr<Store> store = Open(host_);
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    host_.Run("BEGIN; INSERT INTO crm(name) VALUES('a')");
    WriteEntry(*store, 1);
    EXPECT_EQ(*store->LastSeq(), 1) << "the host's transaction sees it";
    host_.Run(end);
    const bool stands = std::string(end) == "COMMIT";
    EXPECT_EQ(CrmRows(), stands ? 1 : 0);
    EXPECT_EQ(*store->LastSeq(), stands ? 1 : 0);
    EXPECT_EQ(GetRow(*Read(*store), kItem, {kOne}), stands ? Item(1) : Row());
  }
}

TEST_F(SqliteHostTest, AFailureLeavesTheHostsTransaction) {
  const std::unique_ptr<Store> store = Open(host_);
  WriteEntry(*store, 1);
  host_.Run("BEGIN; INSERT INTO crm(name) VALUES('a')");
  {
    auto writer = Write(*store);
    PutRow(*writer, kItem, Item(2));
    EXPECT_TRUE(absl::IsAlreadyExists(writer->Append(Entry(1, 1, 1))));
  }
  EXPECT_FALSE(Idle());
  host_.Run("COMMIT");
  EXPECT_EQ(CrmRows(), 1);
  EXPECT_EQ(GetRow(*Read(*store), kItem, {int64_t{2}}), Row());
}

TEST_F(SqliteHostTest, NoticesWhatTheHostRolledBack) {
  const std::unique_ptr<Store> store = Open(host_);
  WriteEntry(*store, 1);
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
  host_.Run("BEGIN");
  WriteEntry(*store, 2);
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
  host_.Run("SAVEPOINT s");
  WriteEntry(*store, 3);
  host_.Run("ROLLBACK TO s");
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
  host_.Run("ROLLBACK");
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
  // The host's own commits change nothing of ours.
  host_.Run("INSERT INTO crm(name) VALUES('a')");
  host_.Run("BEGIN; INSERT INTO crm(name) VALUES('b'); COMMIT");
  host_.Run("BEGIN; INSERT INTO crm(name) VALUES('c'); ROLLBACK");
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
  HostConnection other(path_);
  WriteEntry(*Open(other, false), 2);
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
}

TEST_F(SqliteHostTest, NoticesARollbackOfWhatLeftNoEntry) {
  const std::unique_ptr<Store> store = Open(host_);
  WriteEntry(*store, 1);
  host_.Run("BEGIN");
  auto writer = Write(*store);
  PutRow(*writer, kItem, Item(1, 9));
  Commit(std::move(writer));
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
  host_.Run("ROLLBACK; BEGIN");
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
  host_.Run("COMMIT");
  EXPECT_TRUE(Write(*store)->ChangedByOthers());
  EXPECT_FALSE(Write(*store)->ChangedByOthers());
}

TEST_F(SqliteHostTest, RefusesTransactionsInsideOneThatWrites) {
  const std::unique_ptr<Store> store = Open(host_);
  {
    const auto reader = Read(*store);
    const auto second = Read(*store);
    EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginWrite().status()));
    EXPECT_EQ(*store->LastSeq(), 0);
  }
  {
    const auto writer = Write(*store);
    EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginRead().status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginWrite().status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(store->LastSeq().status()));
  }
  EXPECT_TRUE(Idle());
  WriteEntry(*store, 1);
}

TEST_F(SqliteHostTest, ALockedDatabaseIsUnavailable) {
  const std::unique_ptr<Store> store = Open(host_);
  WriteEntry(*store, 1);
  HostConnection other(path_);
  other.Run("BEGIN IMMEDIATE");
  EXPECT_TRUE(absl::IsUnavailable(store->BeginWrite().status()));
  EXPECT_EQ(*store->LastSeq(), 1) << "reading goes on";
  // In a transaction of the host the first write tells.
  host_.Run("BEGIN");
  {
    auto writer = Write(*store);
    EXPECT_TRUE(absl::IsUnavailable(writer->Append(Entry(2, 1, 2))));
    EXPECT_TRUE(absl::IsUnavailable(writer->Commit()));
  }
  other.Run("CREATE TABLE x(a); COMMIT");
  {
    auto writer = Write(*store);
    const absl::Status status = writer->Append(Entry(2, 1, 2));
    EXPECT_TRUE(absl::IsUnavailable(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr("begin it again"));
  }
  host_.Run("ROLLBACK");
  WriteEntry(*store, 2);
}

TEST_F(SqliteHostTest, ALedgerMayFallWithItsCreation) {
  host_.Run("BEGIN");
  std::unique_ptr<Store> store = Open(host_);
  WriteEntry(*store, 1);
  host_.Run("ROLLBACK");
  EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginWrite().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginRead().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(store->LastSeq().status()));
  EXPECT_TRUE(Idle());
  store = nullptr;
  EXPECT_TRUE(absl::IsNotFound(Refusal("throughline_", /*create=*/false)));
  EXPECT_THAT(Seqs(*Read(*Open(host_))), IsEmpty());
}

TEST_F(SqliteHostTest, AnInterruptEndsTheHostsTransactionToo) {
  const std::unique_ptr<Store> store = Open(host_);
  host_.Run("BEGIN; INSERT INTO crm(name) VALUES('a')");
  auto writer = Write(*store);
  sqlite3_progress_handler(
      host_.db(), 1, [](void*) { return 1; }, nullptr);
  EXPECT_TRUE(absl::IsCancelled(writer->Put(kItem, conformance::ToValues(Item(1)))));
  sqlite3_progress_handler(host_.db(), 0, nullptr, nullptr);
  EXPECT_FALSE(writer->Commit().ok());
  EXPECT_TRUE(Idle());
  EXPECT_EQ(CrmRows(), 0);
  writer = nullptr;
  WriteEntry(*store, 1);
}

}  // namespace
}  // namespace throughline
