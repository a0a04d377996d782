#include "analytics/reports/survival.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <vector>

namespace throughline {
namespace {

// Weeks of remission under 6-mercaptopurine, 21 patients; negative: still in remission when last
// seen. Freireich et al., "The Effect of 6-Mercaptopurine on the Duration of Steroid-Induced
// Remissions in Acute Leukemia", Blood 21 (1963); the estimates are those of Klein and
// Moeschberger, "Survival Analysis" (2003), table 4.1.
std::vector<Sample> Remissions() {
  std::vector<Sample> samples;
  for (const int weeks :
       {6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35}) {
    samples.push_back({std::abs(weeks), weeks > 0 ? 1u : 0u});
  }
  return samples;
}

TEST(SurvivalTest, IsTheProductLimitEstimateOfTheBook) {
  const SurvivalCurve curve(Remissions());
  const std::pair<int64_t, double> expected[] = {{5, 1},      {6, 0.857},  {7, 0.807},
                                                 {10, 0.753}, {13, 0.690}, {16, 0.627},
                                                 {22, 0.538}, {23, 0.448}, {99, 0.448}};
  for (const auto& [week, survival] : expected) {
    EXPECT_NEAR(curve.SurvivalAt(week), survival, 0.0005) << week;
  }
  EXPECT_EQ(curve.subjects(), 21);
  EXPECT_EQ(curve.ended(), 9);
}

TEST(SurvivalTest, TheMedianIsWhereHalfHaveEnded) {
  const SurvivalCurve curve(Remissions());
  EXPECT_EQ(curve.Quantile(0.5), 23);
  EXPECT_EQ(curve.Quantile(0.25), 13);
  EXPECT_EQ(curve.Quantile(0.75), std::nullopt) << "so many have not ended yet";
  const MedianBounds bounds = curve.BoundsOfMedian();
  EXPECT_EQ(bounds.low, 13);
  EXPECT_EQ(bounds.high, std::nullopt);
}

TEST(SurvivalTest, FittedAgainItIsAsIfNew) {
  SurvivalCurve curve(Remissions());
  curve.Fit(std::vector<Sample>{{1, 1}, {2, 0}});
  EXPECT_EQ(curve.subjects(), 2);
  EXPECT_EQ(curve.ended(), 1);
  EXPECT_EQ(curve.SurvivalAt(2), 0.5);
  curve.Fit({});
  EXPECT_EQ(curve.subjects(), 0);
  EXPECT_EQ(curve.ended(), 0);
  EXPECT_EQ(curve.SurvivalAt(2), 1);
  EXPECT_EQ(curve.Quantile(0.5), std::nullopt);
  for (const int64_t many : {50'000, 3'000, 80'000, 10}) {
    std::vector<Sample> samples;
    for (int64_t i = 0; i < many; ++i) samples.push_back({i * 7919 % many, 1});
    curve.Fit(samples);
    EXPECT_EQ(curve.subjects(), many);
    EXPECT_EQ(curve.Quantile(0.5), many / 2 - 1);
    EXPECT_NEAR(curve.SurvivalAt(many / 4 - 1), 0.75, 0.1);
    EXPECT_EQ(curve.SurvivalAt(many - 1), 0);
  }
}

TEST(SurvivalTest, WithoutCensoringItIsCounting) {
  std::vector<Sample> samples;
  for (int64_t i = 1; i <= 10; ++i) samples.push_back({i, 1});
  const SurvivalCurve curve(samples);
  for (int64_t i = 1; i <= 10; ++i) {
    EXPECT_NEAR(curve.SurvivalAt(i), 1 - static_cast<double>(i) / 10, 1e-12);
  }
  EXPECT_EQ(curve.Quantile(0.5), 5);
  EXPECT_EQ(curve.Quantile(1), 10);
}

TEST(SurvivalTest, OfManyDurationsTheOrderDoesNotMatter) {
  std::mt19937_64 random(7);
  std::vector<int64_t> values;
  std::vector<Sample> samples;
  for (int i = 0; i < 50'000; ++i) {
    values.push_back(static_cast<int64_t>(random() >> (random() % 40 + 4)) - 1000);
    samples.push_back({values.back(), 1});
  }
  std::ranges::sort(values);
  const SurvivalCurve curve(samples);
  for (const size_t place :
       {size_t{0}, size_t{49}, size_t{12'345}, size_t{25'000}, size_t{49'999}}) {
    const auto ended = std::ranges::upper_bound(values, values[place]) - values.begin();
    EXPECT_NEAR(curve.SurvivalAt(values[place]), 1 - static_cast<double>(ended) / 50'000, 1e-9);
  }
}

// What ended by any event, and what has not ended, is all.
TEST(SurvivalTest, IncidencesAndSurvivalAddUpToOne) {
  std::vector<Sample> samples;
  for (int64_t i = 0; i < 200; ++i) {
    samples.push_back({i * 37 % 101, static_cast<uint32_t>(i * 7 % 3)});
  }
  const SurvivalCurve curve(samples);
  for (int64_t time = 0; time <= 101; time += 10) {
    EXPECT_NEAR(curve.IncidenceOf(1, time) + curve.IncidenceOf(2, time) + curve.SurvivalAt(time), 1,
                1e-12)
        << time;
  }
}

// With one event and no censoring the incidence is the share that ended so.
TEST(SurvivalTest, CompetingEventsTakeTheirShares) {
  const SurvivalCurve curve(std::vector<Sample>{{1, 1}, {2, 2}, {3, 1}, {4, 2}});
  EXPECT_DOUBLE_EQ(curve.IncidenceOf(1, 2), 0.25);
  EXPECT_DOUBLE_EQ(curve.IncidenceOf(1, 4), 0.5);
  EXPECT_DOUBLE_EQ(curve.IncidenceOf(2, 4), 0.5);
}

TEST(SurvivalTest, OfNothingNothingIsKnown) {
  const SurvivalCurve curve(std::span<const Sample>{});
  EXPECT_EQ(curve.SurvivalAt(5), 1);
  EXPECT_EQ(curve.Quantile(0.5), std::nullopt);
  EXPECT_EQ(curve.IncidenceOf(1, 5), 0);
}

// Newcombe, "Two-Sided Confidence Intervals for the Single Proportion" (Statistics in Medicine 17,
// 1998), table I, method 3.
// By summing the mass of the negative binomial, in other code.
TEST(PredictedCountTest, IsTheQuantileOfTheNegativeBinomial) {
  EXPECT_EQ(PredictedCount(100, 0.5, 0.025), 34);
  EXPECT_EQ(PredictedCount(100, 0.5, 0.975), 68);
  EXPECT_EQ(PredictedCount(0, 1, 0.025), 0);
  EXPECT_EQ(PredictedCount(0, 1, 0.975), 3) << "nothing was seen: something may come all the same";
  EXPECT_EQ(PredictedCount(100'000, 0.2, 0.025), 19697);
  EXPECT_EQ(PredictedCount(100'000, 0.2, 0.975), 20304);
}

TEST(WilsonTest, IsTheIntervalOfTheTable) {
  const struct {
    int64_t part, whole;
    double low, high;
  } expected[] = {{81, 263, 0.2553, 0.3662},
                  {15, 148, 0.0624, 0.1605},
                  {0, 20, 0, 0.1611},
                  {1, 29, 0.0061, 0.1718}};
  for (const auto& e : expected) {
    const Interval interval = WilsonInterval(e.part, e.whole);
    EXPECT_NEAR(interval.low, e.low, 0.00005) << e.part << " of " << e.whole;
    EXPECT_NEAR(interval.high, e.high, 0.00005) << e.part << " of " << e.whole;
  }
}

}  // namespace
}  // namespace throughline
