#include "ledger/import/cell_values.h"

#include <charconv>
#include <utility>

#include "model/abseil_text.h"
#include "model/text.h"
#include "throughline/money.h"

namespace throughline {
namespace {

template <class T>
absl::Status Take(const CellText& cell, const absl::StatusOr<T>& parsed, T& value) {
  if (!parsed.ok()) return Fault(cell.place, FromAbsl(parsed.status().message()));
  value = *parsed;
  return absl::OkStatus();
}

bool ParseNumber(std::string_view text, int64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && last == end;
}

}  // namespace

absl::Status ReadCell(const CellText& cell, std::string& value) {
  if (absl::Status status = CheckValue(cell.place, cell.text); !status.ok()) return status;
  value = cell.text;
  return absl::OkStatus();
}

absl::Status ReadCell(const CellText& cell, bool& value) {
  return Take(cell, ParseBool(cell.text), value);
}

absl::Status ReadCell(const CellText& cell, int64_t& value) {
  return Take(cell, ParseDecimal(cell.text, cell.value.style().number, 0), value);
}

absl::Status ReadRate(const CellText& cell, int64_t& value) {
  return Take(cell, ParseDecimal(cell.text, cell.value.style().number, kRateDigits), value);
}

absl::Status ReadCell(const CellText& cell, EventRef& value) {
  if (ParseEventId(cell.text, value.id)) return absl::OkStatus();
  return ReadCell(cell, value.key);
}

absl::Status ReadCell(const CellText& cell, ExternalId& value) {
  const size_t colon = cell.text.find(':');
  if (colon == cell.text.npos || colon == 0 || colon + 1 == cell.text.size()) {
    return Fault(cell.place, Quoted(cell.text) + " is not written as \"system:key\"");
  }
  value.system = cell.text.substr(0, colon);
  value.key = cell.text.substr(colon + 1);
  return CheckExternalId(cell.place.Path(), value);
}

absl::Status ReadReference(const CellText& cell, int64_t& id, ExternalId& external) {
  if (cell.text.find(':') != cell.text.npos) return ReadCell(cell, external);
  if (ParseNumber(cell.text, id) && id > 0) return absl::OkStatus();
  id = 0;
  return Fault(cell.place, Quoted(cell.text) + " is neither \"system:key\" nor a record's number");
}

absl::Status ReadCell(const CellText& cell, Date& value) {
  const absl::StatusOr<Moment> moment = cell.value.style().days->Parse(cell.text);
  if (!moment.ok()) return Fault(cell.place, FromAbsl(moment.status().message()));
  value = DateOf(moment->at);
  return absl::OkStatus();
}

absl::Status ReadCell(const CellText& cell, Moment& value) {
  return Take(cell, cell.value.style().times->Parse(cell.text), value);
}

absl::Status ReadCell(const CellText& cell, Time& value) {
  Moment moment;
  if (absl::Status status = ReadCell(cell, moment); !status.ok()) return status;
  value = moment.at;
  return absl::OkStatus();
}

absl::Status ReadCell(const CellText& cell, Currency& value) {
  return Take(cell, ParseCurrency(cell.text), value);
}

absl::Status ReadCell(const CellText& cell, Money& value) {
  const ValueStyle& style = cell.value.style();
  std::string buffer;
  std::string_view code;
  if (!style.currency.Render(cell.row, buffer, &code)) {
    return Fault(cell.place, "has an amount, but no currency");
  }
  absl::Status status = Take(cell, ParseCurrency(code), value.currency);
  if (!status.ok()) return status;
  status =
      Take(cell, ParseDecimal(cell.text, style.number, MinorDigits(value.currency)), value.minor);
  if (!status.ok()) return status;
  if (value.minor <= kMaxMinor && value.minor >= -kMaxMinor) return absl::OkStatus();
  return Fault(cell.place, Quoted(cell.text) + " is beyond 10^18 minor units");
}

}  // namespace throughline
