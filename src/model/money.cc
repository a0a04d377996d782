#include "throughline/money.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

struct CurrencyGroup {
  int8_t places;
  std::string_view codes;  // each followed by a space
};

constexpr CurrencyGroup kCurrencies[] = {
#include "model/currency.inc"
};

constexpr int8_t kUnknown = -1;
constexpr int kUsualPlaces = 2;
constexpr std::array<int64_t, 5> kPowersOf10 = {1, 10, 100, 1000, 10'000};

// The place of a code in a table of all codes of three capital letters; -1 for anything else.
constexpr int IndexOf(std::string_view code) {
  if (code.size() != 3) return -1;
  int index = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return -1;
    index = index * 26 + (c - 'A');
  }
  return index;
}

constexpr auto MakePlaces() {
  std::array<int8_t, 26 * 26 * 26> places{};
  for (int8_t& place : places) place = kUnknown;
  for (const CurrencyGroup& group : kCurrencies) {
    for (size_t i = 0; i + 3 < group.codes.size(); i += 4) {
      places[static_cast<size_t>(IndexOf(group.codes.substr(i, 3)))] = group.places;
    }
  }
  return places;
}
constexpr auto kPlaces = MakePlaces();

int PlacesOf(std::string_view code) {
  const int index = IndexOf(code);
  return index < 0 ? kUnknown : kPlaces[static_cast<size_t>(index)];
}

absl::Status NotMoney(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", ToAbsl(text.substr(0, 64)), "' is not an amount of money: ", ToAbsl(why)));
}

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A number of digits only; -1 beyond kMaxMinor.
int64_t DigitsValue(std::string_view digits) {
  int64_t value = 0;
  for (const char c : digits) {
    if (value > kMaxMinor / 10) return -1;
    value = value * 10 + (c - '0');
  }
  return value <= kMaxMinor ? value : -1;
}

// "1234.5" in minor units of `places` decimals, without sign.
absl::StatusOr<int64_t> ParseMinor(std::string_view text, std::string_view number, int places) {
  const size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  const std::string_view fraction = point == number.npos ? "" : number.substr(point + 1);
  if (whole.empty() || !IsDigits(whole) || !IsDigits(fraction) ||
      (point != number.npos && fraction.empty())) {
    return NotMoney(text, "expected as 1234.50 EUR");
  }
  if (fraction.size() > static_cast<size_t>(places)) {
    return NotMoney(text, absl::StrCat("the currency has ", places, " decimals"));
  }
  const std::string zeros(static_cast<size_t>(places) - fraction.size(), '0');
  const int64_t minor = DigitsValue(absl::StrCat(ToAbsl(whole), ToAbsl(fraction), zeros));
  if (minor < 0) return NotMoney(text, "too large");
  return minor;
}

// The weights as integers in proportion, the largest with 63 bits: exact but for what is 2^62 times
// smaller than the largest.
std::vector<uint64_t> ScaledWeights(std::span<const double> weights) {
  const double largest = *std::max_element(weights.begin(), weights.end());
  const int shift = 62 - std::ilogb(largest);
  std::vector<uint64_t> scaled;
  scaled.reserve(weights.size());
  for (const double weight : weights) {
    scaled.push_back(static_cast<uint64_t>(std::scalbn(weight, shift)));
  }
  return scaled;
}

absl::Status CheckWeights(std::span<const double> weights) {
  bool any = false;
  for (const double weight : weights) {
    if (!std::isfinite(weight) || weight < 0) {
      return absl::InvalidArgumentError("weights: must be finite and not negative");
    }
    any = any || weight > 0;
  }
  if (!any) return absl::InvalidArgumentError("weights: at least one must be positive");
  return absl::OkStatus();
}

// Shares of `total` by the method of largest remainders. total < 2^60 and weights < 2^63, so their
// products fit 128 bits.
std::vector<int64_t> SplitMinor(uint64_t total, std::span<const uint64_t> weights) {
  absl::uint128 sum = 0;
  for (const uint64_t weight : weights) sum += weight;
  std::vector<int64_t> shares(weights.size());
  std::vector<absl::uint128> remainders(weights.size());
  uint64_t left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    const absl::uint128 product = absl::uint128(total) * weights[i];
    const uint64_t share = absl::Uint128Low64(product / sum);
    shares[i] = static_cast<int64_t>(share);
    remainders[i] = product % sum;
    left -= share;
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; i < left; ++i) ++shares[order[i]];
  return shares;
}

}  // namespace

absl::StatusOr<Currency> ParseCurrency(std::string_view code) {
  if (PlacesOf(code) == kUnknown) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", ToAbsl(code.substr(0, 64)), "' is not a currency of ISO 4217"));
  }
  Currency currency;
  std::copy(code.begin(), code.end(), currency.code);
  return currency;
}

int MinorDigits(Currency currency) {
  const int places = PlacesOf(currency.view());
  return places == kUnknown ? kUsualPlaces : places;
}

absl::StatusOr<Money> ParseMoney(std::string_view text) {
  const size_t space = text.find(' ');
  if (space == text.npos) return NotMoney(text, "expected as 1234.50 EUR");
  const absl::StatusOr<Currency> currency = ParseCurrency(text.substr(space + 1));
  if (!currency.ok()) return NotMoney(text, "unknown currency");
  const bool negative = text.front() == '-';
  const std::string_view number = text.substr(negative ? 1 : 0, space - (negative ? 1 : 0));
  const absl::StatusOr<int64_t> minor = ParseMinor(text, number, MinorDigits(*currency));
  if (!minor.ok()) return minor.status();
  return Money{negative ? -*minor : *minor, *currency};
}

std::string FormatMoney(const Money& money) {
  const int places = MinorDigits(money.currency);
  const auto unit = static_cast<uint64_t>(kPowersOf10[static_cast<size_t>(places)]);
  const uint64_t minor =
      money.minor < 0 ? 0 - static_cast<uint64_t>(money.minor) : static_cast<uint64_t>(money.minor);
  std::string text = absl::StrCat(money.minor < 0 ? "-" : "", minor / unit);
  if (places > 0) {
    const std::string fraction = absl::StrCat(unit + minor % unit);  // a 1, then all the decimals
    absl::StrAppend(&text, ".", fraction.substr(1));
  }
  if (money.currency) absl::StrAppend(&text, " ", ToAbsl(money.currency.view()));
  return text;
}

absl::StatusOr<Money> Add(const Money& a, const Money& b) {
  if (a.currency != b.currency) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot add ", ToAbsl(a.currency.view()), " and ", ToAbsl(b.currency.view())));
  }
  int64_t minor = 0;
  if (__builtin_add_overflow(a.minor, b.minor, &minor) || minor > kMaxMinor || minor < -kMaxMinor) {
    return absl::OutOfRangeError("the sum is too large");
  }
  return Money{minor, a.currency};
}

absl::StatusOr<std::vector<Money>> Split(const Money& total, std::span<const double> weights) {
  if (absl::Status status = CheckWeights(weights); !status.ok()) return status;
  if (total.minor > kMaxMinor || total.minor < -kMaxMinor) {
    return absl::OutOfRangeError("the amount is too large");
  }
  const int64_t sign = total.minor < 0 ? -1 : 1;
  std::vector<Money> parts;
  parts.reserve(weights.size());
  for (const int64_t share :
       SplitMinor(static_cast<uint64_t>(total.minor * sign), ScaledWeights(weights))) {
    parts.push_back(Money{share * sign, total.currency});
  }
  return parts;
}

}  // namespace throughline
