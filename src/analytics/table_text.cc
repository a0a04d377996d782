#include <algorithm>
#include <cmath>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/table_cells.h"
#include "analytics/table_source.h"
#include "model/abseil_text.h"
#include "throughline/money.h"

namespace throughline {
namespace {

constexpr size_t kGap = 2;            // blanks between columns
constexpr size_t kBarWidth = 12;      // of the longest bar
constexpr size_t kMinTextWidth = 14;  // text columns are not cut below this

// A column ready to print.
struct TextColumn {
  std::vector<std::string> header;  // its lines
  std::vector<std::string> cells;
  bool right = false;
  bool bar = false;
  size_t width = 0;
};

bool BeginsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), BeginsCodePoint));
}

// The first code points of a text, with an ellipsis for the rest.
std::string Shortened(const std::string& text, size_t width) {
  if (WidthOf(text) <= width) return text;
  size_t bytes = 0;
  for (size_t seen = 0; bytes < text.size(); ++bytes) {
    if (BeginsCodePoint(text[bytes]) && ++seen == width) break;
  }
  return text.substr(0, bytes) + "…";
}

// What text may do to a terminal it must not do here.
std::string WithoutControls(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

int DecimalsOf(const TableColumn& column) {
  if (column.unit == "days") return 1;
  const absl::StatusOr<Currency> currency = ParseCurrency(column.unit);
  return currency.ok() ? MinorDigits(*currency) : 2;
}

struct TextCellWriter {
  const TableColumn& column;

  std::string operator()(std::monostate) const { return "-"; }
  // Ids and ranks have no unit, and nobody groups their digits.
  std::string operator()(int64_t value) const {
    return column.unit.empty() ? std::to_string(value) : GroupedInteger(value);
  }
  std::string operator()(double value) const {
    if (column.unit == "share") return Percent(value);
    const bool is_count = column.unit == "figure" && value == std::floor(value);
    return GroupedReal(value, is_count ? 0 : DecimalsOf(column));
  }
  std::string operator()(std::string_view text) const { return WithoutControls(std::string(text)); }
  std::string operator()(Time time) const { return FormatTime(time); }
  std::string operator()(Date date) const { return FormatDate(date); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
};

void Measure(TextColumn& column) {
  column.width = 0;
  for (const std::string& line : column.header) {
    column.width = std::max(column.width, WidthOf(line));
  }
  for (const std::string& cell : column.cells) column.width = std::max(column.width, WidthOf(cell));
}

TextColumn ColumnOf(const Table& table, size_t i) {
  TextColumn column;
  column.header = {table.columns[i].name};
  column.right = table.columns[i].kind != ColumnKind::kText;
  for (size_t row = 0; row < table.rows(); ++row) {
    column.cells.push_back(CellText(table.columns[i], row));
  }
  return column;
}

// In eighths of a block; something that is not nothing can be seen.
std::string Bar(double value, double longest) {
  static constexpr std::string_view kParts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (value <= 0) return "";
  const double share = value / longest;
  const auto eighths = static_cast<size_t>(std::max(std::lround(share * kBarWidth * 8), 1L));
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) bar += "█";
  return bar.append(kParts[eighths % 8]);
}

double LengthOf(const TableColumn& column, size_t row) {
  if (!column.IsGiven(row)) return 0;
  if (column.kind == ColumnKind::kReal) return column.reals[row];
  return HoldsIntegers(column.kind) ? static_cast<double>(column.integers[row]) : 0;
}

TextColumn BarsOf(const TableColumn& of) {
  double longest = 0;
  for (size_t row = 0; row < of.rows(); ++row) longest = std::max(longest, LengthOf(of, row));
  TextColumn column;
  column.header = {""};
  column.bar = true;
  for (size_t row = 0; row < of.rows(); ++row) {
    column.cells.push_back(Bar(LengthOf(of, row), longest));
  }
  return column;
}

size_t TotalWidth(const std::vector<TextColumn>& columns) {
  size_t total = 0;
  for (const TextColumn& column : columns) total += column.width + kGap;
  return total - std::min(total, kGap);
}

// Breaks the header at its underscores: "won_per_lead" becomes three lines.
void BreakHeader(TextColumn& column) {
  std::string name = column.header.front();
  column.header.clear();
  for (size_t at = name.find('_'); at != std::string::npos; at = name.find('_')) {
    column.header.push_back(name.substr(0, at));
    name.erase(0, at + 1);
  }
  column.header.push_back(std::move(name));
  Measure(column);
}

// Cuts text columns, the widest first, until the table fits or nothing is left to cut.
void CutTexts(std::vector<TextColumn>& columns, size_t width) {
  while (TotalWidth(columns) > width) {
    TextColumn* widest = nullptr;
    for (TextColumn& column : columns) {
      if (column.right || column.width <= kMinTextWidth) continue;
      if (widest == nullptr || column.width > widest->width) widest = &column;
    }
    if (widest == nullptr) return;
    --widest->width;
    for (std::string& cell : widest->cells) cell = Shortened(cell, widest->width);
    for (std::string& line : widest->header) line = Shortened(line, widest->width);
  }
}

std::vector<TextColumn> ColumnsOf(const Table& table) {
  std::vector<TextColumn> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    columns.push_back(ColumnOf(table, i));
    if (table.columns[i].bar) columns.push_back(BarsOf(table.columns[i]));
  }
  for (TextColumn& column : columns) Measure(column);
  return columns;
}

// Makes the table as narrow as asked, giving up what is missed least; the number of columns that
// had to go.
size_t Fit(std::vector<TextColumn>& columns, size_t width) {
  if (width == 0 || TotalWidth(columns) <= width) return 0;
  for (TextColumn& column : columns) BreakHeader(column);
  if (TotalWidth(columns) > width) {
    std::erase_if(columns, [](const TextColumn& column) { return column.bar; });
  }
  CutTexts(columns, width);
  const size_t before = columns.size();
  while (columns.size() > 1 && TotalWidth(columns) > width) columns.pop_back();
  return before - columns.size();
}

void AppendPadded(const std::string& text, const TextColumn& column, std::string& line) {
  const std::string padding(column.width - WidthOf(text), ' ');
  if (column.right) line += padding;
  line += text;
  if (!column.right) line += padding;
}

// `text_of(column)` is what the line says in each column.
template <class TextOfColumn>
void AppendLine(const std::vector<TextColumn>& columns, TextOfColumn&& text_of, std::string& out) {
  std::string line;
  for (const TextColumn& column : columns) {
    if (!line.empty()) line.append(kGap, ' ');
    AppendPadded(text_of(column), column, line);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out.append(line).append("\n");
}

// Short headers stand at the bottom of tall ones.
void AppendHeader(const std::vector<TextColumn>& columns, std::string& out) {
  size_t height = 0;
  for (const TextColumn& column : columns) height = std::max(height, column.header.size());
  for (size_t line = 0; line < height; ++line) {
    AppendLine(
        columns,
        [&](const TextColumn& column) {
          const size_t blank = height - column.header.size();
          return line < blank ? std::string() : column.header[line - blank];
        },
        out);
  }
  AppendLine(
      columns,
      [](const TextColumn& column) { return std::string(column.bar ? 0 : column.width, '-'); },
      out);
}

void AppendWrapped(std::string_view text, size_t width, std::string& out) {
  while (width > 0 && WidthOf(text) > width) {
    size_t cut = 0;
    for (size_t i = 0, seen = 0; i < text.size() && seen <= width; ++i) {
      if (text[i] == ' ') cut = i;
      if (BeginsCodePoint(text[i])) ++seen;
    }
    if (cut == 0) break;
    out.append(text.substr(0, cut)).append("\n");
    text.remove_prefix(cut + 1);
  }
  out.append(text).append("\n");
}

std::string Footer(const Table& table, size_t left_out) {
  std::string text = SourceOf(table);
  if (left_out > 0) {
    absl::StrAppend(&text, "; too wide for the last ",
                    Counted(static_cast<int64_t>(left_out), "column", "columns"));
  }
  return text;
}

}  // namespace

std::string SourceOf(const Table& table) {
  std::string text = table.report;
  for (const auto& [name, value] : table.parameters) {
    absl::StrAppend(&text, ", ", name, ": ", value);
  }
  // What was made from rows is as of a commit alone.
  if (table.as_of.through != Time{}) {
    absl::StrAppend(&text, ", through ", FormatTime(table.as_of.through), ", known at ",
                    FormatTime(table.as_of.known_at));
  }
  // Several ledgers have none in common.
  if (table.as_of.seq != 0) absl::StrAppend(&text, ", commit ", table.as_of.seq);
  return text;
}

std::string CellText(const TableColumn& column, size_t row) {
  return std::visit(TextCellWriter{column}, TypedCellAt(column, row));
}

std::string ToText(const Table& table, int width) {
  const auto limit = static_cast<size_t>(std::max(width, 0));
  std::string out;
  if (!table.finding.empty()) {
    AppendWrapped(WithoutControls(table.finding), limit, out);
    out += "\n";
  }
  std::vector<TextColumn> columns = ColumnsOf(table);
  const size_t left_out = Fit(columns, limit);
  AppendHeader(columns, out);
  for (size_t row = 0; row < table.rows(); ++row) {
    AppendLine(
        columns, [&](const TextColumn& column) { return column.cells[row]; }, out);
  }
  out += "\n";
  AppendWrapped(WithoutControls(Footer(table, left_out)), limit, out);
  return out;
}

}  // namespace throughline
