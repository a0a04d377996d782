#ifndef THROUGHLINE_ANALYTICS_REPORTS_STATISTICS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analytics/reports/tally.h"
#include "throughline/table.h"

// Formulas, each with its source.

namespace throughline {

inline double Days(double micros) { return micros / static_cast<double>(kMicrosPerDay); }

// The middle one, or the mean of the two in the middle, of durations in microseconds; empty of
// none.
Cell MedianDays(std::span<const Sample> durations);
Cell LongestDays(std::span<const Sample> durations);

struct Interval {
  double low = 0;
  double high = 0;
};

// Of a share of `whole` > 0, with 95 % confidence: the score interval (Wilson, "Probable Inference,
// the Law of Succession, and Statistical Inference", JASA 22, 1927).
Interval WilsonInterval(int64_t part, int64_t whole);

// Of a Poisson count of which `seen` were seen: the least count of `exposure` > 0 as much time that
// the share `quantile` does not exceed. The predictive distribution under Jeffreys' prior, negative
// binomial (Gelman et al., "Bayesian Data Analysis", 3rd ed., 2013, sections 2.6 and 2.8).
int64_t PredictedCount(int64_t seen, double exposure, double quantile);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_STATISTICS_H_
