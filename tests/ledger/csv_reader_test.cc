#include "ledger/import/csv_reader.h"

#include <unistd.h>

#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Fields = std::vector<std::string>;

// A row that outlives the reader's buffer.
struct Row {
  Fields fields;
  uint64_t line = 0;
  CsvError error;  // line 0: none
  bool operator==(const Row& other) const {
    return fields == other.fields && line == other.line && error.line == other.error.line &&
           error.column == other.error.column && error.why == other.error.why;
  }
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << "line " << row.line << ": " << testing::PrintToString(row.fields);
  if (row.error.line != 0) {
    *out << " refused at " << row.error.line << "/" << row.error.column << ": " << row.error.why;
  }
}

std::unique_ptr<TextSource> SourceOf(std::string_view text, size_t buffer_bytes) {
  const std::string path = testing::TempDir() + "/csv_reader_test_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << text;
  absl::StatusOr<std::unique_ptr<TextSource>> source =
      TextSource::Open(path, "utf-8", buffer_bytes);
  unlink(path.c_str());
  EXPECT_TRUE(source.ok()) << source.status();
  return *std::move(source);
}

std::vector<Row> ReadAll(std::string_view text, const CsvOptions& options = {},
                         size_t buffer_bytes = 1 << 16) {
  const std::unique_ptr<TextSource> source = SourceOf(text, buffer_bytes);
  CsvReader reader(source.get(), options);
  std::vector<Row> rows;
  CsvRow row;
  for (;;) {
    const absl::StatusOr<bool> more = reader.Next(row);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
    rows.push_back(
        {Fields(row.fields.begin(), row.fields.end()), row.line, row.error.value_or(CsvError())});
  }
  EXPECT_FALSE(*reader.Next(row)) << "the end stays the end";
  return rows;
}

std::vector<Fields> GoodFields(std::string_view text, const CsvOptions& options = {}) {
  std::vector<Fields> good;
  for (Row& row : ReadAll(text, options)) {
    EXPECT_EQ(row.error.line, 0u) << row.error.why;
    good.push_back(std::move(row.fields));
  }
  return good;
}

TEST(CsvReaderTest, ReadsRowsWithAnyLineBreak) {
  const std::vector<Fields> expected = {{"id", "name"}, {"1", "Ann"}, {"2", ""}};
  EXPECT_EQ(GoodFields("id,name\n1,Ann\n2,\n"), expected);
  EXPECT_EQ(GoodFields("id,name\r\n1,Ann\r\n2,\r\n"), expected);
  EXPECT_EQ(GoodFields("id,name\r1,Ann\r2,\r"), expected);
  EXPECT_EQ(GoodFields("id,name\r\n1,Ann\n2,"), expected) << "mixed, and none at the end";
  EXPECT_EQ(GoodFields("\n\r\nid,name\n\n\n1,Ann\r\r2,\n\n"), expected) << "empty lines";
}

TEST(CsvReaderTest, EmptyTextHasNoRows) {
  EXPECT_THAT(ReadAll(""), IsEmpty());
  EXPECT_THAT(ReadAll("\n\r\n\r\n"), IsEmpty());
}

TEST(CsvReaderTest, Unquotes) {
  EXPECT_EQ(GoodFields("a,b\n\"x\"\"y\"\"\",\"\"\n"),
            (std::vector<Fields>{{"a", "b"}, {"x\"y\"", ""}}));
  EXPECT_EQ(GoodFields("a,b\n\"1,2\n3\r\n4\",\" s \""),
            (std::vector<Fields>{{"a", "b"}, {"1,2\n3\r\n4", " s "}}));
  EXPECT_EQ(GoodFields("a\n\"\"\n"), (std::vector<Fields>{{"a"}, {""}})) << "not an empty line";
}

TEST(CsvReaderTest, KeepsSpaces) {
  EXPECT_EQ(GoodFields("a,b\n x , \n"), (std::vector<Fields>{{"a", "b"}, {" x ", " "}}));
  EXPECT_EQ(GoodFields("a\n \n"), (std::vector<Fields>{{"a"}, {" "}}));
}

TEST(CsvReaderTest, CountsPhysicalLines) {
  const std::vector<Row> rows = ReadAll("a,b\r\n\r\n\"x\r\ny\rz\n\",1\r\n2,3\r4,5\n\n6,7");
  ASSERT_THAT(rows, SizeIs(5));
  EXPECT_EQ(rows[0].line, 1u);
  EXPECT_EQ(rows[1].line, 3u);
  EXPECT_EQ(rows[2].line, 7u);
  EXPECT_EQ(rows[3].line, 8u);
  EXPECT_EQ(rows[4].line, 10u);
}

TEST(CsvReaderTest, DetectsTheDelimiter) {
  EXPECT_EQ(GoodFields("a;b;c\n1,5;2;3\n")[1], (Fields{"1,5", "2", "3"}));
  EXPECT_EQ(GoodFields("a\tb\n1,5\t2\n")[1], (Fields{"1,5", "2"}));
  EXPECT_EQ(GoodFields("a|b\n1|2\n")[1], (Fields{"1", "2"}));
  EXPECT_EQ(GoodFields("\n\"a,b,c,\n\";d\n1;2\n")[1], (Fields{"1", "2"})) << "outside quotes";
  EXPECT_EQ(GoodFields("a b\n1 2\n")[1], (Fields{"1 2"})) << "one column";
  EXPECT_EQ(GoodFields("a,b;c\n1,2;3\n", {.delimiter = ';'})[1], (Fields{"1,2", "3"}));
  EXPECT_EQ(GoodFields("a^b\n1^2\n", {.delimiter = '^'})[1], (Fields{"1", "2"}));
}

TEST(CsvReaderTest, RefusesADelimiterThatCannotBeToldOrUsed) {
  CsvRow row;
  for (const auto& [text, delimiter] :
       {std::pair("a,b;c\n", '\0'), {"a\n", '"'}, {"a\n", '\n'}, {"a\n", '\xE9'}}) {
    const std::unique_ptr<TextSource> source = SourceOf(text, 100);
    CsvReader reader(source.get(), {.delimiter = delimiter});
    EXPECT_EQ(reader.Next(row).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(reader.Next(row).status().message(), HasSubstr("delimiter")) << "it stays";
  }
}

TEST(CsvReaderTest, RefusesAWrongNumberOfFields) {
  const std::vector<Row> rows = ReadAll("a,b\n1\n1,2,3\n\"x\ny\",2,3\n4,5\n");
  ASSERT_THAT(rows, SizeIs(5));
  EXPECT_EQ(rows[1], (Row{{"1"}, 2, {2, 0, "1 field; the first row has 2"}}));
  EXPECT_EQ(rows[2], (Row{{"1", "2", "3"}, 3, {3, 0, "3 fields; the first row has 2"}}));
  EXPECT_EQ(rows[3], (Row{{"x\ny", "2", "3"}, 4, {4, 0, "3 fields; the first row has 2"}}));
  EXPECT_EQ(rows[4], (Row{{"4", "5"}, 6, {}}));
}

TEST(CsvReaderTest, RefusesAQuoteWithinAPlainField) {
  const std::vector<Row> rows = ReadAll("a,b\n1,5\" pipe\n\"x\ny\",in \"it\"\n3,4\n");
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[1].error.line, 2u);
  EXPECT_EQ(rows[1].error.column, 2u);
  EXPECT_THAT(rows[1].error.why, HasSubstr("a quote within a field"));
  EXPECT_EQ(rows[2].line, 3u);
  EXPECT_EQ(rows[2].error.line, 4u) << "the field begins a line after its row";
  EXPECT_EQ(rows[3], (Row{{"3", "4"}, 5, {}}));
}

TEST(CsvReaderTest, AStrayQuoteCostsOneRow) {
  const std::vector<Row> rows = ReadAll("a,b\n1,\"stray\n2,x\n3,\"y\"\n4,\"z\n5,\"w\n6,v\r\n");
  ASSERT_THAT(rows, SizeIs(7));
  EXPECT_EQ(rows[1], (Row{{"1"}, 2, {2, 2, "text after the closing quote"}}));
  EXPECT_EQ(rows[2], (Row{{"2", "x"}, 3, {}}));
  EXPECT_EQ(rows[3], (Row{{"3", "y"}, 4, {}}));
  EXPECT_EQ(rows[4], (Row{{"4"}, 5, {5, 2, "text after the closing quote"}}));
  EXPECT_EQ(rows[5], (Row{{"5"}, 6, {6, 2, "the quote is never closed"}}));
  EXPECT_EQ(rows[6], (Row{{"6", "v"}, 7, {}}));
}

TEST(CsvReaderTest, RefusesInvalidUtf8WithItsColumn) {
  const std::vector<Row> rows =
      ReadAll("a,b,c\n1,\"\n\",M\xFCller\n1,\xC3,\xA9\né,\"\"\"é\"\"\",😀\n");
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[1].line, 2u);
  EXPECT_EQ(rows[1].error.line, 3u);
  EXPECT_EQ(rows[1].error.column, 3u);
  EXPECT_EQ(rows[1].error.why, "not valid UTF-8");
  EXPECT_EQ(rows[2].error.column, 2u) << "a delimiter does not join two halves of a character";
  EXPECT_EQ(rows[3], (Row{{"é", "\"é\"", "😀"}, 5, {}}));
}

// Each bound at N and at N + 1.
TEST(CsvReaderTest, BoundsFieldsRowsAndColumns) {
  const CsvOptions options{
      .delimiter = ',', .field_bytes_max = 10, .row_bytes_max = 25, .columns_max = 3};
  for (const size_t buffer_bytes : {16, 1000}) {
    const std::vector<Row> rows = ReadAll(
        "a,b,c\n"
        "1234567890,\"123456789\n\",3\n"
        "12345678901,2,3\n"
        "1,\"1234567890\n\",3\n"
        "1234567890,1234567890,123\n"
        "1234567890,1234567890,1234\n"
        "1,2,3,4\n"
        "5,6,7\n",
        options, buffer_bytes);
    ASSERT_THAT(rows, SizeIs(9));
    EXPECT_EQ(rows[1], (Row{{"1234567890", "123456789\n", "3"}, 2, {}}));
    EXPECT_EQ(rows[2].error.why, "longer than 10 bytes");
    EXPECT_EQ(rows[3], (Row{{"1"}, 5, {5, 2, "longer than 10 bytes"}}));
    EXPECT_EQ(rows[4], (Row{{}, 6, {6, 1, "longer than 10 bytes"}})) << "its second line";
    EXPECT_EQ(rows[5].error.line, 0u);
    EXPECT_EQ(rows[6].error.why, "the row is longer than 25 bytes");
    EXPECT_EQ(rows[7], (Row{{"1", "2", "3"}, 9, {9, 4, "more than 3 fields"}}));
    EXPECT_EQ(rows[8], (Row{{"5", "6", "7"}, 10, {}}));
  }
}

TEST(CsvReaderTest, DefaultBoundsHoldInMemory) {
  const std::string mega(size_t{1} << 20, 'x');
  const std::vector<Row> rows =
      ReadAll("a,b\n" + mega + "," + mega + "\n" + mega + "y,1\n\"" + mega + mega + "\n2,3\n");
  ASSERT_THAT(rows, SizeIs(5));
  EXPECT_EQ(rows[1].fields, (Fields{mega, mega}));
  EXPECT_EQ(rows[2].error.column, 1u);
  EXPECT_EQ(rows[3].error.why, "longer than 1048576 bytes");
  EXPECT_EQ(rows[4].fields, (Fields{"2", "3"}));
}

TEST(CsvReaderTest, ASourceThatFailsEndsTheReading) {
  const std::string path = testing::TempDir() + "/csv_reader_fails_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << std::string(
      "\xFF\xFE"
      "a\0,\0b\0\n\0"
      "1\0,\0\0\xDC",
      16);
  absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open(path);
  unlink(path.c_str());
  ASSERT_TRUE(source.ok());
  CsvReader reader(source->get());
  CsvRow row;
  ASSERT_TRUE(*reader.Next(row));
  EXPECT_THAT(row.fields, ElementsAre("a", "b"));
  EXPECT_THAT(reader.Next(row).status().message(), HasSubstr("byte offset 14"));
  EXPECT_FALSE(reader.Next(row).ok());
}

std::string Quoted(const std::string& field) {
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

// What was written is read, whatever the delimiter, the line break and the place of the buffers'
// ends.
TEST(CsvReaderTest, ReadsBackRandomTables) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  constexpr std::string_view kAlphabet = "ab ,;\t|\"\n\r.7";
  for (int round = 0; round < 300; ++round) {
    const char delimiter = ",;\t|"[random() % 4];
    const std::string line_break = std::vector<std::string>{"\n", "\r\n", "\r"}[random() % 3];
    const size_t columns = 2 + random() % 5;
    std::vector<Fields> table(1 + random() % 20, Fields(columns));
    std::string text;
    for (Fields& row : table) {
      for (std::string& field : row) {
        for (size_t n = random() % 12; n > 0; --n) field += kAlphabet[random() % kAlphabet.size()];
        const bool plain = field.find_first_of("\",;\t|\n\r") == field.npos && random() % 4 != 0;
        text += (plain ? field : Quoted(field)) +
                (&field == &row.back() ? line_break : std::string(1, delimiter));
      }
    }
    std::vector<Fields> read;
    for (Row& row : ReadAll(text, {.delimiter = delimiter}, 16 + random() % 50)) {
      ASSERT_EQ(row.error.line, 0u) << row.error.why << " in\n" << text;
      read.push_back(std::move(row.fields));
    }
    ASSERT_EQ(read, table) << text;
  }
}

// Bytes at random: the answer does not depend on where the buffers end, rows come in the order of
// their lines, and no line is passed over in silence.
TEST(CsvReaderTest, AnswersAlikeAtAnyBufferSize) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  constexpr std::string_view kAlphabet = "aaab,,,\"\"\n\n\r\xC3\xA9";
  const CsvOptions options{
      .delimiter = ',', .field_bytes_max = 20, .row_bytes_max = 40, .columns_max = 5};
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (size_t n = random() % 200; n > 0; --n) text += kAlphabet[random() % kAlphabet.size()];
    const std::vector<Row> whole = ReadAll(text, options, 1000);
    for (size_t i = 1; i < whole.size(); ++i) ASSERT_GT(whole[i].line, whole[i - 1].line);
    ASSERT_EQ(ReadAll(text, options, 16 + random() % 8), whole) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace throughline
