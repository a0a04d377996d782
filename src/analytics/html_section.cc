#include "analytics/html_section.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "analytics/html_text.h"
#include "analytics/number_text.h"
#include "analytics/table_cells.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

std::string_view ClassOf(const TableColumn& column) {
  return column.kind == ColumnKind::kInteger || column.kind == ColumnKind::kReal
             ? " class=\"number\""
             : "";
}

std::string ColumnId(const std::string& id, size_t column) {
  return absl::StrCat(id, "-column-", column + 1);
}

// Long names may be broken at their underscores.
std::string BreakableName(const std::string& name) {
  return absl::StrReplaceAll(HtmlText(name), {{"_", "_<wbr>"}});
}

void AppendHeaderCells(const Table& table, const std::string& id, std::string& out) {
  out += "<thead><tr>";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    absl::StrAppend(&out, "<th scope=\"col\"", ToAbsl(ClassOf(column)), " aria-describedby=\"",
                    ColumnId(id, i), "\" title=\"", HtmlText(column.definition), "\">",
                    BreakableName(column.name));
    if (!column.unit.empty()) {
      absl::StrAppend(&out, " <span class=\"unit\">", HtmlText(column.unit), "</span>");
    }
    out += "</th>";
  }
  out += "</tr></thead>\n";
}

void AppendCells(const Table& table, size_t row, std::string& out) {
  out += "<tr>";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    const std::string text = HtmlText(CellText(column, row));
    if (i == 0) {
      absl::StrAppend(&out, "<th scope=\"row\"", ToAbsl(ClassOf(column)), ">", text, "</th>");
    } else {
      absl::StrAppend(&out, "<td", ToAbsl(ClassOf(column)), ">", text, "</td>");
    }
  }
  out += "</tr>\n";
}

std::string Numbers(const Table& table, const std::string& id, bool open) {
  std::string out = absl::StrCat(
      "<details class=\"numbers\" id=\"", id, "-numbers\"", open ? " open" : "",
      "><summary>The numbers: ", Counted(static_cast<int64_t>(table.rows()), "row", "rows"),
      "</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"", id,
      "-caption\">\n<table><caption id=\"", id, "-caption\">", HtmlText(table.report),
      "</caption>\n");
  AppendHeaderCells(table, id, out);
  out += "<tbody>\n";
  for (size_t row = 0; row < table.rows(); ++row) AppendCells(table, row, out);
  return out + "</tbody></table></div></details>\n";
}

std::string Definitions(const Table& table, const std::string& id) {
  std::string out = "<details class=\"definitions\"><summary>What they mean</summary>\n<dl>\n";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    absl::StrAppend(&out, "<dt>", HtmlText(column.name));
    if (!column.unit.empty()) {
      absl::StrAppend(&out, " <span class=\"unit\">", HtmlText(column.unit), "</span>");
    }
    absl::StrAppend(&out, "</dt><dd id=\"", ColumnId(id, i), "\">", HtmlText(column.definition),
                    "</dd>\n");
  }
  return out + "</dl></details>\n";
}

void AppendPair(std::string_view name, std::string_view value, std::string& out) {
  absl::StrAppend(&out, "<div><dt>", HtmlText(name), "</dt><dd>", HtmlText(value), "</dd></div>\n");
}

// What the same answer can be had of again.
std::string Provenance(const Table& table) {
  std::string out = "<dl class=\"provenance\">\n";
  AppendPair("report", table.report, out);
  for (const auto& [name, value] : table.parameters) AppendPair(name, value, out);
  if (table.as_of.through != Time{}) {
    AppendPair("through", FormatTime(table.as_of.through), out);
    AppendPair("known at", FormatTime(table.as_of.known_at), out);
  }
  if (table.as_of.seq != 0) AppendPair("commit", GroupedInteger(table.as_of.seq), out);
  return out + "</dl>\n";
}

}  // namespace

std::string TableSection(const Table& table, const std::string& id, bool open) {
  const std::string& headline = table.finding.empty() ? table.report : table.finding;
  // A page of one report has its name for a title.
  const std::string name =
      open ? "" : absl::StrCat("<p class=\"name\">", HtmlText(table.report), "</p>\n");
  return absl::StrCat("<section class=\"report\" id=\"", id, "\" aria-labelledby=\"", id,
                      "-finding\">\n", name, "<h2 id=\"", id, "-finding\">", HtmlText(headline),
                      "</h2>\n", ChartFigures(table, id), Numbers(table, id, open),
                      Definitions(table, id), Provenance(table),
                      "<script type=\"application/json\" class=\"data\">",
                      JsonInHtml(ToJson(table, /*indent=*/-1)), "</script>\n</section>\n");
}

}  // namespace throughline
