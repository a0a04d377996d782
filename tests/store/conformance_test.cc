// Rows and the journal within one transaction.

#include "store/conformance.h"

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
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

class RowTest : public StoreTest {};
class JournalTest : public StoreTest {};

INSTANTIATE_STORE_TEST(RowTest);
INSTANTIATE_STORE_TEST(JournalTest);

TEST_P(RowTest, GetFindsWhatPutInserted) {
  const Row row = {int64_t{7}, int64_t{8},          int64_t{9},          int64_t{10},
                   0.5,        std::string("Name"), std::string("note"), int64_t{11}};
  auto writer = Write(*store_);
  PutRow(*writer, kItem, row);
  EXPECT_EQ(GetRow(*writer, kItem, {int64_t{7}}), row);
  EXPECT_EQ(GetRow(*writer, kItem, {int64_t{8}}), Row());
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  EXPECT_EQ(GetRow(*reader, kItem, {int64_t{7}}), row);
  EXPECT_EQ(GetRow(*reader, kItem, {int64_t{8}}), Row());
}

TEST_P(RowTest, PutReplacesTheWholeRow) {
  const Row first = {int64_t{1}, int64_t{2},         int64_t{3},          int64_t{4},
                     0.5,        std::string("one"), std::string("note"), int64_t{5}};
  for (const Row& second : {Item(1), Item(1, 2), first}) {
    auto writer = Write(*store_);
    PutRow(*writer, kItem, first);
    PutRow(*writer, kItem, second);
    EXPECT_EQ(TableRows(*writer, kItem), Rows{second});
    Commit(std::move(writer));
    EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{second});
    // The same between transactions, where nothing is known of the row.
    writer = Write(*store_);
    PutRow(*writer, kItem, first);
    Commit(std::move(writer));
    writer = Write(*store_);
    PutRow(*writer, kItem, second);
    Commit(std::move(writer));
    EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{second});
  }
}

TEST_P(RowTest, KeepsEveryValue) {
  const std::string zero("a\0b\0", 4);
  const std::string bytes = [] {
    std::string all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
    return all;
  }();
  const double inf = std::numeric_limits<double>::infinity();
  const Rows rows = {
      {kMinInteger, kMinInteger, kMaxInteger, int64_t{0}, -inf, std::string(), kNull, kNull},
      {int64_t{-1}, int64_t{-1}, int64_t{0}, int64_t{1}, 5.0, zero, std::string(), kMinInteger},
      {int64_t{0}, int64_t{0}, kNull, int64_t{0}, 0.1, bytes, bytes, int64_t{0}},
      {int64_t{1}, int64_t{1} << 53, kNull, (int64_t{1} << 53) + 1, 1e-308, std::string("\xff"),
       zero, kNull},
      {kMaxInteger, kMaxInteger, kMinInteger, int64_t{2}, inf, std::string("é"), std::string("1"),
       kMaxInteger}};
  auto writer = Write(*store_);
  for (const Row& row : rows) PutRow(*writer, kItem, row);
  EXPECT_EQ(TableRows(*writer, kItem), rows);
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  EXPECT_EQ(TableRows(*reader, kItem), rows);
  for (const Row& row : rows) EXPECT_EQ(GetRow(*reader, kItem, {row[kId]}), row);
}

TEST_P(RowTest, TellsEmptyFromNull) {
  auto writer = Write(*store_);
  PutRow(*writer, kOrder, {std::string("empty"), std::string()});
  PutRow(*writer, kOrder, {std::string("null"), kNull});
  // A view without a pointer is empty too.
  const Value row[] = {std::string_view(), std::string_view()};
  EXPECT_OK(writer->Put(kOrder, row));
  Commit(std::move(writer));
  const Rows expected = {{std::string(), std::string()},
                         {std::string("empty"), std::string()},
                         {std::string("null"), kNull}};
  EXPECT_EQ(TableRows(*Read(*store_), kOrder), expected);
}

TEST_P(RowTest, KeepsLargeValues) {
  const std::string large(4 << 20, 'x');
  const std::string text(1 << 20, 'y');
  auto writer = Write(*store_);
  Row row = Item(1);
  row[kName] = text;
  row[kNote] = large;
  PutRow(*writer, kItem, row);
  EXPECT_OK(writer->Append(Entry(1, 1, 1, large)));
  Commit(std::move(writer));
  auto reader = Read(*store_);
  EXPECT_EQ(GetRow(*reader, kItem, {int64_t{1}}), row);
  EXPECT_OK(reader->ReadJournal(0, [&](const JournalEntry& entry) {
    EXPECT_EQ(entry.events, large);
    return true;
  }));
  reader = nullptr;
  writer = Write(*store_);
  row[kNote] = kNull;
  PutRow(*writer, kItem, row);
  EXPECT_EQ(GetRow(*writer, kItem, {int64_t{1}}), row);
}

TEST_P(RowTest, EraseRemovesOneRow) {
  auto writer = Write(*store_);
  for (int64_t id = 1; id <= 3; ++id) PutRow(*writer, kItem, Item(id));
  PutRow(*writer, kPair, {std::string("crm"), int64_t{1}, kNull});
  PutRow(*writer, kPair, {std::string("crm"), int64_t{2}, kNull});
  EraseRow(*writer, kItem, {int64_t{2}});
  EraseRow(*writer, kItem, {int64_t{99}});
  EraseRow(*writer, kPair, {std::string("crm"), int64_t{1}});
  EraseRow(*writer, kPair, {std::string("CRM"), int64_t{2}});
  EXPECT_EQ(GetRow(*writer, kItem, {int64_t{2}}), Row());
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  EXPECT_EQ(TableRows(*reader, kItem), (Rows{Item(1), Item(3)}));
  EXPECT_EQ(TableRows(*reader, kPair), (Rows{{std::string("crm"), int64_t{2}, kNull}}));
  EXPECT_EQ(ScanAll(*reader, {.table = kItem, .index = kByAccount}), (Rows{Item(1), Item(3)}));
}

TEST_P(RowTest, PutAfterEraseInserts) {
  auto writer = Write(*store_);
  PutRow(*writer, kItem, Item(1, 1));
  EraseRow(*writer, kItem, {int64_t{1}});
  PutRow(*writer, kItem, Item(1, 2));
  EXPECT_EQ(ScanAll(*writer, {.table = kItem, .index = kByAccount}), Rows{Item(1, 2)});
  EXPECT_OK(writer->EraseAll(kItem));
  PutRow(*writer, kItem, Item(1, 3));
  Commit(std::move(writer));
  EXPECT_EQ(ScanAll(*Read(*store_), {.table = kItem, .index = kByAccount}), Rows{Item(1, 3)});
}

TEST_P(RowTest, RewriteKeepsTheRows) {
  auto writer = Write(*store_);
  for (int64_t id = 1; id <= 300; ++id) PutRow(*writer, kItem, Item(id, id % 7));
  Commit(std::move(writer));
  writer = Write(*store_);
  for (int64_t id = 1; id <= 300; id += 3) EraseRow(*writer, kItem, {id});
  const Rows rows = TableRows(*writer, kItem);
  Scan by_account;
  by_account.table = kItem;
  by_account.index = kByAccount;
  const Rows in_order = ScanAll(*writer, by_account);
  EXPECT_OK(writer->Rewrite(kItem));
  EXPECT_OK(writer->Rewrite(kMark));
  EXPECT_TRUE(absl::IsInvalidArgument(writer->Rewrite(9)));
  EXPECT_EQ(TableRows(*writer, kItem), rows);
  Commit(std::move(writer));
  EXPECT_EQ(TableRows(*Read(*store_), kItem), rows);
  EXPECT_EQ(ScanAll(*Read(*store_), by_account), in_order);
}

TEST_P(RowTest, EraseTracesIsDoneWhenNobodyReads) {
  auto writer = Write(*store_);
  PutRow(*writer, kItem, Item(1));
  Commit(std::move(writer));
  if (GetParam().snapshots) {
    const auto reader = Read(*store_);
    EXPECT_OK(store_->EraseTraces().status());
    EXPECT_EQ(TableRows(*reader, kItem), Rows{Item(1)});
  }
  EXPECT_TRUE(*store_->EraseTraces());
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(1)});
}

TEST_P(RowTest, EraseAllRemovesOneTable) {
  auto writer = Write(*store_);
  for (int64_t id = 1; id <= 100; ++id) {
    PutRow(*writer, kItem, Item(id));
    PutRow(*writer, kMark, {id, id});
  }
  Commit(std::move(writer));
  writer = Write(*store_);
  EXPECT_OK(writer->EraseAll(kItem));
  EXPECT_TRUE(TableRows(*writer, kItem).empty());
  EXPECT_TRUE(ScanAll(*writer, {.table = kItem, .index = kByAccount}).empty());
  Commit(std::move(writer));
  EXPECT_TRUE(TableRows(*Read(*store_), kItem).empty());
  EXPECT_EQ(TableRows(*Read(*store_), kMark).size(), 100u);
}

TEST_P(RowTest, ATableMayBeAllKey) {
  auto writer = Write(*store_);
  PutRow(*writer, kMark, {int64_t{1}, int64_t{2}});
  PutRow(*writer, kMark, {int64_t{1}, int64_t{2}});
  PutRow(*writer, kMark, {int64_t{1}, int64_t{1}});
  Commit(std::move(writer));
  writer = Write(*store_);
  PutRow(*writer, kMark, {int64_t{1}, int64_t{2}});
  Commit(std::move(writer));
  const Rows expected = {{int64_t{1}, int64_t{1}}, {int64_t{1}, int64_t{2}}};
  EXPECT_EQ(TableRows(*Read(*store_), kMark), expected);
}

TEST_P(RowTest, AStoredRowMayBePutBack) {
  auto writer = Write(*store_);
  Row row = Item(1);
  row[kName] = std::string("name");
  PutRow(*writer, kItem, row);
  StoredRow stored;
  const Value key[] = {int64_t{1}};
  ASSERT_TRUE(*writer->Get(kItem, key, stored));
  std::vector<Value> values(stored.values().begin(), stored.values().end());
  values[kAccount] = int64_t{5};
  EXPECT_OK(writer->Put(kItem, values));
  row[kAccount] = int64_t{5};
  Commit(std::move(writer));
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{row});
}

TEST_P(JournalTest, KeepsEveryFieldOfAnEntry) {
  const std::string events("\0\1\2", 3);
  const JournalEntry written = {.seq = kMaxInteger,
                                .account = kMaxInteger,
                                .version = kMaxInteger,
                                .recorded_at = kMinInteger,
                                .actor = kMaxInteger,
                                .policy = 77,
                                .request = "request-1",
                                .events = events};
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(1, 0, 1)));
  EXPECT_OK(writer->Append(written));
  Commit(std::move(writer));
  const auto check = [&](const JournalEntry& entry) {
    EXPECT_EQ(entry.seq, written.seq);
    EXPECT_EQ(entry.account, written.account);
    EXPECT_EQ(entry.version, written.version);
    EXPECT_EQ(entry.recorded_at, written.recorded_at);
    EXPECT_EQ(entry.actor, written.actor);
    EXPECT_EQ(entry.policy, written.policy);
    EXPECT_EQ(entry.request, written.request);
    EXPECT_EQ(entry.events, events);
    return true;
  };
  const auto reader = Read(*store_);
  EXPECT_OK(reader->ReadJournal(1, check));
  EXPECT_OK(reader->ReadStream(kMaxInteger, 0, false, check));
  EXPECT_OK(reader->ReadStream(kMaxInteger, 0, true, check));
  EXPECT_TRUE(*reader->ReadEntry(kMaxInteger, check));
  EXPECT_OK(reader
                ->ReadEntry(1,
                            [](const JournalEntry& entry) {
                              EXPECT_TRUE(entry.request.empty());
                              EXPECT_TRUE(entry.events.empty());
                              return true;
                            })
                .status());
}

TEST_P(JournalTest, ReadsInOrderOfSeq) {
  auto writer = Write(*store_);
  for (const int64_t seq : {1, 2, 5, 9}) EXPECT_OK(writer->Append(Entry(seq, seq, 1)));
  EXPECT_EQ(Seqs(*writer), (std::vector<int64_t>{1, 2, 5, 9}));
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  EXPECT_EQ(Seqs(*reader), (std::vector<int64_t>{1, 2, 5, 9}));
  EXPECT_EQ(Seqs(*reader, 2), (std::vector<int64_t>{5, 9}));
  EXPECT_EQ(Seqs(*reader, 3), (std::vector<int64_t>{5, 9}));
  EXPECT_EQ(Seqs(*reader, 9), std::vector<int64_t>());
  EXPECT_EQ(Seqs(*reader, kMaxInteger), std::vector<int64_t>());
  int visited = 0;
  EXPECT_OK(reader->ReadJournal(0, [&](const JournalEntry&) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_P(JournalTest, ReadsAStreamBothWays) {
  auto writer = Write(*store_);
  for (int64_t version = 1; version <= 5; ++version) {
    EXPECT_OK(writer->Append(Entry(version * 10, 7, version)));
    EXPECT_OK(writer->Append(Entry(version * 10 + 1, 8, version)));
  }
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  const auto versions = [&](int64_t account, int64_t after, bool descending, size_t limit) {
    std::vector<int64_t> found;
    EXPECT_OK(reader->ReadStream(account, after, descending, [&](const JournalEntry& entry) {
      EXPECT_EQ(entry.account, account);
      found.push_back(entry.version);
      return found.size() < limit;
    }));
    return found;
  };
  using Versions = std::vector<int64_t>;
  EXPECT_EQ(versions(7, 0, false, 9), (Versions{1, 2, 3, 4, 5}));
  EXPECT_EQ(versions(7, 2, false, 9), (Versions{3, 4, 5}));
  EXPECT_EQ(versions(7, 2, false, 1), (Versions{3}));
  EXPECT_EQ(versions(7, 5, false, 9), Versions());
  EXPECT_EQ(versions(8, 0, true, 9), (Versions{5, 4, 3, 2, 1}));
  EXPECT_EQ(versions(8, 0, true, 2), (Versions{5, 4}));
  EXPECT_EQ(versions(8, 4, true, 9), (Versions{3, 2, 1}));
  EXPECT_EQ(versions(8, 1, true, 9), Versions());
  EXPECT_EQ(versions(9, 0, false, 9), Versions());
  EXPECT_EQ(versions(9, 0, true, 9), Versions());
}

TEST_P(JournalTest, ReadEntryFindsOne) {
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(3, 1, 1, "three")));
  Commit(std::move(writer));
  const auto reader = Read(*store_);
  std::string events;
  const auto visitor = [&](const JournalEntry& entry) {
    events = entry.events;
    return true;
  };
  EXPECT_FALSE(*reader->ReadEntry(2, visitor));
  EXPECT_EQ(events, "");
  EXPECT_TRUE(*reader->ReadEntry(3, visitor));
  EXPECT_EQ(events, "three");
}

TEST_P(JournalTest, TailIsTheNewest) {
  auto writer = Write(*store_);
  EXPECT_EQ(writer->JournalTail()->seq, 0);
  EXPECT_EQ(writer->JournalTail()->recorded_at, 0);
  EXPECT_OK(writer->Append(Entry(4, 1, 1)));
  EXPECT_OK(writer->Append(Entry(6, 2, 1)));
  EXPECT_EQ(writer->JournalTail()->seq, 6);
  if (GetParam().snapshots) {
    EXPECT_EQ(*store_->LastSeq(), 0);
  }
  Commit(std::move(writer));
  EXPECT_EQ(Read(*store_)->JournalTail()->seq, 6);
  EXPECT_EQ(Read(*store_)->JournalTail()->recorded_at, 6000);
  EXPECT_EQ(*store_->LastSeq(), 6);
}

TEST_P(JournalTest, AppendRefusesWhatIsTaken) {
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  EXPECT_TRUE(absl::IsAlreadyExists(writer->Append(Entry(1, 2, 1))));
  EXPECT_TRUE(absl::IsAlreadyExists(writer->Append(Entry(2, 1, 1))));
  Commit(std::move(writer));
  writer = Write(*store_);
  EXPECT_TRUE(absl::IsAlreadyExists(writer->Append(Entry(1, 2, 1))));
  EXPECT_TRUE(absl::IsAlreadyExists(writer->Append(Entry(2, 1, 1))));
  // The transaction is as it was.
  EXPECT_OK(writer->Append(Entry(2, 1, 2)));
  PutRow(*writer, kItem, Item(1));
  Commit(std::move(writer));
  EXPECT_EQ(Seqs(*Read(*store_)), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(TableRows(*Read(*store_), kItem), Rows{Item(1)});
}

}  // namespace
}  // namespace throughline::conformance
