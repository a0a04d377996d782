#include "ledger/import/salesforce/export_values.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/parsed_json.h"
#include "throughline/error.h"

namespace throughline::salesforce {
namespace {

// Whether a text with a time of day says its zone: Z, UTC, +0200 or +02:00 at its end.
bool SaysZone(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == text.npos) return true;
  if (text.find_first_of("+-", colon) != text.npos) return true;
  return text.ends_with('Z') || text.ends_with('z') || text.ends_with("UTC") ||
         text.ends_with("GMT");
}

// 03/04/2024 and the like: which number is the month only a person knows.
bool LooksLikeDate(std::string_view text) {
  const std::string_view day = text.substr(0, text.find(' '));
  const auto is_separator = [](char c) { return c == '/' || c == '.' || c == '-'; };
  return std::count_if(day.begin(), day.end(), is_separator) == 2 &&
         std::all_of(day.begin(), day.end(),
                     [&](char c) { return absl::ascii_isdigit(c) || is_separator(c); });
}

// The part of a format that is about the day; empty if it has no time of day.
std::string_view DayPartOf(std::string_view format) {
  const size_t space = format.find(' ');
  return format.find("%H") == format.npos && format.find("%I") == format.npos
             ? std::string_view()
             : format.substr(0, std::min(space, format.size()));
}

}  // namespace

absl::StatusOr<ExportValues> ExportValues::Compile(const SalesforceOptions& options) {
  ExportValues values;
  values.zone_stated_ = !options.time_zone.empty();
  values.order_stated_ = !options.dates.empty() && options.dates != "auto";
  if (const auto zone = TimeFormat::Compile("iso", options.time_zone); !zone.ok()) {
    return InvalidField("time_zone", FromAbsl(zone.status().message()));
  }
  std::vector<std::string_view> formats = {options.dates};
  if (const std::string_view day = DayPartOf(options.dates); !day.empty()) formats.push_back(day);
  if (values.order_stated_ && options.dates != "iso") formats.emplace_back("iso");
  for (const std::string_view format : formats) {
    absl::StatusOr<TimeFormat> compiled = TimeFormat::Compile(format, options.time_zone);
    if (!compiled.ok()) return InvalidField("dates", FromAbsl(compiled.status().message()));
    values.formats_.push_back(*std::move(compiled));
  }
  values.numbers_ = {options.decimal, options.thousands};
  if (const absl::Status status = CheckNumberFormat(values.numbers_); !status.ok()) {
    const bool decimal = options.decimal != '.' && options.decimal != ',';
    return InvalidField(decimal ? "decimal" : "thousands", FromAbsl(status.message()));
  }
  if (options.currency.empty()) return values;
  absl::StatusOr<Currency> currency = ParseCurrency(options.currency);
  if (!currency.ok()) return InvalidField("currency", FromAbsl(currency.status().message()));
  values.currency_ = *currency;
  return values;
}

absl::StatusOr<Moment> ExportValues::ParseTime(std::string_view text) const {
  absl::Status first;
  for (const TimeFormat& format : formats_) {
    absl::StatusOr<Moment> moment = format.Parse(text);
    if (!moment.ok()) {
      if (first.ok()) first = moment.status();
      continue;
    }
    if (moment->day || zone_stated_ || SaysZone(text)) return moment;
    return absl::FailedPreconditionError(
        absl::StrCat(Quoted(text),
                     " has no time zone: say which one the user who made the export has, e.g. "
                     "--time-zone Europe/Berlin"));
  }
  if (!order_stated_ && LooksLikeDate(text)) {
    return absl::FailedPreconditionError(
        absl::StrCat(Quoted(text),
                     " does not say which number is the day and which the month: say "
                     "how dates are written, e.g. --dates '%d.%m.%Y %H:%M' or "
                     "--dates '%m/%d/%Y %I:%M %p'"));
  }
  return first;
}

absl::StatusOr<Money> ExportValues::ParseMoney(std::string_view text,
                                               std::string_view currency) const {
  Money money;
  money.currency = currency_;
  // Reports write "EUR 1,000.00" where they have no column for the currency.
  if (text.size() > 4 && text[3] == ' ' && ParseCurrency(text.substr(0, 3)).ok()) {
    if (currency.empty()) currency = text.substr(0, 3);
    text.remove_prefix(4);
  }
  if (!currency.empty()) {
    absl::StatusOr<Currency> of_row = ParseCurrency(currency);
    if (!of_row.ok()) return of_row.status();
    money.currency = *of_row;
  }
  if (!money.currency) {
    return absl::FailedPreconditionError(
        absl::StrCat(Quoted(text),
                     " is an amount without a currency: say which one it is, e.g. --currency EUR"));
  }
  absl::StatusOr<int64_t> minor = ParseDecimal(text, numbers_, MinorDigits(money.currency));
  if (!minor.ok()) return minor.status();
  money.minor = *minor;
  return money;
}

}  // namespace throughline::salesforce
