#include "absl/strings/str_cat.h"
#include "analytics/table_cells.h"
#include "analytics/table_source.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

// Text that Markdown takes for nothing else.
std::string MarkdownText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>#|~&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void AppendRow(const Table& table, size_t row, std::string& out) {
  out += '|';
  for (const TableColumn& column : table.columns) {
    absl::StrAppend(&out, " ", MarkdownText(CellText(column, row)), " |");
  }
  out += '\n';
}

void AppendGrid(const Table& table, std::string& out) {
  out += '|';
  for (const TableColumn& column : table.columns) {
    absl::StrAppend(&out, " ", MarkdownText(column.name), " |");
  }
  out += "\n|";
  for (const TableColumn& column : table.columns) {
    out += column.kind == ColumnKind::kText ? " --- |" : " ---: |";
  }
  out += '\n';
  for (size_t row = 0; row < table.rows(); ++row) AppendRow(table, row, out);
}

void AppendDefinitions(const Table& table, std::string& out) {
  for (const TableColumn& column : table.columns) {
    absl::StrAppend(&out, "- **", MarkdownText(column.name), "**",
                    column.unit.empty() ? "" : absl::StrCat(" (", MarkdownText(column.unit), ")"),
                    ": ", MarkdownText(column.definition), "\n");
  }
}

}  // namespace

std::string ToMarkdown(const Table& table) {
  std::string out = absl::StrCat("## ", MarkdownText(table.report), "\n\n");
  if (!table.finding.empty()) absl::StrAppend(&out, "**", MarkdownText(table.finding), "**\n\n");
  AppendGrid(table, out);
  out += '\n';
  AppendDefinitions(table, out);
  absl::StrAppend(&out, "\n*", MarkdownText(SourceOf(table)), "*\n");
  return out;
}

}  // namespace throughline
