// Opening, and what a store refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

using ::testing::HasSubstr;

class OpenTest : public testing::TestWithParam<StoreKind> {
 protected:
  TemporaryFolder folder_;
};
class RefusalTest : public StoreTest {};

INSTANTIATE_STORE_TEST(OpenTest);
INSTANTIATE_STORE_TEST(RefusalTest);

TEST_P(OpenTest, EmptyIsNotFoundUnlessCreated) {
  const std::unique_ptr<Store> store = GetParam().make(folder_.path());
  EXPECT_TRUE(absl::IsNotFound(store->Open(TestSchema(), false)));
  ASSERT_OK(store->Open(TestSchema(), true));
  EXPECT_EQ(*store->LastSeq(), 0);
}

TEST_P(OpenTest, NothingWorksBefore) {
  const std::unique_ptr<Store> store = GetParam().make(folder_.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginRead().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginWrite().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(store->LastSeq().status()));
}

TEST_P(OpenTest, Once) {
  const std::unique_ptr<Store> store = GetParam().make(folder_.path());
  ASSERT_OK(store->Open(TestSchema(), true));
  EXPECT_TRUE(absl::IsFailedPrecondition(store->Open(TestSchema(), true)));
  EXPECT_NE(Read(*store), nullptr);
}

TEST_P(OpenTest, RefusesBadSchemas) {
  const std::unique_ptr<Store> store = GetParam().make(folder_.path());
  const auto refused = [&](const Schema& schema) {
    return absl::IsInvalidArgument(store->Open(schema, true));
  };
  const auto changed = [](const auto& change) {
    Schema schema = TestSchema();
    change(schema.tables[kItem]);
    return schema;
  };
  EXPECT_TRUE(refused(TestSchema(0)));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.name = "pair"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.name = "journal"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.name = "sqlite_item"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.name = "a\"b"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.columns[1].name = "id"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.columns[1].name = "Bad"; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.columns[0].nullable = true; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.columns.resize(kMaxColumns + 1); })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.key_columns = 0; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.key_columns = 9; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.indexes[0].columns = {8}; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.indexes[0].columns = {1, 1}; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.indexes[0].columns = {}; })));
  EXPECT_TRUE(refused(changed([](TableSchema& t) { t.indexes[0].name = "item"; })));
  ASSERT_OK(store->Open(TestSchema(), true));
}

TEST_P(RefusalTest, OfWhatDoesNotFitTheSchema) {
  auto writer = Write(*store_);
  const auto put = [&](TableNumber table, const Row& row) {
    return absl::IsInvalidArgument(writer->Put(table, ToValues(row)));
  };
  const auto with = [](size_t column, const Cell& cell) {
    Row row = Item(1);
    row[column] = cell;
    return row;
  };
  EXPECT_TRUE(put(-1, Item(1)));
  EXPECT_TRUE(put(4, Item(1)));
  EXPECT_TRUE(put(5, Item(1)));
  EXPECT_TRUE(put(kItem, {int64_t{1}}));
  EXPECT_TRUE(put(kItem, with(kId, kNull)));
  EXPECT_TRUE(put(kItem, with(kId, 1.0)));
  EXPECT_TRUE(put(kItem, with(kAccount, kNull)));
  EXPECT_TRUE(put(kItem, with(kAccount, std::string("1"))));
  EXPECT_TRUE(put(kItem, with(kScore, int64_t{1})));
  EXPECT_TRUE(put(kItem, with(kScore, std::nan(""))));
  EXPECT_TRUE(put(kItem, with(kName, kNull)));
  EXPECT_TRUE(put(kItem, with(kNote, int64_t{1})));
  StoredRow row;
  for (const Row& key : {Row{}, Row{std::string("1")}, Row{kNull}, Row{int64_t{1}, int64_t{1}}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(writer->Get(kItem, ToValues(key), row).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(writer->Erase(kItem, ToValues(key))));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(writer->EraseAll(9)));
  EXPECT_TRUE(absl::IsInvalidArgument(writer->Append(Entry(0, 1, 1))));
  EXPECT_TRUE(absl::IsInvalidArgument(writer->Append(Entry(1, 1, 0))));
  // The transaction is as it was.
  PutRow(*writer, kItem, Item(1));
  Commit(std::move(writer));
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(1)});
}

// What stands before it is appended; a malformed one is found before all.
TEST_P(RefusalTest, OfOneEntryAmongSeveral) {
  for (const int64_t taken : {1, 3, 4, 7}) {
    SCOPED_TRACE(taken);
    auto writer = Write(*store_);
    EXPECT_OK(writer->Append(Entry(100, 9, taken)));
    std::vector<JournalEntry> entries;
    for (int64_t version = 1; version <= 7; ++version) {
      entries.push_back(Entry(version, version == taken ? 9 : 1, version));
    }
    entries.push_back(Entry(0, 1, 8));
    EXPECT_TRUE(absl::IsInvalidArgument(writer->AppendAll(entries)));
    entries.pop_back();
    const absl::Status status = writer->AppendAll(entries);
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("version " + std::to_string(taken) + " of account 9"));
    std::vector<int64_t> seqs;
    EXPECT_OK(writer->ReadJournal(0, [&](const JournalEntry& entry) {
      seqs.push_back(entry.seq);
      return true;
    }));
    std::vector<int64_t> expected;
    for (int64_t seq = 1; seq < taken; ++seq) expected.push_back(seq);
    expected.push_back(100);
    EXPECT_EQ(seqs, expected);
  }
}

TEST_P(RefusalTest, OfWhatIsTooLarge) {
  const std::string large(kMaxRowBytes, 'x');
  auto writer = Write(*store_);
  Row row = Item(1);
  row[kNote] = large;
  EXPECT_TRUE(absl::IsInvalidArgument(writer->Put(kItem, ToValues(row))));
  JournalEntry entry = Entry(1, 1, 1, large);
  entry.request = "r";
  EXPECT_TRUE(absl::IsInvalidArgument(writer->Append(entry)));
}

TEST_P(RefusalTest, OfScansThatNameNoRange) {
  const auto reader = Read(*store_);
  const auto refused = [&](const Scan& scan) {
    return absl::IsInvalidArgument(
        reader->ScanRows(scan, [](std::span<const Value>) { return true; }));
  };
  const Value one[] = {int64_t{1}};
  const Value two[] = {int64_t{1}, int64_t{2}};
  const Value three[] = {int64_t{1}, int64_t{2}, int64_t{3}};
  const Value text[] = {std::string_view("1")};
  const Value null[] = {Value()};
  EXPECT_TRUE(refused({.table = 7}));
  EXPECT_TRUE(refused({.table = kItem, .index = 5}));
  EXPECT_TRUE(refused({.table = kItem, .index = -2}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .prefix = three}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .prefix = text}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .prefix = null}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .after = one}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .after = three}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .lower = std::string_view("1")}));
  EXPECT_TRUE(refused({.table = kItem, .index = kByAccount, .prefix = two, .upper = int64_t{1}}));
  // pair_by_number: (number, system, number); a key column that is indexed stands there twice.
  const Value same[] = {int64_t{1}, std::string_view("crm"), int64_t{1}};
  const Value other[] = {int64_t{1}, std::string_view("crm"), int64_t{2}};
  EXPECT_FALSE(refused({.table = kPair, .index = kByNumber, .after = same}));
  EXPECT_TRUE(refused({.table = kPair, .index = kByNumber, .after = other}));
}

}  // namespace
}  // namespace throughline::conformance
