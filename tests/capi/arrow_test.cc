// The structs that tl_table_arrow_stream gives, read as the specifications of the Arrow C data and
// C stream interfaces say, and by nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/table_rows.h"
#include "table_handle.h"
#include "throughline.h"
#include "throughline/time.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// A struct of Arrow's that is released when its time is over, if nobody has moved it away.
template <class Struct>
struct Held : Struct {
  Held() : Struct{} {}
  ~Held() { Release(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  void Release() {
    if (this->release != nullptr) this->release(this);
    EXPECT_EQ(this->release, nullptr);
  }
  // As the specification moves: byte by byte, and then the source is marked as released.
  void MoveFrom(Struct& source) {
    std::memcpy(static_cast<Struct*>(this), &source, sizeof(Struct));
    source.release = nullptr;
  }
};

using TablePointer = std::unique_ptr<tl_table, decltype(&tl_table_free)>;

TablePointer Made(Table table) {
  return {capi::MakeTable(std::move(table)).release(), &tl_table_free};
}

void Open(const tl_table* table, ArrowArrayStream& out) {
  tl_error error{};
  error.struct_size = sizeof error;
  ASSERT_EQ(tl_table_arrow_stream(table, &out, &error), TL_OK) << error.message;
  ASSERT_NE(out.release, nullptr);
}

// The one array of a table.
void Read(const tl_table* table, ArrowArray& out) {
  Held<ArrowArrayStream> stream;
  Open(table, stream);
  ASSERT_EQ(stream.get_next(&stream, &out), 0);
  ASSERT_NE(out.release, nullptr);
}

// A column of each kind, with an empty cell in each row but the first.
Table EachKind() {
  Table table;
  table.report = "kinds";
  table.finding = "All are there.";
  table.parameters = {{"source", "original"}, {"unit", "day"}};
  table.as_of = {*ParseTime("2024-03-31"), *ParseTime("2024-04-30T12:00:00Z"), 17};
  table.columns = {{"count", ColumnKind::kInteger, "leads", "How many."},
                   {"share", ColumnKind::kReal, "", ""},
                   {"name", ColumnKind::kText, "", "What it is called."},
                   {"at", ColumnKind::kTime, "", ""},
                   {"due", ColumnKind::kDate, "", ""},
                   {"late", ColumnKind::kBoolean, "", ""}};
  const Cell none;
  SetRows(table,
          {{int64_t{7}, 0.5, "Zoë", int64_t{1'700'000'000'000'000}, int64_t{19'814}, int64_t{1}},
           {none, -2.25, "", int64_t{-1}, int64_t{-1}, int64_t{0}},
           {INT64_MAX, none, "x", none, none, int64_t{1}},
           {INT64_MIN, 1e300, none, int64_t{0}, int64_t{0}, none}});
  return table;
}

// --- Reading, by the specification alone. ---

bool BitAt(const void* bits, int64_t i) {
  return ((static_cast<const uint8_t*>(bits)[i / 8] >> (i % 8)) & 1) != 0;
}

template <class T>
T ItemAt(const ArrowArray& array, int64_t buffer, int64_t i) {
  return static_cast<const T*>(array.buffers[buffer])[i];
}

Cell CellAt(const ArrowArray& array, const std::string& format, int64_t row) {
  const int64_t i = array.offset + row;
  if (array.buffers[0] != nullptr && !BitAt(array.buffers[0], i)) return {};
  if (format == "l" || format == "tsu:UTC") return ItemAt<int64_t>(array, 1, i);
  if (format == "tdD") return int64_t{ItemAt<int32_t>(array, 1, i)};
  if (format == "b") return int64_t{BitAt(array.buffers[1], i)};
  if (format == "g") return ItemAt<double>(array, 1, i);
  EXPECT_EQ(format, "U");
  const auto begin = ItemAt<int64_t>(array, 1, i);
  const auto end = ItemAt<int64_t>(array, 1, i + 1);
  return std::string(static_cast<const char*>(array.buffers[2]) + begin,
                     static_cast<size_t>(end - begin));
}

int32_t NumberAt(const char*& at) {
  int32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  at += sizeof number;
  return number;
}

std::string TextAt(const char*& at) {
  const int32_t size = NumberAt(at);
  std::string text(at, static_cast<size_t>(size));
  at += size;
  return text;
}

std::map<std::string, std::string> MetadataOf(const ArrowSchema& schema) {
  std::map<std::string, std::string> pairs;
  const char* at = schema.metadata;
  const int32_t count = at == nullptr ? 0 : NumberAt(at);
  for (int32_t i = 0; i < count; ++i) {
    const std::string key = TextAt(at);
    pairs[key] = TextAt(at);
  }
  return pairs;
}

// What must hold for a child of any type.
void CheckChild(const ArrowArray& child, const ArrowSchema& schema, int64_t rows) {
  EXPECT_EQ(child.length, rows);
  EXPECT_EQ(child.offset, 0);
  EXPECT_EQ(child.n_buffers, std::strcmp(schema.format, "U") == 0 ? 3 : 2);
  EXPECT_EQ(child.n_children + schema.n_children, 0);
  EXPECT_EQ(child.dictionary, nullptr);
  EXPECT_EQ(schema.dictionary, nullptr);
  EXPECT_EQ(schema.flags, ARROW_FLAG_NULLABLE);
  EXPECT_NE(schema.release, nullptr);
  EXPECT_NE(child.release, nullptr);
  int64_t nulls = 0;
  for (int64_t i = 0; i < rows && child.buffers[0] != nullptr; ++i)
    nulls += !BitAt(child.buffers[0], i);
  EXPECT_EQ(child.null_count, nulls);
  for (int64_t i = 1; i < child.n_buffers; ++i) EXPECT_NE(child.buffers[i], nullptr);
}

// Reads the stream of a table to its end and compares it with the table's own rows.
void CheckStream(const Table& table) {
  const TablePointer made = Made(table);
  Held<ArrowArrayStream> stream;
  Held<ArrowSchema> schema;
  Held<ArrowArray> array;
  Open(made.get(), stream);
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  const auto rows = static_cast<int64_t>(table.rows());
  const auto columns = static_cast<int64_t>(table.columns.size());
  ASSERT_STREQ(schema.format, "+s");
  ASSERT_EQ(schema.n_children, columns);
  ASSERT_EQ(array.n_children, columns);
  EXPECT_EQ(array.length, rows);
  EXPECT_EQ(array.null_count + array.offset, 0);
  ASSERT_EQ(array.n_buffers, 1);
  EXPECT_EQ(array.buffers[0], nullptr);
  for (int64_t i = 0; i < columns; ++i) {
    SCOPED_TRACE(table.columns[static_cast<size_t>(i)].name);
    EXPECT_EQ(schema.children[i]->name, table.columns[static_cast<size_t>(i)].name);
    CheckChild(*array.children[i], *schema.children[i], rows);
    for (int64_t row = 0; row < rows; ++row) {
      EXPECT_EQ(CellAt(*array.children[i], schema.children[i]->format, row),
                table.at(static_cast<size_t>(row), static_cast<size_t>(i)));
    }
  }
  Held<ArrowArray> end;
  EXPECT_EQ(stream.get_next(&stream, &end), 0);
  EXPECT_EQ(end.release, nullptr);
}

// --- The tests. ---

TEST(ArrowTest, EveryKindOfColumnHasItsType) {
  Held<ArrowArrayStream> stream;
  Held<ArrowSchema> schema;
  Open(Made(EachKind()).get(), stream);
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  std::vector<std::string> formats;
  for (int64_t i = 0; i < schema.n_children; ++i) formats.emplace_back(schema.children[i]->format);
  EXPECT_THAT(formats, ElementsAre("l", "g", "U", "tsu:UTC", "tdD", "b"));
  EXPECT_STREQ(schema.name, "");
}

TEST(ArrowTest, TheSchemaSaysWhatTheTableSays) {
  Held<ArrowArrayStream> stream;
  Held<ArrowSchema> schema;
  Open(Made(EachKind()).get(), stream);
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_THAT(
      MetadataOf(schema),
      UnorderedElementsAre(Pair("report", "kinds"), Pair("finding", "All are there."),
                           Pair("parameters.source", "original"), Pair("parameters.unit", "day"),
                           Pair("through", "2024-03-31T00:00:00Z"),
                           Pair("known_at", "2024-04-30T12:00:00Z"), Pair("seq", "17")));
  EXPECT_THAT(MetadataOf(*schema.children[0]),
              UnorderedElementsAre(Pair("unit", "leads"), Pair("definition", "How many.")));
  EXPECT_EQ(schema.children[1]->metadata, nullptr);
}

TEST(ArrowTest, CellsAreThoseOfTheTable) { CheckStream(EachKind()); }

TEST(ArrowTest, BitsOfAnyNumberOfRows) {
  for (size_t rows = 1; rows <= 70; ++rows) {
    Table table = EachKind();
    const std::vector<TableRow> some = RowsOf(table);
    SetRows(table, {});
    for (size_t i = 0; i < rows; ++i) table.AddRow(some[(i * i + rows) % some.size()]);
    CheckStream(table);
  }
}

TEST(ArrowTest, TablesWithoutRowsOrColumns) {
  Table table = EachKind();
  SetRows(table, {});
  CheckStream(table);
  table.columns.clear();
  CheckStream(table);
  CheckStream(Table());
}

TEST(ArrowTest, NothingEmptyNeedsNoBitmap) {
  Table table = EachKind();
  KeepRows(table, 1);
  Held<ArrowArray> array;
  Read(Made(table).get(), array);
  for (int64_t i = 0; i < array.n_children; ++i) {
    EXPECT_EQ(array.children[i]->buffers[0], nullptr);
    EXPECT_EQ(array.children[i]->null_count, 0);
  }
  CheckStream(table);
}

TEST(ArrowTest, NumbersTimesAndTextsAreNotCopied) {
  const TablePointer table = Made(EachKind());
  Held<ArrowArray> array;
  Read(table.get(), array);
  std::vector<const void*> own;
  std::vector<const void*> given;
  for (const int64_t i : {0, 1, 2, 3}) {
    tl_column column{};
    column.struct_size = sizeof column;
    ASSERT_EQ(tl_table_column(table.get(), i, &column, nullptr), TL_OK);
    const void* cells = column.integers;
    if (column.kind == TL_COLUMN_REAL) cells = column.reals;
    if (column.kind == TL_COLUMN_TEXT) cells = column.offsets;
    own.push_back(cells);
    given.push_back(array.children[i]->buffers[1]);
  }
  tl_column name{};
  name.struct_size = sizeof name;
  ASSERT_EQ(tl_table_column(table.get(), 2, &name, nullptr), TL_OK);
  EXPECT_EQ(array.children[2]->buffers[2], name.bytes);
  EXPECT_THAT(given, ElementsAreArray(own));
}

TEST(ArrowTest, ArraysOutliveTableAndStream) {
  Held<ArrowArray> array;
  Read(Made(EachKind()).get(), array);
  EXPECT_EQ(CellAt(*array.children[2], "U", 0), Cell("Zoë"));
  EXPECT_EQ(CellAt(*array.children[4], "tdD", 0), Cell(int64_t{19'814}));
}

TEST(ArrowTest, AStreamOutlivesItsTableAndCanBeMoved) {
  ArrowArrayStream first{};
  Open(Made(EachKind()).get(), first);
  Held<ArrowArrayStream> stream;
  stream.MoveFrom(first);
  Held<ArrowSchema> schema;
  Held<ArrowSchema> again;
  Held<ArrowArray> array;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  ASSERT_EQ(stream.get_schema(&stream, &again), 0);
  stream.Release();
  EXPECT_STREQ(schema.children[5]->format, again.children[5]->format);
  EXPECT_EQ(CellAt(*array.children[5], "b", 0), Cell(int64_t{1}));
}

TEST(ArrowTest, ChildrenMayBeMovedAway) {
  Held<ArrowArray> names;
  Held<ArrowArray> dates;
  {
    Held<ArrowArray> array;
    Read(Made(EachKind()).get(), array);
    names.MoveFrom(*array.children[2]);
    dates.MoveFrom(*array.children[4]);
  }
  EXPECT_EQ(CellAt(names, "U", 0), Cell("Zoë"));
  names.Release();
  EXPECT_EQ(CellAt(dates, "tdD", 1), Cell(int64_t{-1}));
}

TEST(ArrowTest, ColumnsOfTheSchemaMayBeMovedAway) {
  Held<ArrowSchema> name;
  {
    Held<ArrowArrayStream> stream;
    Held<ArrowSchema> schema;
    Open(Made(EachKind()).get(), stream);
    ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
    name.MoveFrom(*schema.children[2]);
  }
  EXPECT_STREQ(name.name, "name");
  EXPECT_EQ(MetadataOf(name)["definition"], "What it is called.");
}

// release() marks as released, and so it ends what there is once.
template <class Struct>
void ReleaseTwice(Struct& exported) {
  const auto release = exported.release;
  release(&exported);
  EXPECT_EQ(exported.release, nullptr);
  release(&exported);
  EXPECT_EQ(exported.release, nullptr);
}

TEST(ArrowTest, ReleasingTwiceIsNoHarm) {
  ArrowArrayStream stream{};
  ArrowSchema schema{};
  ArrowArray array{};
  Open(Made(EachKind()).get(), stream);
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  ReleaseTwice(*array.children[0]);
  ReleaseTwice(stream);
  ReleaseTwice(array);
  ReleaseTwice(schema);
}

TEST(ArrowTest, AnUnreadStreamIsReleased) {
  Held<ArrowArrayStream> stream;
  Open(Made(EachKind()).get(), stream);
}

TEST(ArrowTest, TheEndStaysTheEnd) {
  Held<ArrowArrayStream> stream;
  Open(Made(EachKind()).get(), stream);
  Held<ArrowArray> array;
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  for (int i = 0; i < 3; ++i) {
    ArrowArray end;
    std::memset(&end, 0xFF, sizeof end);
    EXPECT_EQ(stream.get_next(&stream, &end), 0);
    EXPECT_EQ(end.release, nullptr);
    EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  }
}

TEST(ArrowTest, ErrorsHaveANumberAndAText) {
  Held<ArrowArrayStream> stream;
  Open(Made(EachKind()).get(), stream);
  EXPECT_EQ(stream.get_schema(&stream, nullptr), EINVAL);
  EXPECT_STRNE(stream.get_last_error(&stream), nullptr);
  EXPECT_EQ(stream.get_next(&stream, nullptr), EINVAL);
  EXPECT_STRNE(stream.get_last_error(&stream), nullptr);
  Held<ArrowArray> array;
  EXPECT_EQ(stream.get_next(&stream, &array), 0);
  EXPECT_EQ(stream.get_last_error(&stream), nullptr);
}

TEST(ArrowTest, ARefusedCallLeavesNothingToRelease) {
  ArrowArrayStream stream;
  std::memset(&stream, 0xFF, sizeof stream);
  EXPECT_EQ(tl_table_arrow_stream(nullptr, &stream, nullptr), TL_INVALID_ARGUMENT);
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_EQ(tl_table_arrow_stream(Made(EachKind()).get(), nullptr, nullptr), TL_INVALID_ARGUMENT);
  tl_error error{};
  error.struct_size = 3;
  EXPECT_EQ(tl_table_arrow_stream(Made(EachKind()).get(), &stream, &error), TL_INVALID_ARGUMENT);
  EXPECT_EQ(stream.release, nullptr);
}

}  // namespace
}  // namespace throughline
