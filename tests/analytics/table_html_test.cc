#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "analytics/history.h"
#include "model/table_rows.h"
#include "nlohmann/json.hpp"
#include "throughline/table.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Table SmallTable() {
  Table table;
  table.report = "sources";
  table.finding = "organic brought the most leads.";
  table.columns = {{"source", ColumnKind::kText, "", "Where from."},
                   {"leads", ColumnKind::kInteger, "leads", "How many."},
                   {"win_rate", ColumnKind::kReal, "share", "How often."}};
  SetRows(table, {{"organic", int64_t{1234567}, 0.105}, {"fair", int64_t{7}, {}}});
  table.parameters = {{"source", "original"}};
  table.as_of = {*ParseTime("2024-03-31"), *ParseTime("2024-04-30T12:00:00Z"), 17};
  table.charts = {{.title = "What came", .x = "source", .y = {"leads"}}};
  return table;
}

// What the scripts of a data type in a page say, in their order.
std::vector<nlohmann::json> DataIn(const std::string& page) {
  static constexpr std::string_view kOpen = "<script type=\"application/json\"";
  std::vector<nlohmann::json> found;
  for (size_t at = page.find(kOpen); at != std::string::npos; at = page.find(kOpen, at + 1)) {
    const size_t begin = page.find('>', at) + 1;
    found.push_back(nlohmann::json::parse(page.substr(begin, page.find('<', begin) - begin)));
  }
  return found;
}

// The part of a page that tells of its tables.
std::string ContentOf(const std::string& page) {
  const size_t begin = page.find("<main");
  return page.substr(begin, page.find("</main>") - begin);
}

size_t CountOf(std::string_view part, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(TableHtmlTest, ShowsTheFindingTheNumbersAndWhatTheyMean) {
  const std::string page = ToHtml(SmallTable());
  const std::string content = ContentOf(page);
  EXPECT_THAT(page, HasSubstr("<title>sources</title>"));
  EXPECT_THAT(content, HasSubstr(">organic brought the most leads.</h2>"));
  EXPECT_THAT(content, HasSubstr("<tr><th scope=\"row\">organic</th><td class=\"number\">1,234,567"
                                 "</td><td class=\"number\">10.5%</td></tr>"));
  EXPECT_THAT(content, HasSubstr("<td class=\"number\">7</td><td class=\"number\">-</td>"));
  EXPECT_THAT(content, HasSubstr("<dt>leads <span class=\"unit\">leads</span></dt>"
                                 "<dd id=\"report-1-column-2\">How many.</dd>"));
  EXPECT_THAT(content, HasSubstr("<dt>source</dt><dd>original</dd>"));
  EXPECT_THAT(content, HasSubstr("<dt>through</dt><dd>2024-03-31T00:00:00Z</dd>"));
  EXPECT_THAT(content, HasSubstr("<dt>known at</dt><dd>2024-04-30T12:00:00Z</dd>"));
  EXPECT_THAT(content, HasSubstr("<dt>commit</dt><dd>17</dd>"));
}

TEST(TableHtmlTest, CarriesTheJsonOfTheTableAndOfItsCharts) {
  const std::vector<nlohmann::json> data = DataIn(ToHtml(SmallTable()));
  ASSERT_EQ(data.size(), 2u);
  EXPECT_EQ(data[0], nlohmann::json::parse(R"({"kind": "bars", "title": "What came", "x": "source",
      "y": ["leads"], "series": "", "low": "", "high": "", "where": "", "among": []})"));
  EXPECT_EQ(data[1], nlohmann::json::parse(ToJson(SmallTable())));
}

TEST(TableHtmlTest, NeedsNothingFromElsewhere) {
  const std::string page = ToHtml(SmallTable());
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("Apache ECharts"));
  for (const char* part : {"src=\"", "@import", "url(http", "href=\"http", "{{"}) {
    EXPECT_THAT(page.substr(0, page.find("<script>")), Not(HasSubstr(part)));
  }
  EXPECT_EQ(CountOf("<script", page), CountOf("</script>", page));
}

TEST(TableHtmlTest, WhateverNamesSayTheyStayText) {
  const std::string hostile = "</script><script>alert(1)</script><!-- {{page}} & \"' $0";
  Table table = SmallTable();
  table.report = table.finding = table.charts[0].title = hostile;
  table.columns[0].definition = table.columns[0].unit = table.columns[1].name = hostile;
  table.charts[0].y = {hostile};
  SetCell(table, 0, 0, hostile);
  table.parameters = {{hostile, hostile}};
  const std::string page = ToHtml(std::vector{table, table}, hostile);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(ContentOf(page), Not(HasSubstr("<!--")));
  EXPECT_EQ(CountOf("<script", page),
            CountOf("<script", ToHtml(std::vector{SmallTable(), SmallTable()}, "")));
  const std::vector<nlohmann::json> data = DataIn(page);
  ASSERT_EQ(data.size(), 4u);
  EXPECT_EQ(data[1]["finding"], hostile);
  EXPECT_EQ(data[1]["rows"][0]["source"], hostile);
  EXPECT_EQ(data[0]["title"], hostile);
}

TEST(TableHtmlTest, TakesTablesWithLittleInThem) {
  Table table = SmallTable();
  SetRows(table, {{"organic"}});
  EXPECT_THAT(ToHtml(table), HasSubstr("<td class=\"number\">-</td><td class=\"number\">-</td>"));
  SetRows(table, {});
  EXPECT_THAT(ToHtml(table), HasSubstr("The numbers: 0 rows"));
  table.finding.clear();
  EXPECT_THAT(ToHtml(table), HasSubstr(">sources</h2>"));
  EXPECT_EQ(DataIn(ToHtml(Table{})).size(), 1u);
  EXPECT_TRUE(DataIn(ToHtml(std::span<const Table>{}, "nothing")).empty());
}

TEST(TableHtmlTest, LeavesOutAChartThatNamesWhatIsNotThere) {
  Table table = SmallTable();
  table.charts = {{.title = "x", .x = "none", .y = {"leads"}},
                  {.title = "y", .x = "source", .y = {"none"}},
                  {.title = "no y", .x = "source"},
                  {.title = "series", .x = "source", .y = {"leads"}, .series = "none"},
                  {.title = "where", .x = "source", .y = {"leads"}, .where = "none"}};
  EXPECT_EQ(DataIn(ToHtml(table)).size(), 1u);
}

TEST(TableHtmlTest, KnowsEveryKindOfChart) {
  const std::vector<std::pair<ChartKind, std::string>> kinds = {
      {ChartKind::kBars, "bars"},        {ChartKind::kStackedBars, "stacked_bars"},
      {ChartKind::kLines, "lines"},      {ChartKind::kSteps, "steps"},
      {ChartKind::kBridge, "bridge"},    {ChartKind::kFlow, "flow"},
      {ChartKind::kTimeline, "timeline"}};
  for (const auto& [kind, name] : kinds) {
    Table table = SmallTable();
    table.charts[0].kind = kind;
    const std::string page = ToHtml(table);
    EXPECT_EQ(DataIn(page)[0]["kind"], name);
    EXPECT_THAT(page, HasSubstr("chartKinds.set('" + name + "'"));
  }
}

TEST(TableHtmlTest, ADashboardTellsAllFindingsFirst) {
  Table other = SmallTable();
  other.report = "funnel";
  other.finding = "Most were lost early.";
  const std::string content = ContentOf(ToHtml(std::vector{SmallTable(), other}, "Both"));
  const std::string top = content.substr(0, content.find("<section"));
  EXPECT_THAT(top, HasSubstr("organic brought the most leads."));
  EXPECT_THAT(top, HasSubstr("<a href=\"#report-2\">funnel</a> <span>Most were lost early."));
  EXPECT_THAT(content, HasSubstr("<section class=\"report\" id=\"report-2\""));
  std::smatch id;
  for (std::string rest = content; std::regex_search(rest, id, std::regex(" id=\"([^\"]+)\""));
       rest = id.suffix()) {
    EXPECT_EQ(CountOf(id[0].str(), content), 1u) << id[1];
  }
}

class ReportChartsTest : public ReportTest {};

TEST_F(ReportChartsTest, NameColumnsThatAreThere) {
  Deal("2024-02-01", "100 EUR");
  Win(Deal("2024-02-01", "50 USD"), "2024-02-02");
  for (const ReportInfo& info : Reports()) {
    const Table table = ledger.Run(std::string(info.name));
    EXPECT_EQ(DataIn(ToHtml(table)).size(), 1 + table.charts.size()) << info.name;
  }
  EXPECT_EQ(ledger.Run("pipeline").charts.size(), 4u) << "one for each currency";
  EXPECT_FALSE(ledger.Run("funnel").charts.empty());
  EXPECT_FALSE(ledger.Run("sources").charts.empty());
}

}  // namespace
}  // namespace throughline
