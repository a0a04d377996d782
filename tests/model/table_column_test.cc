#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "model/table_rows.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TableColumn Column(ColumnKind kind) { return {"any", kind, "", ""}; }

Table ThreeColumns() {
  Table table;
  table.columns = {{"name", ColumnKind::kText, "", ""},
                   {"count", ColumnKind::kInteger, "", ""},
                   {"share", ColumnKind::kReal, "", ""}};
  return table;
}

TEST(TableColumnTest, ItsArraysAreThoseOfItsKind) {
  TableColumn texts = Column(ColumnKind::kText);
  texts.Reserve(3);
  for (const char* text : {"Zoë", "", "x"}) texts.AddText(text);
  EXPECT_EQ(texts.bytes, "Zoëx");
  EXPECT_THAT(texts.offsets, ElementsAre(0, 4, 4, 5));
  EXPECT_EQ(texts.TextAt(2), "x");
  TableColumn reals = Column(ColumnKind::kReal);
  reals.Reserve(1);
  reals.AddReal(0.5);
  EXPECT_THAT(reals.reals, ElementsAre(0.5));
  TableColumn times = Column(ColumnKind::kTime);
  times.Reserve(1);
  times.AddInteger(7);
  EXPECT_THAT(times.integers, ElementsAre(7));
  EXPECT_TRUE(times.given.empty());
}

TEST(TableColumnTest, EmptyCellsMayComeAnywhere) {
  for (const ColumnKind kind : {ColumnKind::kInteger, ColumnKind::kReal, ColumnKind::kText}) {
    Cell some = int64_t{7};
    if (kind == ColumnKind::kReal) some = 0.5;
    if (kind == ColumnKind::kText) some = "seven";
    for (int pattern = 0; pattern < 8; ++pattern) {
      Table table;
      table.columns = {Column(kind)};
      std::vector<TableRow> rows;
      for (int bit = 0; bit < 3; ++bit) rows.push_back({pattern >> bit & 1 ? some : Cell()});
      SetRows(table, rows);
      EXPECT_EQ(RowsOf(table), rows) << pattern;
      EXPECT_EQ(table.columns[0].given.empty(), pattern == 7);
    }
  }
}

TEST(TableColumnTest, PastTheLastRowThereIsNothing) {
  TableColumn column = Column(ColumnKind::kInteger);
  column.AddInteger(7);
  EXPECT_TRUE(column.IsGiven(0));
  EXPECT_FALSE(column.IsGiven(1));
  EXPECT_EQ(column.at(1), Cell());
  column.AddEmpty();
  EXPECT_FALSE(column.IsGiven(2));
  const TableColumn taken = std::move(column);
  EXPECT_EQ(taken.rows(), 2u);
}

TEST(TableColumnTest, OfWhichTheCellsWereTakenItHasNone) {
  for (const ColumnKind kind : {ColumnKind::kInteger, ColumnKind::kReal, ColumnKind::kText}) {
    TableColumn column = Column(kind);
    column.AddEmpty();
    const TableColumn taken = std::move(column);
    EXPECT_EQ(taken.rows(), 1u);
    EXPECT_EQ(column.rows(), 0u);  // NOLINT: that is the question
  }
}

#ifdef NDEBUG
TEST(TableTest, ACellThatIsNotOfItsColumnsKindIsEmpty) {
  Table table = ThreeColumns();
  table.AddRow({int64_t{1}, 0.5, "x"});
  table.AddRow({"a", "b", {}});
  EXPECT_EQ(RowsOf(table), (std::vector<TableRow>{{{}, {}, {}}, {"a", {}, {}}}));
}
#endif

TEST(TableTest, ARealThatIsNotFiniteIsEmpty) {
  Table table = ThreeColumns();
  for (const double bad : {kNan, kInfinity, -kInfinity}) table.AddRow({"a", int64_t{1}, bad});
  EXPECT_EQ(RowsOf(table), std::vector<TableRow>(3, {"a", int64_t{1}, {}}));
}

TEST(TableTest, AnIntegerAmongRealsIsOne) {
  Table table = ThreeColumns();
  table.AddRow({"a", int64_t{1}, int64_t{2}});
  EXPECT_EQ(RowsOf(table), (std::vector<TableRow>{{"a", int64_t{1}, 2.0}}));
}

TEST(TableTest, RowsMayBeShortOrLong) {
  Table table = ThreeColumns();
  table.AddRow({"a"});
  table.AddRow({"b", int64_t{1}, 0.5, int64_t{9}});
  EXPECT_EQ(RowsOf(table), (std::vector<TableRow>{{"a", {}, {}}, {"b", int64_t{1}, 0.5}}));
}

TEST(TableTest, ColumnsAreFoundByName) {
  const Table table = ThreeColumns();
  EXPECT_EQ(table.FindColumn("share"), 2u);
  EXPECT_EQ(table.FindColumn("shares"), std::nullopt);
  EXPECT_EQ(Table().FindColumn(""), std::nullopt);
}

}  // namespace
}  // namespace throughline
