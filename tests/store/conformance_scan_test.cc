// Scans: ranges, order, cursors.

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

using Ids = std::vector<int64_t>;

Row ItemWith(int64_t id, std::vector<std::pair<int, Cell>> cells) {
  Row row = Item(id);
  for (auto& [column, cell] : cells) row[static_cast<size_t>(column)] = std::move(cell);
  return row;
}

class ScanTest : public StoreTest {
 protected:
  void Put(TableNumber table, const Rows& rows) {
    reader_ = nullptr;
    auto writer = Write(*store_);
    for (const Row& row : rows) PutRow(*writer, table, row);
    Commit(std::move(writer));
    reader_ = Read(*store_);
  }

  Ids IdsOf(Scan scan, size_t limit = SIZE_MAX) {
    Ids ids;
    for (const Row& row : ScanAll(*reader_, scan, limit)) ids.push_back(std::get<int64_t>(row[0]));
    return ids;
  }

  // Deleted before the store.
  std::unique_ptr<ReadTransaction> reader_;
};

INSTANTIATE_STORE_TEST(ScanTest);

TEST_P(ScanTest, AnEmptyTableHasNoRows) {
  reader_ = Read(*store_);
  EXPECT_EQ(IdsOf({.table = kItem}), Ids());
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue, .descending = true}), Ids());
}

TEST_P(ScanTest, ByPrimaryKey) {
  Put(kItem, {Item(3), Item(kMinInteger), Item(-1), Item(kMaxInteger), Item(0)});
  EXPECT_EQ(IdsOf({.table = kItem}), (Ids{kMinInteger, -1, 0, 3, kMaxInteger}));
  EXPECT_EQ(IdsOf({.table = kItem, .descending = true}), (Ids{kMaxInteger, 3, 0, -1, kMinInteger}));
  const Value three[] = {int64_t{3}};
  EXPECT_EQ(IdsOf({.table = kItem, .prefix = three}), Ids{3});
  EXPECT_EQ(IdsOf({.table = kItem, .after = three}), Ids{kMaxInteger});
  EXPECT_EQ(IdsOf({.table = kItem, .after = three, .descending = true}), (Ids{0, -1, kMinInteger}));
  EXPECT_EQ(IdsOf({.table = kItem, .lower = int64_t{-1}, .upper = int64_t{3}}), (Ids{-1, 0, 3}));
}

TEST_P(ScanTest, TiesAreInOrderOfThePrimaryKey) {
  Put(kItem, {Item(5, 1), Item(2, 1), Item(9, 0), Item(1, 2), Item(3, 1)});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByAccount}), (Ids{9, 2, 3, 5, 1}));
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByAccount, .descending = true}), (Ids{1, 5, 3, 2, 9}));
  const Value account[] = {int64_t{1}};
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByAccount, .prefix = account}), (Ids{2, 3, 5}));
}

TEST_P(ScanTest, TextIsOrderedByBytes) {
  const std::string names[] = {
      "", std::string("\0", 1), "A", "B", "a", "a\x01", "aa", "\x7f", "\x80", "é", "\xff"};
  Rows rows;
  int64_t id = 100;
  for (const std::string& name : names) rows.push_back(ItemWith(--id, {{kName, name}}));
  Put(kItem, rows);
  std::vector<std::string> found;
  for (const Row& row : ScanAll(*reader_, {.table = kItem, .index = kByName})) {
    found.push_back(std::get<std::string>(row[kName]));
  }
  EXPECT_EQ(found, std::vector<std::string>(std::begin(names), std::end(names)));
  EXPECT_EQ(IdsOf({.table = kItem,
                   .index = kByName,
                   .lower = std::string_view("a"),
                   .upper = std::string_view("aa")}),
            (Ids{95, 94, 93}));
}

TEST_P(ScanTest, RealsAreOrderedByValue) {
  Put(kItem,
      {ItemWith(1, {{kScore, 1e300}}), ItemWith(2, {{kScore, -1.5}}), ItemWith(3, {{kScore, 0.0}}),
       ItemWith(4, {{kScore, 2.0}}), Item(5), ItemWith(6, {{kScore, -1e300}})});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByScore}), (Ids{6, 2, 3, 4, 1}));
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByScore, .lower = -1.5, .upper = 2.0}),
            (Ids{2, 3, 4}));
}

TEST_P(ScanTest, NullInTheFirstColumnIsNotInTheIndex) {
  Put(kItem, {Item(1), ItemWith(2, {{kOwner, int64_t{7}}}), Item(3)});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage}), Ids{2});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage, .descending = true}), Ids{2});
  const Value null[] = {Value()};
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage, .prefix = null}), Ids());
  const Value position[] = {Value(), int64_t{0}, int64_t{1}};
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage, .after = position}), Ids{2});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage, .after = position, .descending = true}),
            Ids());
  // In and out of the index.
  Put(kItem, {ItemWith(1, {{kOwner, int64_t{8}}}), Item(2)});
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByOwnerStage}), Ids{1});
}

TEST_P(ScanTest, NullInALaterColumnComesFirst) {
  Put(kItem,
      {ItemWith(1, {{kDue, int64_t{5}}}), Item(2), ItemWith(3, {{kDue, kMinInteger}}), Item(4)});
  const Value stage[] = {int64_t{0}};
  const Value none_due[] = {int64_t{0}, Value()};
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue}), (Ids{2, 4, 3, 1}));
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue, .prefix = stage, .descending = true}),
            (Ids{1, 3, 4, 2}));
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue, .prefix = none_due}), (Ids{2, 4}));
  // Bounds leave nulls out.
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue, .prefix = stage, .upper = int64_t{5}}),
            (Ids{3, 1}));
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByStageDue, .prefix = stage, .lower = kMinInteger}),
            (Ids{3, 1}));
}

TEST_P(ScanTest, GoesOnBehindEveryPosition) {
  Put(kItem, {ItemWith(1, {{kDue, int64_t{5}}}), Item(2), ItemWith(3, {{kDue, int64_t{4}}}),
              Item(4), ItemWith(5, {{kStage, int64_t{1}}, {kDue, int64_t{1}}}),
              ItemWith(6, {{kStage, int64_t{-1}}})});
  for (const bool descending : {false, true}) {
    const Scan whole = {.table = kItem, .index = kByStageDue, .descending = descending};
    const Rows rows = ScanAll(*reader_, whole);
    ASSERT_EQ(rows.size(), 6u);
    for (size_t i = 0; i < rows.size(); ++i) {
      const Row position = {rows[i][kStage], rows[i][kDue], rows[i][kId]};
      const std::vector<Value> after = ToValues(position);
      Scan rest = whole;
      rest.after = after;
      const auto next = rows.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      EXPECT_EQ(ScanAll(*reader_, rest), Rows(next, rows.end())) << i << descending;
    }
  }
}

TEST_P(ScanTest, APositionNeedNotExist) {
  Put(kItem, {Item(2, 1), Item(4, 1), Item(6, 2)});
  const auto after = [&](int64_t account, int64_t id, bool descending) {
    const Value position[] = {account, id};
    return IdsOf(
        {.table = kItem, .index = kByAccount, .after = position, .descending = descending});
  };
  EXPECT_EQ(after(1, 3, false), (Ids{4, 6}));
  EXPECT_EQ(after(1, 3, true), (Ids{2}));
  EXPECT_EQ(after(0, 100, false), (Ids{2, 4, 6}));
  EXPECT_EQ(after(0, 100, true), Ids());
  EXPECT_EQ(after(3, 0, false), Ids());
  EXPECT_EQ(after(3, 0, true), (Ids{6, 4, 2}));
}

TEST_P(ScanTest, APositionOutsideOfThePrefixIsBeforeOrBehindIt) {
  Put(kItem, {Item(1, 1), Item(2, 2), Item(3, 2), Item(4, 3)});
  const Value two[] = {int64_t{2}};
  const auto after = [&](int64_t account, bool descending) {
    const Value position[] = {account, int64_t{0}};
    return IdsOf({.table = kItem,
                  .index = kByAccount,
                  .prefix = two,
                  .after = position,
                  .descending = descending});
  };
  EXPECT_EQ(after(1, false), (Ids{2, 3}));
  EXPECT_EQ(after(3, false), Ids());
  EXPECT_EQ(after(3, true), (Ids{3, 2}));
  EXPECT_EQ(after(1, true), Ids());
}

TEST_P(ScanTest, KeysOfSeveralColumns) {
  Put(kPair, {{std::string("b"), int64_t{1}, kNull},
              {std::string("a"), int64_t{2}, std::string("x")},
              {std::string("a"), int64_t{1}, std::string("y")},
              {std::string("b"), int64_t{0}, std::string("x")}});
  const Row a1 = {std::string("a"), int64_t{1}, std::string("y")};
  const Row a2 = {std::string("a"), int64_t{2}, std::string("x")};
  const Row b0 = {std::string("b"), int64_t{0}, std::string("x")};
  const Row b1 = {std::string("b"), int64_t{1}, kNull};
  EXPECT_EQ(TableRows(*reader_, kPair), (Rows{a1, a2, b0, b1}));
  const Value a[] = {std::string_view("a")};
  EXPECT_EQ(ScanAll(*reader_, {.table = kPair, .prefix = a, .lower = int64_t{2}}), Rows{a2});
  // Ties by number are in order of (system, number), by value and system too.
  EXPECT_EQ(ScanAll(*reader_, {.table = kPair, .index = kByNumber}), (Rows{b0, a1, b1, a2}));
  EXPECT_EQ(ScanAll(*reader_, {.table = kPair, .index = kByValueSystem}), (Rows{a2, b0, a1}));
  const Value position[] = {std::string_view("x"), std::string_view("a"), std::string_view("a"),
                            int64_t{2}};
  EXPECT_EQ(ScanAll(*reader_, {.table = kPair, .index = kByValueSystem, .after = position}),
            (Rows{b0, a1}));
  const Value full[] = {int64_t{1}, std::string_view("b")};
  EXPECT_EQ(ScanAll(*reader_, {.table = kPair, .index = kByNumber, .prefix = full}), Rows{b1});
}

TEST_P(ScanTest, WantedColumnsComeWhereTheyStand) {
  Put(kItem, {Item(1, 7), Item(2, 8)});
  Ids seen;
  const Scan scan{.table = kItem, .wanted = uint64_t{1} << kId | uint64_t{1} << kAccount};
  EXPECT_OK(reader_->ScanRows(scan, [&](std::span<const Value> row) {
    EXPECT_EQ(row.size(), Item(1).size());
    seen.push_back(std::get<int64_t>(row[kId]));
    seen.push_back(std::get<int64_t>(row[kAccount]));
    return true;
  }));
  EXPECT_EQ(seen, (Ids{1, 7, 2, 8}));
}

TEST_P(ScanTest, StopsWhenTheVisitorSaysSo) {
  Put(kItem, {Item(1), Item(2), Item(3)});
  EXPECT_EQ(IdsOf({.table = kItem}, 2), (Ids{1, 2}));
  const Value position[] = {int64_t{0}, int64_t{1}};
  EXPECT_EQ(IdsOf({.table = kItem, .index = kByAccount, .after = position}, 1), (Ids{2}));
}

TEST_P(ScanTest, AVisitorMayReadThroughItsTransaction) {
  Put(kItem, {Item(1), Item(2), Item(3)});
  const auto read_within = [](ReadTransaction& transaction) {
    Ids seen;
    EXPECT_OK(transaction.ScanRows({.table = kItem}, [&](std::span<const Value> row) {
      const int64_t id = std::get<int64_t>(row[kId]);
      EXPECT_EQ(GetRow(transaction, kItem, {4 - id}), Item(4 - id));
      EXPECT_EQ(TableRows(transaction, kItem).size(), 3u);
      EXPECT_LE(Seqs(transaction).size(), 1u);
      // What the visitor was given is still there.
      seen.push_back(std::get<int64_t>(row[kId]));
      return true;
    }));
    EXPECT_EQ(seen, (Ids{1, 2, 3}));
  };
  read_within(*reader_);
  reader_ = nullptr;
  auto writer = Write(*store_);
  EXPECT_OK(writer->Append(Entry(1, 1, 1)));
  read_within(*writer);
  EXPECT_OK(writer->ReadJournal(0, [&](const JournalEntry& entry) {
    EXPECT_EQ(Seqs(*writer), Ids{1});
    EXPECT_EQ(entry.seq, 1);
    return true;
  }));
}

TEST_P(ScanTest, AVisitorMayThrow) {
  Put(kItem, {Item(1), Item(2)});
  const auto thrower = [](std::span<const Value>) -> bool { throw std::runtime_error("visitor"); };
  EXPECT_THROW(reader_->ScanRows({.table = kItem}, thrower).IgnoreError(), std::runtime_error);
  EXPECT_EQ(IdsOf({.table = kItem}), (Ids{1, 2}));
  reader_ = nullptr;
  auto writer = Write(*store_);
  EXPECT_THROW(writer->ScanRows({.table = kItem}, thrower).IgnoreError(), std::runtime_error);
  PutRow(*writer, kItem, Item(3));
  Commit(std::move(writer));
  reader_ = Read(*store_);
  EXPECT_EQ(IdsOf({.table = kItem}), (Ids{1, 2, 3}));
}

}  // namespace
}  // namespace throughline::conformance
