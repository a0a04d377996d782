#include "report_request.h"

#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "opened_ledger.h"

namespace throughline {

absl::Status BadOption(std::string_view option, std::string_view why) {
  return absl::InvalidArgumentError(std::string(option) + ": " + std::string(why));
}

namespace {

absl::Status ParseDay(std::string_view option, const std::string& text, std::optional<Date>& day) {
  if (text.empty()) return absl::OkStatus();
  absl::StatusOr<Date> date = ParseDate(text);
  if (!date.ok()) return BadOption(option, std::string(date.status().message()));
  day = *date;
  return absl::OkStatus();
}

absl::Status ParseFilters(const std::vector<std::string>& texts, std::vector<ReportFilter>& out) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return BadOption("--filter", "'" + text + "' is not DIMENSION=VALUE");
    }
    out.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return absl::OkStatus();
}

absl::Status ParseCurrencyOption(const std::string& code, Currency& out) {
  if (code.empty()) return absl::OkStatus();
  const absl::StatusOr<Currency> currency = ParseCurrency(code);
  if (!currency.ok()) return BadOption("--currency", std::string(currency.status().message()));
  out = *currency;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReportRequest> ParseReportRequest(const ReportArguments& arguments) {
  absl::StatusOr<AsOfRequest> as_of = ParseAsOf(arguments.as_of);
  if (!as_of.ok()) return as_of.status();
  ReportRequest request;
  request.as_of = *as_of;
  request.group_by = arguments.group_by;
  request.last_days = arguments.last_days;
  request.return_days = arguments.return_days;
  request.late_days = arguments.late_days;
  if (!FromName(arguments.source, request.source)) return BadOption("--source", "is none");
  absl::Status status = ParseDay("--from", arguments.from, request.from);
  if (status.ok()) status = ParseDay("--to", arguments.to, request.to);
  if (status.ok()) status = ParseFilters(arguments.filters, request.filters);
  if (status.ok()) status = ParseCurrencyOption(arguments.currency, request.currency);
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<CellPlace> ParseCellPlace(const std::string& text) {
  CellPlace cell;
  if (text.empty()) return cell;
  const size_t colon = text.find(':');
  const bool is_place = colon != std::string::npos && colon + 1 < text.size() &&
                        absl::SimpleAtoi(text.substr(0, colon), &cell.row) && cell.row > 0;
  if (!is_place) {
    return BadOption("--rows", "'" + text + "' is not ROW:COLUMN, rows counted from 1");
  }
  cell.column = text.substr(colon + 1);
  return cell;
}

}  // namespace throughline
