#ifndef THROUGHLINE_MONEY_H_
#define THROUGHLINE_MONEY_H_

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace throughline {

// An ISO 4217 currency code, e.g. "EUR". Default: none.
struct Currency {
  char code[3] = {0, 0, 0};

  std::string_view view() const { return {code, code[0] == 0 ? size_t{0} : size_t{3}}; }
  explicit operator bool() const { return code[0] != 0; }
  friend auto operator<=>(const Currency&, const Currency&) = default;
};

// An amount in minor units (cents for EUR, yen for JPY) of one currency. |minor| <= kMaxMinor.
struct Money {
  int64_t minor = 0;
  Currency currency;
  friend bool operator==(const Money&, const Money&) = default;
};
inline constexpr int64_t kMaxMinor = 1'000'000'000'000'000'000;  // 10^18

// INVALID_ARGUMENT unless `code` is an active ISO 4217 code in upper case.
absl::StatusOr<Currency> ParseCurrency(std::string_view code);

// Decimal places of the minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.
int MinorDigits(Currency currency);

// "1234.50 EUR" and back. Exact: more decimals than the currency has is INVALID_ARGUMENT.
absl::StatusOr<Money> ParseMoney(std::string_view text);
std::string FormatMoney(const Money& money);

// INVALID_ARGUMENT if the currencies differ; OUT_OF_RANGE beyond kMaxMinor.
absl::StatusOr<Money> Add(const Money& a, const Money& b);

// Splits `total` in proportion to `weights` (each >= 0, at least one > 0) so that the parts add up
// to the last minor unit: the method of largest remainders (Hamilton), ties to the earlier part.
// INVALID_ARGUMENT if there are no weights, one is negative, infinite or not a number, or all are
// zero; OUT_OF_RANGE beyond kMaxMinor.
absl::StatusOr<std::vector<Money>> Split(const Money& total, std::span<const double> weights);

}  // namespace throughline

#endif  // THROUGHLINE_MONEY_H_
