#include "throughline/money.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "model/random_value.h"

namespace throughline {
namespace {

using testing::RandomValues;
using testing::TestSeed;

const Currency kEur = *ParseCurrency("EUR");

std::vector<int64_t> Parts(int64_t minor, const std::vector<double>& weights) {
  const absl::StatusOr<std::vector<Money>> parts = Split(Money{minor, kEur}, weights);
  std::vector<int64_t> amounts;
  if (!parts.ok()) return amounts;
  for (const Money& part : *parts) {
    EXPECT_EQ(part.currency, kEur);
    amounts.push_back(part.minor);
  }
  return amounts;
}

TEST(Money, KnowsTheCurrencies) {
  EXPECT_EQ(MinorDigits(*ParseCurrency("EUR")), 2);
  EXPECT_EQ(MinorDigits(*ParseCurrency("JPY")), 0);
  EXPECT_EQ(MinorDigits(*ParseCurrency("KWD")), 3);
  EXPECT_EQ(MinorDigits(*ParseCurrency("CLF")), 4);
  EXPECT_EQ(MinorDigits(*ParseCurrency("BRL")), 2);
  EXPECT_EQ(ParseCurrency("HRK")->view(), "HRK");
  for (const char* code : {"", "E", "EU", "eur", "EURO", "XXX", "XAU", "ABC", "E R", "EU\xC3"}) {
    EXPECT_EQ(ParseCurrency(code).status().code(), absl::StatusCode::kInvalidArgument) << code;
  }
}

TEST(Money, ReadsWhatItWrites) {
  const std::pair<const char*, const char*> texts[] = {
      {"1234.50 EUR", "1234.50 EUR"},
      {"1234.5 EUR", "1234.50 EUR"},
      {"1234 EUR", "1234.00 EUR"},
      {"-0.01 EUR", "-0.01 EUR"},
      {"0 EUR", "0.00 EUR"},
      {"-0 EUR", "0.00 EUR"},
      {"007 JPY", "7 JPY"},
      {"1.234 KWD", "1.234 KWD"},
      {"10000000000000000.00 USD", "10000000000000000.00 USD"},
      {"-10000000000000000.00 USD", "-10000000000000000.00 USD"},
      {"1000000000000000000 JPY", "1000000000000000000 JPY"}};
  for (const auto& [text, written] : texts) {
    const absl::StatusOr<Money> money = ParseMoney(text);
    ASSERT_TRUE(money.ok()) << money.status();
    EXPECT_EQ(FormatMoney(*money), written);
  }
}

TEST(Money, RefusesWhatIsNoAmount) {
  for (const char* text : {"",
                           " ",
                           "EUR",
                           "12",
                           "12.5",
                           " EUR",
                           ". EUR",
                           ".5 EUR",
                           "5. EUR",
                           "1.234 EUR",
                           "1.0 JPY",
                           "1,50 EUR",
                           "1 000 EUR",
                           "1e3 EUR",
                           "+1 EUR",
                           "--1 EUR",
                           "- EUR",
                           "1.5  EUR",
                           "1.5 eur",
                           "1.5 EUR ",
                           "1.5 ABC",
                           "0x1 EUR",
                           "1..5 EUR",
                           "10000000000000000.01 USD",
                           "1000000000000000001 JPY",
                           "99999999999999999999999999 EUR"}) {
    EXPECT_EQ(ParseMoney(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Money, FormatsTheWholeRangeOfIntegers) {
  EXPECT_EQ(FormatMoney(Money{std::numeric_limits<int64_t>::min(), kEur}),
            "-92233720368547758.08 EUR");
  EXPECT_EQ(FormatMoney(Money{}), "0.00");
}

TEST(Money, AddsWithinOneCurrency) {
  EXPECT_EQ(Add(Money{150, kEur}, Money{-50, kEur})->minor, 100);
  EXPECT_EQ(Add(Money{1, kEur}, Money{1, *ParseCurrency("USD")}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Add(Money{kMaxMinor - 1, kEur}, Money{1, kEur})->minor, kMaxMinor);
  EXPECT_EQ(Add(Money{kMaxMinor, kEur}, Money{1, kEur}).status().code(),
            absl::StatusCode::kOutOfRange);
  const int64_t huge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Add(Money{huge, kEur}, Money{huge, kEur}).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Add(Money{-huge, kEur}, Money{-huge, kEur}).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(Money, SplitsByLargestRemainders) {
  EXPECT_EQ(Parts(100, {1, 1, 1}), (std::vector<int64_t>{34, 33, 33}));
  EXPECT_EQ(Parts(-100, {1, 1, 1}), (std::vector<int64_t>{-34, -33, -33}));
  EXPECT_EQ(Parts(101, {1, 1, 1}), (std::vector<int64_t>{34, 34, 33}));
  EXPECT_EQ(Parts(10, {0.4, 0.2, 0.4}), (std::vector<int64_t>{4, 2, 4}));
  EXPECT_EQ(Parts(7, {0, 3, 0, 4}), (std::vector<int64_t>{0, 3, 0, 4}));
  EXPECT_EQ(Parts(1, {0, 1, 1}), (std::vector<int64_t>{0, 1, 0}));
  EXPECT_EQ(Parts(2, {1, 5}), (std::vector<int64_t>{0, 2}));  // remainders 1/3 and 2/3
  EXPECT_EQ(Parts(0, {1, 2}), (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(Parts(5, {1e-300}), (std::vector<int64_t>{5}));
  EXPECT_EQ(Parts(kMaxMinor, {1, 1, 1}),
            (std::vector<int64_t>{333333333333333334, 333333333333333333, 333333333333333333}));
  EXPECT_EQ(Parts(9, {1e308, 1e308, 1e308}), (std::vector<int64_t>{3, 3, 3}));
  EXPECT_EQ(Parts(9, {5e-324, 5e-324, 5e-324}), (std::vector<int64_t>{3, 3, 3}));
}

TEST(Money, RefusesWeightsThatSayNothing) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& weights : std::vector<std::vector<double>>{
           {}, {0}, {0, 0}, {-1, 2}, {1, nan}, {1, infinity}, {-infinity}}) {
    EXPECT_EQ(Split(Money{10, kEur}, weights).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Money, PartsAddUpAndAreFair) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  for (int round = 0; round < 2000; ++round) {
    const auto total = static_cast<int64_t>(random.Bits() % kMaxMinor) * (random.Coin() ? 1 : -1);
    std::vector<double> weights(1 + random.Below(12));
    for (double& weight : weights) weight = static_cast<double>(random.Below(1000));
    weights[random.Below(weights.size())] = 1;
    const std::vector<int64_t> parts = Parts(total, weights);
    ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), int64_t{0}), total);
    const long double sum = std::accumulate(weights.begin(), weights.end(), 0.0L);
    for (size_t i = 0; i < parts.size(); ++i) {
      const long double quota = static_cast<long double>(total) * weights[i] / sum;
      ASSERT_LT(std::fabs(static_cast<long double>(parts[i]) - quota), 1.001L);
      if (weights[i] == 0) {
        ASSERT_EQ(parts[i], 0);
      }
    }
  }
}

}  // namespace
}  // namespace throughline
