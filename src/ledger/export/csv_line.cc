#include "ledger/export/csv_line.h"

#include <algorithm>

namespace throughline {

void AppendCsvText(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
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

void CsvLine::AddCell(std::string_view text) {
  AppendCsvText(text, line_);
  line_ += ',';
}

void CsvLine::AddAmount(const Money& money) {
  std::string amount = FormatMoney(money);
  amount.resize(std::min(amount.find(' '), amount.size()));
  AddCell(amount);
  AddCell(money.currency.view());
}

std::string_view CsvLine::End() {
  line_.pop_back();
  return line_ += "\r\n";
}

}  // namespace throughline
