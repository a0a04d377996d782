#include "analytics/reports/exchange_rates.h"

#include <iterator>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr int64_t kRateUnit = 1'000'000'000;

absl::int128 PowerOfTen(int exponent) {
  absl::int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

absl::int128 DivideRounded(absl::int128 dividend, absl::int128 divisor) {
  const absl::int128 half = divisor / 2;
  return (dividend + (dividend < 0 ? -half : half)) / divisor;
}

}  // namespace

ExchangeRates::ExchangeRates(const Rows& reference) {
  reference.exchange_rates.ForEach([&](const ExchangeRateRow& row) {
    rates_[{row.base, row.quote}][row.valid_from] = row.rate_e9;
  });
}

const int64_t* ExchangeRates::FindRate(const Pair& pair, Date day) const {
  const auto of_pair = rates_.find(pair);
  if (of_pair == rates_.end()) return nullptr;
  const auto behind = of_pair->second.upper_bound(day);
  return behind == of_pair->second.begin() ? nullptr : &std::prev(behind)->second;
}

absl::StatusOr<Money> ExchangeRates::Convert(const Money& amount, Currency to, Date day) const {
  if (amount.currency == to) return amount;
  absl::int128 numerator = PowerOfTen(MinorDigits(to));
  absl::int128 denominator = PowerOfTen(MinorDigits(amount.currency));
  if (const int64_t* rate = FindRate({amount.currency, to}, day)) {
    numerator *= *rate;
    denominator *= kRateUnit;
  } else if (const int64_t* inverse = FindRate({to, amount.currency}, day)) {
    numerator *= kRateUnit;
    denominator *= *inverse;
  } else {
    return InvalidField(
        "currency", absl::StrCat("there is no rate from ", ToAbsl(amount.currency.view()), " to ",
                                 ToAbsl(to.view()), " on ", FormatDate(day)));
  }
  const absl::int128 minor = DivideRounded(absl::int128(amount.minor) * numerator, denominator);
  if (minor > kMaxMinor || minor < -kMaxMinor) {
    return absl::OutOfRangeError(
        absl::StrCat(FormatMoney(amount), " is too much in ", ToAbsl(to.view())));
  }
  return Money{static_cast<int64_t>(minor), to};
}

}  // namespace throughline
