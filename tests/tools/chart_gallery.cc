#include <algorithm>
#include <iostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "model/table_rows.h"
#include "throughline/table.h"

// Prints a page with made-up tables: every kind of chart, and what is hard to draw. The tests look
// at it, and so may you.

namespace throughline {
namespace {

constexpr ColumnKind kText = ColumnKind::kText;
constexpr ColumnKind kInteger = ColumnKind::kInteger;
constexpr ColumnKind kReal = ColumnKind::kReal;

Table Named(std::string report, std::vector<TableColumn> columns, Chart chart) {
  Table table;
  table.report = std::move(report);
  table.finding = "Made up: " + table.report + ".";
  table.columns = std::move(columns);
  table.as_of.seq = 1;
  table.charts = {std::move(chart)};
  return table;
}

Table Bars(ChartKind kind, const std::string& report) {
  Table table = Named(
      report,
      {{"quarter", kText, "", "When it was."},
       {"created", kInteger, "deals", "How many began."},
       {"won", kInteger, "deals", "How many were won."},
       {"lost", kInteger, "deals", "How many were lost."}},
      {.kind = kind, .title = "Deals by quarter", .x = "quarter", .y = {"created", "won", "lost"}});
  for (int64_t i = 0; i < 8; ++i) {
    table.AddRow({std::to_string(2023 + i / 4) + "-Q" + std::to_string(i % 4 + 1), 30 + 7 * i % 23,
                  10 + i % 3, i == 5 ? Cell() : Cell(5 + 3 * i % 7)});
  }
  return table;
}

Table ManyBars() {
  Table table = Named("many bars",
                      {{"campaign", kText, "", "What it is called."},
                       {"return", kReal, "EUR", "What it brought, less its cost."}},
                      {.title = "Return of each campaign", .x = "campaign", .y = {"return"}});
  for (int i = 0; i < 60; ++i) {
    table.AddRow(
        {"A campaign with quite a long name, number " + std::to_string(i), 25'000.0 - 1'000.0 * i});
  }
  return table;
}

Table Curves(ChartKind kind, const std::string& report) {
  Table table =
      Named(report,
            {{"cohort", kText, "", "When they began."},
             {"days", kInteger, "days", "Since then."},
             {"share", kReal, "share", "That was not closed yet."},
             {"low", kReal, "share", "At least."},
             {"high", kReal, "share", "At most."}},
            {.kind = kind, .title = "Still open", .x = "days", .y = {"share"}, .series = "cohort"});
  for (int cohort = 0; cohort < 4; ++cohort) {
    double share = 1;
    for (int64_t day = 0; day <= 180; day += 15) {
      table.AddRow({"2024-Q" + std::to_string(cohort + 1), day, share, share * 0.9,
                    std::min(1.0, share * 1.1)});
      share *= 0.95 - 0.03 * cohort;
    }
  }
  return table;
}

Table WithBounds() {
  Table table = Curves(ChartKind::kSteps, "bounds");
  table.charts[0].low = "low";
  table.charts[0].high = "high";
  table.charts[0].where = "cohort";
  table.charts[0].among = {"2024-Q1"};
  return table;
}

Table Months() {
  Table table =
      Named("months",
            {{"month", kText, "", "When it was."}, {"leads", kInteger, "leads", "How many came."}},
            {.kind = ChartKind::kLines, .title = "Leads", .x = "month", .y = {"leads"}});
  for (int64_t i = 1; i <= 12; ++i) {
    table.AddRow({(i < 10 ? "2024-0" : "2024-") + std::to_string(i),
                  i == 6 ? Cell() : Cell(100 + 13 * i % 37)});
  }
  return table;
}

Table Bridge(const std::string& report, std::vector<std::pair<std::string, double>> steps) {
  Table table = Named(
      report,
      {{"step", kText, "", "What happened."}, {"amount_eur", kReal, "EUR", "To the pipeline."}},
      {.kind = ChartKind::kBridge, .title = "The pipeline", .x = "step", .y = {"amount_eur"}});
  for (auto& [step, amount] : steps) table.AddRow({std::move(step), amount});
  return table;
}

Table Flow(const std::string& report,
           std::vector<std::tuple<std::string, std::string, int64_t>> moves) {
  Table table = Named(report,
                      {{"from", kText, "", "Where they were."},
                       {"to", kText, "", "Where they went."},
                       {"records", kInteger, "records", "How many."}},
                      {.kind = ChartKind::kFlow,
                       .title = "Where records went",
                       .x = "from",
                       .y = {"records"},
                       .series = "to"});
  for (auto& [from, to, records] : moves) {
    table.AddRow({std::move(from), std::move(to), records});
  }
  return table;
}

Table Timeline() {
  Table table = Named("timeline",
                      {{"at", kText, "", "When it was."},
                       {"who", kText, "", "Whose doing."},
                       {"what", kText, "", "What happened."}},
                      {.kind = ChartKind::kTimeline,
                       .title = "The life of a deal",
                       .x = "at",
                       .y = {"what"},
                       .series = "who"});
  SetRows(table, {{"2023-02-01", "marketing", "webinar"},
                  {"2023-02-10", "marketing", "white paper"},
                  {"2023-03-30", "sales", "closed as dead"},
                  {"2023-09-14T08:30:00Z", "partner", "introduction"},
                  {"2023-10-01", "sales", "new contact"},
                  {"2023-10-02", "sales", "opportunity opened"},
                  {"2024-04-02", "sales", "won, after a long talk with the purchasing department"},
                  {Cell(), "marketing", "an undated event"}});
  return table;
}

// Names that would be something else if they were not taken for text.
Table Hostile(ChartKind kind) {
  const std::vector<std::string> names = {"</script><script>alert(1)</script>",
                                          "<img src=x onerror=alert(2)>",
                                          "__proto__",
                                          "constructor",
                                          "{a|b} {b} {{title}}",
                                          "\"quotes\" & 'more' <!--",
                                          "\xE2\x80\xAE right to left",
                                          "",
                                          "$0 \\u003c"};
  Table table = Named("hostile names",
                      {{"name", kText, "", "<b>Definition</b> </script>"},
                       {"__proto__", kInteger, "<i>", "What objects inherit from."},
                       {"to", kText, "", "Elsewhere."}},
                      {.kind = kind, .title = "</title><h1>", .x = "name", .y = {"__proto__"}});
  if (kind == ChartKind::kFlow) table.charts[0].series = "to";
  table.finding = "<script>alert(3)</script>";
  table.parameters = {{"<u>", "</dl>"}};
  for (size_t i = 0; i < names.size(); ++i) {
    table.AddRow({names[i], static_cast<int64_t>(i + 1), names[(i + 1) % names.size()]});
  }
  return table;
}

std::vector<Table> Gallery() {
  std::vector<Table> tables = {
      Bars(ChartKind::kBars, "bars"),
      Bars(ChartKind::kStackedBars, "stacked bars"),
      ManyBars(),
      Curves(ChartKind::kLines, "lines"),
      Curves(ChartKind::kSteps, "steps"),
      WithBounds(),
      Months(),
      Bridge("bridge", {{"on 1 January", 120'000},
                        {"new deals", 64'500.5},
                        {"amounts that grew", 8'000},
                        {"amounts that shrank", -12'000},
                        {"won", -51'000.5},
                        {"lost", -30'500},
                        {"on 31 March", 99'000}}),
      Bridge("bridge below nothing", {{"plan", 20}, {"cost", -50}, {"sales", 10}, {"result", -25}}),
      Flow("flow", {{"inquiry", "mql", 120},
                    {"inquiry", "dead", 80},
                    {"mql", "sql", 70},
                    {"mql", "dead", 50},
                    {"sql", "won", 20},
                    {"sql", "lost", 50}}),
      Flow("flow that comes back", {{"working", "nurture", 30},
                                    {"nurture", "working", 12},
                                    {"working", "sql", 40},
                                    {"sql", "sql", 3}}),
      Timeline(),
      Hostile(ChartKind::kBars),
      Hostile(ChartKind::kFlow)};
  Table single = Bars(ChartKind::kBars, "a single row");
  KeepRows(single, 1);
  Table curve = Curves(ChartKind::kSteps, "a single point");
  KeepRows(curve, 1);
  Table unknown = Bars(ChartKind::kBars, "nothing known");
  for (size_t row = 0; row < unknown.rows(); ++row) {
    for (size_t column = 1; column < unknown.columns.size(); ++column) {
      SetCell(unknown, row, column, {});
    }
  }
  Table empty = Bars(ChartKind::kBars, "no rows");
  SetRows(empty, {});
  for (Table& table : std::vector{single, curve, unknown, empty}) tables.push_back(table);
  return tables;
}

}  // namespace
}  // namespace throughline

int main() { std::cout << throughline::ToHtml(throughline::Gallery(), "Gallery"); }
