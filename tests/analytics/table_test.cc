#include "throughline/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "model/table_rows.h"
#include "nlohmann/json.hpp"

namespace throughline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Table Example() {
  Table table;
  table.report = "sources";
  table.finding = "organic brought the most leads.";
  table.columns = {{"source", ColumnKind::kText, "", "Where from."},
                   {"leads", ColumnKind::kInteger, "leads", "How many."},
                   {"won_amount_eur", ColumnKind::kReal, "EUR", "How much."},
                   {"win_rate", ColumnKind::kReal, "share", "How often."}};
  SetRows(table, {{"organic", int64_t{1234567}, 1234.5, 0.105}, {"événement", int64_t{7}, {}, {}}});
  table.parameters = {{"source", "original"}};
  table.as_of = {*ParseTime("2024-03-31"), *ParseTime("2024-04-30T12:00:00Z"), 17};
  return table;
}

TEST(TableTextTest, AlignsGroupsAndMarksTheUnknown) {
  EXPECT_EQ(ToText(Example()),
            "organic brought the most leads.\n"
            "\n"
            "source         leads  won_amount_eur  win_rate\n"
            "---------  ---------  --------------  --------\n"
            "organic    1,234,567        1,234.50     10.5%\n"
            "événement          7               -         -\n"
            "\n"
            "sources, source: original, through 2024-03-31T00:00:00Z, "
            "known at 2024-04-30T12:00:00Z, commit 17\n");
}

TEST(TableTextTest, OfSeveralLedgersThereIsNoCommit) {
  Table table = Example();
  table.as_of.seq = 0;
  EXPECT_THAT(ToText(table), HasSubstr("known at 2024-04-30T12:00:00Z\n"));
  EXPECT_THAT(ToHtml(table), Not(HasSubstr("<dt>commit</dt>")));
}

TEST(TableTextTest, DrawsBars) {
  Table table = Example();
  table.columns.resize(2);
  table.columns[1].bar = true;
  SetRows(table, {{"a", int64_t{80}}, {"b", int64_t{40}}, {"c", int64_t{1}}, {"d", int64_t{0}}});
  EXPECT_THAT(ToText(table), HasSubstr("source  leads\n"
                                       "------  -----\n"
                                       "a          80  ████████████\n"
                                       "b          40  ██████\n"
                                       "c           1  ▏\n"
                                       "d           0\n"));
}

TEST(TableTextTest, DrawsBarsOfReals) {
  Table table = Example();
  table.columns = {table.columns[0], table.columns[3]};
  table.columns[1].bar = true;
  SetRows(table, {{"a", 0.5}, {"b", 0.25}, {"c", {}}, {"d", -0.5}});
  EXPECT_THAT(ToText(table), HasSubstr("a          50.0%  ████████████\n"
                                       "b          25.0%  ██████\n"
                                       "c              -\n"
                                       "d         -50.0%\n"));
}

TEST(TableTextTest, FitsANarrowTerminal) {
  Table table = Example();
  SetCell(table, 0, 0, "a source with a very long name");
  table.columns[1].bar = true;
  EXPECT_THAT(ToText(table, 42), HasSubstr("                                won\n"
                                           "                             amount    win\n"
                                           "source              leads       eur   rate\n"
                                           "--------------  ---------  --------  -----\n"
                                           "a source with…  1,234,567  1,234.50  10.5%\n"));
  EXPECT_THAT(ToText(table, 30), HasSubstr("source              leads\n"
                                           "--------------  ---------\n"
                                           "a source with…  1,234,567\n"));
  EXPECT_THAT(ToText(table, 30), HasSubstr("too wide for the\nlast 2 columns"));
}

TEST(TableTextTest, KeepsToTheWidth) {
  for (const int width : {28, 40, 60, 80}) {
    const std::string text = ToText(Example(), width);
    for (size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
      int columns = 0;
      for (size_t i = begin; text[i] != '\n'; ++i) columns += (text[i] & 0xC0) != 0x80;
      EXPECT_LE(columns, width) << text.substr(begin, text.find('\n', begin) - begin);
    }
  }
}

TEST(TableTextTest, NeverSendsControlCharacters) {
  Table table = Example();
  SetCell(table, 0, 0, "red\x1b[31m\nalert");
  EXPECT_THAT(ToText(table), HasSubstr("red [31m alert"));
}

TEST(TableTextTest, EmptyTableHasItsHeader) {
  Table table = Example();
  SetRows(table, {});
  EXPECT_THAT(ToText(table), HasSubstr("source  leads  won_amount_eur  win_rate\n"));
}

TEST(TableTextTest, GroupsNegativeNumbers) {
  Table table = Example();
  SetRows(table, {{"x", int64_t{-1234}, -123.0, -0.5}});
  EXPECT_THAT(ToText(table), HasSubstr("x       -1,234         -123.00    -50.0%"));
}

TEST(TableTextTest, MoneyHasTheDecimalsOfItsCurrency) {
  Table table = Example();
  table.columns[2].unit = "JPY";
  EXPECT_THAT(ToText(table), HasSubstr(" 1,234 "));
}

TEST(TableCsvTest, WritesPlainNumbersAndEmptyCells) {
  EXPECT_EQ(ToCsv(Example()),
            "source,leads,won_amount_eur,win_rate\r\n"
            "organic,1234567,1234.5,0.105\r\n"
            "événement,7,,\r\n");
}

TEST(TableCsvTest, QuotesWhatNeedsIt) {
  Table table = Example();
  table.columns.resize(1);
  SetRows(table, {{"a,b"}, {"say \"hi\""}, {"two\r\nlines"}, {"=1+1"}, {" blank "}});
  EXPECT_EQ(ToCsv(table),
            "source\r\n\"a,b\"\r\n\"say \"\"hi\"\"\"\r\n\"two\r\nlines\"\r\n=1+1\r\n blank \r\n");
}

TEST(TableCsvTest, NumbersReadBackTheSame) {
  Table table = Example();
  table.columns = {table.columns[1], table.columns[3]};
  SetRows(table, {{std::numeric_limits<int64_t>::min(), 0.1 + 0.2}});
  EXPECT_EQ(ToCsv(table), "leads,win_rate\r\n-9223372036854775808,0.30000000000000004\r\n");
}

TEST(TableJsonTest, HasTheDocumentedShape) {
  const auto json = nlohmann::ordered_json::parse(ToJson(Example()));
  EXPECT_EQ(json, nlohmann::ordered_json::parse(R"({
    "report": "sources",
    "finding": "organic brought the most leads.",
    "columns": [
      {"name": "source", "type": "text", "unit": "", "definition": "Where from."},
      {"name": "leads", "type": "integer", "unit": "leads", "definition": "How many."},
      {"name": "won_amount_eur", "type": "real", "unit": "EUR", "definition": "How much."},
      {"name": "win_rate", "type": "real", "unit": "share", "definition": "How often."}],
    "rows": [
      {"source": "organic", "leads": 1234567, "won_amount_eur": 1234.5, "win_rate": 0.105},
      {"source": "événement", "leads": 7, "won_amount_eur": null, "win_rate": null}],
    "parameters": {"source": "original"},
    "through": "2024-03-31T00:00:00Z",
    "known_at": "2024-04-30T12:00:00Z",
    "seq": 17})"));
}

TEST(TableJsonTest, EmptyListsAreLists) {
  const auto json = nlohmann::ordered_json::parse(ToJson(Table()));
  EXPECT_TRUE(json["rows"].is_array());
  EXPECT_TRUE(json["columns"].is_array());
  EXPECT_TRUE(json["parameters"].is_object());
}

TEST(TableJsonTest, OneLineWithoutIndent) {
  EXPECT_EQ(ToJson(Example(), -1).find('\n'), std::string::npos);
  EXPECT_NE(ToJson(Example()).find('\n'), std::string::npos);
}

TEST(TableJsonTest, RepairsTextThatIsNotUtf8) {
  Table table = Example();
  SetCell(table, 0, 0, "caf\xe9");
  EXPECT_TRUE(nlohmann::json::accept(ToJson(table)));
}

TEST(TableTest, NumbersThatAreNoneAreEmptyEverywhere) {
  Table table = Example();
  table.columns = {table.columns[2], table.columns[3]};
  SetRows(table,
          {{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}});
  EXPECT_THAT(ToText(table), HasSubstr("-         -\n"));
  EXPECT_EQ(ToCsv(table), "won_amount_eur,win_rate\r\n,\r\n");
  EXPECT_THAT(ToJson(table, -1), HasSubstr(R"({"won_amount_eur":null,"win_rate":null})"));
}

TEST(TableTest, WhatIsFilledByHandIsWrittenWithCare) {
  Table table = Example();
  table.columns = {table.columns[1], table.columns[3]};
  table.columns[0].integers = {1, 2, 3};
  table.columns[1].reals = {0.5, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(ToCsv(table), "leads,win_rate\r\n1,0.5\r\n2,\r\n3,\r\n");
  EXPECT_THAT(ToText(table), HasSubstr("3         -\n"));
}

// A cell of each kind that is an integer in memory, and a row without any.
Table Moments() {
  Table table;
  table.columns = {{"at", ColumnKind::kTime, "", ""},
                   {"due", ColumnKind::kDate, "", ""},
                   {"late", ColumnKind::kBoolean, "", ""}};
  SetRows(table, {{ParseTime("2024-03-31T17:05:00.25Z")->micros,
                   int64_t{ParseDate("2024-04-02")->days}, int64_t{1}},
                  {kMinTime.micros, int64_t{-1}, int64_t{0}},
                  {{}, {}, {}}});
  return table;
}

TEST(TableTest, TimesDatesAndTruthValuesAreWrittenAsSuch) {
  EXPECT_EQ(ToCsv(Moments()),
            "at,due,late\r\n"
            "2024-03-31T17:05:00.25Z,2024-04-02,true\r\n"
            "1900-01-01T00:00:00Z,1969-12-31,false\r\n"
            ",,\r\n");
  const auto json = nlohmann::json::parse(ToJson(Moments()));
  EXPECT_EQ(json["rows"], nlohmann::json::parse(R"([
    {"at": "2024-03-31T17:05:00.25Z", "due": "2024-04-02", "late": true},
    {"at": "1900-01-01T00:00:00Z", "due": "1969-12-31", "late": false},
    {"at": null, "due": null, "late": null}])"));
  EXPECT_EQ(json["columns"][0]["type"], "time");
  EXPECT_EQ(json["columns"][1]["type"], "date");
  EXPECT_EQ(json["columns"][2]["type"], "boolean");
  EXPECT_THAT(ToText(Moments()), HasSubstr("                     at         due   late\n"
                                           "-----------------------  ----------  -----\n"
                                           "2024-03-31T17:05:00.25Z  2024-04-02   true\n"
                                           "   1900-01-01T00:00:00Z  1969-12-31  false\n"
                                           "                      -           -      -\n"));
}

TEST(TableTest, ShortRowsEndInEmptyCells) {
  Table table = Example();
  SetRows(table, {{"x"}});
  EXPECT_THAT(ToText(table), HasSubstr("x           -"));
  EXPECT_THAT(ToCsv(table), HasSubstr("x,,,\r\n"));
}

}  // namespace
}  // namespace throughline
