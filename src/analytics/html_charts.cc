#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analytics/html_section.h"
#include "analytics/html_text.h"
#include "model/json_writer.h"
#include "throughline/lifecycle.h"

namespace throughline {

// As the page's scripts know them (assets/report/*_charts.js).
THROUGHLINE_ENUM_NAMES(ChartKind, {ChartKind::kBars, "bars"},
                       {ChartKind::kStackedBars, "stacked_bars"}, {ChartKind::kLines, "lines"},
                       {ChartKind::kSteps, "steps"}, {ChartKind::kBridge, "bridge"},
                       {ChartKind::kFlow, "flow"}, {ChartKind::kTimeline, "timeline"});

namespace {

bool CanBeDrawn(const Chart& chart, const Table& table) {
  std::vector<std::string> names = chart.y;
  names.push_back(chart.x);
  for (const std::string& name : {chart.series, chart.low, chart.high, chart.where}) {
    if (!name.empty()) names.push_back(name);
  }
  return !chart.y.empty() && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return table.FindColumn(name).has_value();
  });
}

void WriteTexts(std::string_view name, const std::vector<std::string>& texts, JsonWriter& json) {
  json.Key(name);
  json.BeginList();
  for (const std::string& text : texts) json.Text(text);
  json.EndList();
}

std::string ChartJson(const Chart& chart) {
  JsonWriter json;
  json.BeginObject();
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"kind", NameOf(chart.kind)}, {"title", chart.title}, {"x", chart.x},
      {"series", chart.series},     {"low", chart.low},     {"high", chart.high},
      {"where", chart.where}};
  for (const auto& [name, text] : texts) {
    json.Key(name);
    json.Text(text);
  }
  WriteTexts("y", chart.y, json);
  WriteTexts("among", chart.among, json);
  json.EndObject();
  return std::move(json).Take();
}

std::string Caption(const Chart& chart, const Table& table) {
  std::string caption = HtmlText(chart.title);
  const std::string& unit = table.columns[*table.FindColumn(chart.y.front())].unit;
  if (chart.kind != ChartKind::kTimeline && !unit.empty()) {
    absl::StrAppend(&caption, " <span class=\"unit\">", HtmlText(unit), "</span>");
  }
  return caption;
}

}  // namespace

std::string ChartFigures(const Table& table, const std::string& id) {
  std::string figures;
  int number = 0;
  for (const Chart& chart : table.charts) {
    if (!CanBeDrawn(chart, table)) continue;
    const std::string caption_id = absl::StrCat(id, "-chart-", ++number);
    absl::StrAppend(&figures, "<figure class=\"chart\">\n<figcaption id=\"", caption_id, "\">",
                    Caption(chart, table), "</figcaption>\n<ul class=\"legend\"></ul>\n",
                    "<div class=\"plot\" role=\"img\" tabindex=\"0\" aria-labelledby=\"",
                    caption_id, "\" aria-describedby=\"", id, "-numbers\"></div>\n",
                    "<p class=\"note\"></p>\n<script type=\"application/json\">",
                    JsonInHtml(ChartJson(chart)), "</script>\n</figure>\n");
  }
  return figures.empty() ? "" : absl::StrCat("<div class=\"charts\">\n", figures, "</div>\n");
}

}  // namespace throughline
