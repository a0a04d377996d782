// The SQLite store over a disk that fails at every point in turn.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "store/fault_vfs.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

using conformance::Entry;
using conformance::Item;
using conformance::kItem;
using conformance::Read;
using conformance::Rows;
using conformance::Seqs;
using conformance::TableRows;
using conformance::TestSchema;
using conformance::ToValues;
using fault_vfs::Operation;

constexpr int64_t kRows = 40;

struct Fault {
  std::string name;
  Operation operation;
  int code;
  absl::StatusCode expected;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

std::string NameOf(const testing::TestParamInfo<Fault>& info) { return info.param.name; }

class SqliteFaultTest : public testing::TestWithParam<Fault> {
 public:
  ~SqliteFaultTest() override { fault_vfs::StopFailing(); }

 protected:
  std::unique_ptr<Store> Open(bool create) const {
    SqliteOptions options;
    options.path = folder_.path() + "/ledger";
    options.vfs = fault_vfs::Name();
    std::unique_ptr<Store> store = *NewSqliteStore(options);
    const absl::Status status = store->Open(TestSchema(), create);
    EXPECT_OK(status) << status.message();
    return store;
  }

  // One transaction that sets all rows, and the journal, to `version`.
  static absl::Status WriteVersion(Store& store, int64_t version, size_t event_bytes = 9000) {
    absl::StatusOr<std::unique_ptr<WriteTransaction>> writer = store.BeginWrite();
    if (!writer.ok()) return writer.status();
    // What fails in the middle must come out again at the end.
    absl::Status first_error;
    const auto note = [&](absl::Status status) {
      if (first_error.ok()) first_error = std::move(status);
    };
    for (int64_t id = 1; id <= kRows; ++id) {
      note((*writer)->Put(kItem, ToValues(Item(id, version))));
    }
    note((*writer)->Append(Entry(version, 1, version, std::string(event_bytes, 'e'))));
    absl::Status status = (*writer)->Commit();
    EXPECT_FALSE(status.ok() && !first_error.ok());
    return status;
  }

  // Everything is at one version: that.
  static int64_t VersionOf(Store& store) {
    const auto reader = Read(store);
    const int64_t version = reader->JournalTail()->seq;
    Rows expected;
    for (int64_t id = 1; id <= kRows && version > 0; ++id) expected.push_back(Item(id, version));
    EXPECT_EQ(TableRows(*reader, kItem), expected);
    EXPECT_EQ(Seqs(*reader).size(), static_cast<size_t>(version));
    return version;
  }

  conformance::TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Store, SqliteFaultTest,
                         testing::Values(Fault{"Write", Operation::kWrite, SQLITE_IOERR_WRITE,
                                               absl::StatusCode::kUnavailable},
                                         Fault{"Sync", Operation::kSync, SQLITE_IOERR_FSYNC,
                                               absl::StatusCode::kUnavailable},
                                         Fault{"Full", Operation::kWrite, SQLITE_FULL,
                                               absl::StatusCode::kResourceExhausted}),
                         NameOf);

TEST_P(SqliteFaultTest, NothingIsHalfWritten) {
  std::unique_ptr<Store> store = Open(true);
  int64_t version = 0;
  bool failed = true;
  for (int64_t nth = 1; failed; ++nth) {
    fault_vfs::FailFrom(nth, GetParam().operation, GetParam().code);
    const absl::Status status = WriteVersion(*store, version + 1);
    failed = fault_vfs::StopFailing();
    EXPECT_EQ(status.code(), failed ? GetParam().expected : absl::StatusCode::kOk)
        << status.message();
    if (status.ok()) ++version;
    // The store that failed goes on, without what failed.
    EXPECT_EQ(VersionOf(*store), version);
    ASSERT_OK(WriteVersion(*store, ++version));
    EXPECT_EQ(VersionOf(*store), version);
    ASSERT_LT(nth, 1000);
  }
  store = nullptr;
  EXPECT_EQ(VersionOf(*Open(false)), version);
}

TEST_P(SqliteFaultTest, NothingIsHalfWrittenAfterReopening) {
  bool failed = true;
  for (int64_t nth = 1; failed; nth += 3) {
    std::unique_ptr<Store> store = Open(true);
    const int64_t before = VersionOf(*store);
    fault_vfs::FailFrom(nth, GetParam().operation, GetParam().code);
    const absl::Status status = WriteVersion(*store, before + 1);
    // Closed while the disk still fails.
    store = nullptr;
    failed = fault_vfs::StopFailing();
    const int64_t behind = VersionOf(*Open(false));
    if (status.ok()) {
      EXPECT_EQ(behind, before + 1);
    } else if (absl::IsUnavailable(status)) {
      EXPECT_TRUE(behind == before || behind == before + 1);
    } else {
      EXPECT_EQ(behind, before);
    }
    ASSERT_LT(nth, 1000);
  }
}

// What cannot be put into the file stays in the log, where it is safe.
TEST_P(SqliteFaultTest, AFailedCheckpointFailsNoCommit) {
  constexpr size_t kLarge = 10'000'000;   // with a commit this large the log is emptied,
  constexpr size_t kLarger = 14'000'000;  // and whatever was in it before, with this one
  for (const int64_t nth : {1, 3}) {
    std::unique_ptr<Store> store = Open(true);
    const int64_t before = VersionOf(*store);
    ASSERT_OK(WriteVersion(*store, before + 1, kLarge));
    const bool sync = GetParam().operation == Operation::kSync;
    fault_vfs::FailFrom(nth, sync ? Operation::kDatabaseSync : Operation::kDatabaseWrite,
                        GetParam().code);
    const absl::Status status = WriteVersion(*store, before + 2, kLarger);
    EXPECT_TRUE(fault_vfs::StopFailing() || (sync && nth > 1));
    EXPECT_OK(status) << status.message();
    EXPECT_EQ(VersionOf(*store), before + 2);
    store = nullptr;
    EXPECT_EQ(VersionOf(*Open(false)), before + 2);
  }
}

TEST_P(SqliteFaultTest, CreationFailsWhole) {
  bool failed = true;
  for (int64_t nth = 1; failed; ++nth) {
    SqliteOptions options;
    options.path = folder_.path() + "/ledger" + std::to_string(nth);
    options.vfs = fault_vfs::Name();
    std::unique_ptr<Store> store = *NewSqliteStore(options);
    fault_vfs::FailFrom(nth, GetParam().operation, GetParam().code);
    const absl::Status status = store->Open(TestSchema(), true);
    failed = fault_vfs::StopFailing();
    EXPECT_TRUE(!status.ok() || !failed);
    ASSERT_LT(nth, 1000);
    if (status.ok()) continue;
    // It may be tried again, with the same object.
    ASSERT_OK(store->Open(TestSchema(), true));
    ASSERT_OK(WriteVersion(*store, 1));
  }
}

}  // namespace
}  // namespace throughline
