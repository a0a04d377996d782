#include "analytics/attribution/drawn_counts.h"

#include <algorithm>
#include <cmath>

namespace throughline {
namespace {

constexpr double kGreatMean = 50;
constexpr double kManyTrials = 1'000;

// Of mean 0 and variance 1 (Box and Muller).
double StandardNormal(SeededDraws& draws) {
  const double radius = std::sqrt(-2 * std::log(1 - draws.Share()));
  return radius * std::cos(2 * 3.14159265358979323846 * draws.Share());
}

}  // namespace

// By inversion.
double DrawPoisson(double mean, SeededDraws& draws) {
  if (mean == 0) return 0;
  if (mean > kGreatMean) {
    return std::max(0.0, std::round(mean + std::sqrt(mean) * StandardNormal(draws)));
  }
  double chance = std::exp(-mean), sum = chance;
  const double wanted = draws.Share();
  int count = 0;
  while (sum < wanted && chance > 0) sum += chance *= mean / ++count;
  return count;
}

double DrawBinomial(double trials, double chance, SeededDraws& draws) {
  if (trials <= kManyTrials) {
    double successes = 0;
    for (double trial = 0; trial < trials; ++trial) successes += draws.Share() < chance ? 1 : 0;
    return successes;
  }
  const double mean = trials * chance, failures = trials - mean;
  if (mean <= kGreatMean) return std::min(trials, DrawPoisson(mean, draws));
  if (failures <= kGreatMean) return trials - std::min(trials, DrawPoisson(failures, draws));
  const double deviation = std::sqrt(mean * (1 - chance));
  return std::clamp(std::round(mean + deviation * StandardNormal(draws)), 0.0, trials);
}

}  // namespace throughline
