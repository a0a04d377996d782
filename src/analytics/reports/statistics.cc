#include "analytics/reports/statistics.h"

#include <algorithm>
#include <cmath>

namespace throughline {

Cell MedianDays(std::span<const Sample> durations) {
  if (durations.empty()) return Cell();
  Column<Sample> ordered;  // as far as the middle needs it
  ordered.append(durations);
  Sample* const middle = ordered.begin() + ordered.size() / 2;
  std::nth_element(ordered.begin(), middle, ordered.end());
  const auto value = static_cast<double>(middle->value);
  if (ordered.size() % 2 == 1) return Days(value);
  const auto below = static_cast<double>(std::max_element(ordered.begin(), middle)->value);
  return Days((below + value) / 2);
}

Cell LongestDays(std::span<const Sample> durations) {
  if (durations.empty()) return Cell();
  return Days(static_cast<double>(std::ranges::max_element(durations)->value));
}

Interval WilsonInterval(int64_t part, int64_t whole) {
  constexpr double kZ = 1.959963984540054;  // the normal quantile of 0.975
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double centre = p + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

int64_t PredictedCount(int64_t seen, double exposure, double quantile) {
  const double shape = static_cast<double>(seen) + 0.5, fail = exposure / (1 + exposure);
  double log_mass = shape * std::log1p(-fail), below = std::exp(log_mass);
  int64_t count = 0;
  // The last digits of the sum may never come to it.
  const double far = shape * exposure + 50 * std::sqrt(shape * exposure * (1 + exposure)) + 50;
  while (below < quantile && static_cast<double>(count) < far) {
    log_mass +=
        std::log((static_cast<double>(count) + shape) / static_cast<double>(count + 1) * fail);
    below += std::exp(log_mass);
    ++count;
  }
  return count;
}

}  // namespace throughline
