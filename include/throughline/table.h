#ifndef THROUGHLINE_TABLE_H_
#define THROUGHLINE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "throughline/read.h"
#include "throughline/time.h"

namespace throughline {

// The one shape in which every tabular answer leaves the library.

// What a column holds. All but reals and texts are int64_t.
enum class ColumnKind : uint8_t {
  kInteger = 1,
  kReal = 2,
  kText = 3,
  kTime = 4,     // microseconds since the Unix epoch, as Time
  kDate = 5,     // days since 1970-01-01, as Date
  kBoolean = 6,  // 0 or 1
};

// Whether a column's cells are int64_t.
constexpr bool HoldsIntegers(ColumnKind kind) {
  return kind != ColumnKind::kReal && kind != ColumnKind::kText;
}

// A cell by itself. An empty one is std::monostate: not known, or not defined (a rate of nothing).
// Never NaN. Else it holds what its column's kind does. Amounts are reals in the major unit of
// their currency, exact up to 2^53 minor units.
class Cell : public std::variant<std::monostate, int64_t, double, std::string> {
 public:
  using variant::variant;
  Cell() = default;
  // libstdc++ takes a variant with a string to be never without a value, also while the copy of a
  // string fails, and then destroys what is not there. So a text is copied first, then moved in.
  // NOLINTNEXTLINE: g++ wants the base named, which clang-tidy takes for a mistake
  Cell(const Cell& other) : variant() {
    std::visit([this](auto value) { *this = std::move(value); }, other.base());
  }
  Cell(Cell&&) = default;
  Cell& operator=(const Cell& other) { return *this = Cell(other); }
  Cell& operator=(Cell&&) = default;
  using variant::operator=;
  ~Cell() = default;

 private:
  const variant& base() const { return *this; }
};

// A column of a table: what it is, and its cells in a few arrays, those of its kind. A cell that is
// empty is 0, 0.0 or "" in them.
struct TableColumn {
  std::string name;
  ColumnKind kind = ColumnKind::kInteger;
  // What it is counted in: "leads", "EUR", "days", "times"; "share" (of 1), "percent"; "figure" if
  // each row has its own; empty for names and ids.
  std::string unit;
  std::string definition;  // in plain English
  bool bar = false;        // worth a bar beside the number, where there is room for one

  std::vector<int64_t> integers{};
  std::vector<double> reals{};         // finite
  std::vector<int64_t> offsets = {0};  // of texts: text i is bytes[offsets[i], offsets[i + 1])
  std::string bytes{};
  std::vector<uint8_t>
      given{};  // 0 or 1 for each row, 0: the cell is empty; no items: all are given

  // Each adds a cell at the end, and is for columns of its kind. A real that is not finite is added
  // as an empty cell.
  void AddInteger(int64_t value);
  void AddReal(double value);
  void AddText(std::string_view text);
  void AddEmpty();
  // The same of a cell, which may be an integer in a column of reals. Else one that is not of the
  // column's kind is a mistake: an assertion fails, and without assertions it is taken as empty.
  void Add(const Cell& cell);
  // Makes room for so many rows in all, for who adds many; of texts without their bytes.
  void Reserve(size_t rows);

  size_t rows() const;
  // Past the last row no cell is given.
  bool IsGiven(size_t row) const { return row < rows() && (given.empty() || given[row] != 0); }
  // Of a row of a column of texts. A view of `bytes`, until the next text is added.
  std::string_view TextAt(size_t row) const;
  // Empty past the last row.
  Cell at(size_t row) const;
};

// How a chart draws columns of its table. In every kind, what is empty is not drawn.
enum class ChartKind : uint8_t {
  kBars = 1,         // for each row, named by `x`, a bar of each of `y`, side by side
  kStackedBars = 2,  // the same, one on top of another
  kLines = 3,        // a curve of each of `y` over `x`
  kSteps = 4,        // the same as stairs: survival, cumulative counts
  kBridge = 5,       // how the first row became the last: each row between adds its y[0]
  kFlow = 6,         // y[0] of each row goes from `x` to `series`
  kTimeline = 7,     // events at the times `x`, in a lane for each `series`, told by `y`
};

// A chart of a table. It names columns, and one that names a column that is not there is left out.
struct Chart {
  ChartKind kind = ChartKind::kBars;
  std::string title;  // what is seen, in a few words
  std::string x;
  std::vector<std::string> y;  // one unit, but for a timeline
  // Of bars and curves: a colour for each value of this column, if it is given.
  std::string series;
  // Of curves: bounds of y[0], drawn with it if they are given.
  std::string low;
  std::string high;
  // Only rows that have one of the texts `among` in the column `where`; all rows if it is empty.
  std::string where;
  std::vector<std::string> among;
};

// A tabular answer. Cells are read by column, where there are many, or one by one:
//
//   const std::optional<size_t> won = table.FindColumn("won");
//   for (size_t row = 0; won && row < table.rows(); ++row) {
//     if (table.columns[*won].IsGiven(row)) sum += table.columns[*won].integers[row];
//   }
//
// All columns have equally many cells. Any number of threads may read a table that nobody changes.
// Where memory runs out while cells are added, bad_alloc is thrown, and the table is good for
// nothing but its end.
struct Table {
  std::string report;   // name of the report
  std::string finding;  // what it says, in one plain sentence
  std::vector<TableColumn> columns;
  std::vector<std::pair<std::string, std::string>> parameters;
  AsOfAnswer as_of;
  std::vector<Chart> charts;  // for ToHtml

  size_t rows() const { return columns.empty() ? 0 : columns.front().rows(); }
  // The place of the column with this name.
  std::optional<size_t> FindColumn(std::string_view name) const;
  // Of a column that there is; empty past the last row.
  Cell at(size_t row, size_t column) const { return columns[column].at(row); }
  // A cell for each column, in their order. What is lacking at the end is empty; what is too much
  // is left out. Columns come before rows.
  void AddRow(const std::vector<Cell>& cells);
};

// Writers; each may be called from any thread. In all of them times are RFC 3339 in UTC, dates
// YYYY-MM-DD, truth values true and false.

// Aligned text for a terminal: the finding, the table, numbers to the right and "-" for an empty
// cell, and what it was made from. Shares are percentages. Widths count code points. `width`:
// columns of the terminal, 0 for no limit; a table that is too wide has its headers broken, then
// its bars left out, its texts cut, its last columns left out, and says so.
std::string ToText(const Table& table, int width = 0);

// RFC 4180, header line first, "\r\n"; empty cells are empty; '.' as decimal point, no thousands
// separators. Text is written as it is, also where it begins with = + - or @: a spreadsheet takes
// such a cell for a formula, so import the column as text.
std::string ToCsv(const Table& table);

// Markdown (GitHub's, for its tables): the finding, the table, what every column means, and what it
// was made from. Whatever texts say, they stay texts.
std::string ToMarkdown(const Table& table);

// {"report", "finding", "columns": [{"name", "type", "unit", "definition"}], "rows": [{column:
// value}], "parameters", "through", "known_at", "seq"}; empty cells are null. `indent` < 0: one
// line.
std::string ToJson(const Table& table, int indent = 2);

// A web page that needs nothing else, and no network: the finding, the charts, the numbers as a
// table, what every column means, and what it was made from. It is some 600 KB, most of it the
// program that draws the charts (docs/decisions/015-charts.md). Without scripts it has no charts.
std::string ToHtml(const Table& table);

// The same of several tables, with all findings first.
std::string ToHtml(std::span<const Table> tables, std::string_view title);

}  // namespace throughline

#endif  // THROUGHLINE_TABLE_H_
