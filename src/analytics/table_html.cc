#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analytics/html_section.h"
#include "analytics/html_text.h"
#include "analytics/page_assets.h"

// A page that carries all it needs, of the texts in assets/ that are part of the library.

namespace throughline {

namespace {

using PageParts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string_view PartNamed(PageParts parts, std::string_view name) {
  for (const auto& [known, part] : parts) {
    if (known == name) return part;
  }
  return "";
}

// Puts the parts where the template names them in braces, {{like this}}. What they say themselves
// is not looked at.
std::string Filled(std::string_view page, PageParts parts) {
  std::string out;
  for (size_t open = page.find("{{"); open != std::string_view::npos; open = page.find("{{")) {
    const size_t close = page.find("}}", open);
    out += page.substr(0, open);
    out += PartNamed(parts, page.substr(open + 2, close - open - 2));
    page.remove_prefix(close + 2);
  }
  return out.append(page);
}

std::string SectionId(size_t number) { return absl::StrCat("report-", number + 1); }

std::string Findings(std::span<const Table> tables) {
  std::string out = "<nav class=\"findings\" aria-label=\"Findings\">\n<ul>\n";
  for (size_t i = 0; i < tables.size(); ++i) {
    absl::StrAppend(&out, "<li><a href=\"#", SectionId(i), "\">", HtmlText(tables[i].report),
                    "</a> <span>", HtmlText(tables[i].finding), "</span></li>\n");
  }
  return out + "</ul>\n</nav>\n";
}

std::string WholePage(std::string_view title, std::string_view content) {
  return Filled(kPageTemplate, {{"title", HtmlText(title)},
                                {"style", kPageStyle},
                                {"content", content},
                                {"echarts", kEchartsScript},
                                {"chart_parts", kChartPartsScript},
                                {"bar_charts", kBarChartsScript},
                                {"curve_charts", kCurveChartsScript},
                                {"flow_chart", kFlowChartScript},
                                {"page", kPageScript}});
}

}  // namespace

std::string ToHtml(const Table& table) {
  return WholePage(table.report, TableSection(table, SectionId(0), /*open=*/true));
}

std::string ToHtml(std::span<const Table> tables, std::string_view title) {
  std::string content = Findings(tables);
  for (size_t i = 0; i < tables.size(); ++i) {
    content += TableSection(tables[i], SectionId(i), /*open=*/false);
  }
  return WholePage(title, content);
}

}  // namespace throughline
