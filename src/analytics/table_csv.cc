#include <array>
#include <charconv>

#include "analytics/table_cells.h"

namespace throughline {
namespace {

void AppendText(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

// The shortest text that reads back as the same number.
template <class Number>
void AppendNumber(Number value, std::string& out) {
  std::array<char, 32> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), end);
}

struct CellWriter {
  std::string& out;

  void operator()(std::monostate) const {}
  void operator()(int64_t value) const { AppendNumber(value, out); }
  void operator()(double value) const { AppendNumber(value, out); }
  void operator()(std::string_view text) const { AppendText(text, out); }
  void operator()(Time time) const { out += FormatTime(time); }
  void operator()(Date date) const { out += FormatDate(date); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
};

}  // namespace

std::string ToCsv(const Table& table) {
  std::string out;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) out += ',';
    AppendText(table.columns[i].name, out);
  }
  out += "\r\n";
  for (size_t row = 0; row < table.rows(); ++row) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) out += ',';
      std::visit(CellWriter{out}, TypedCellAt(table.columns[i], row));
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace throughline
