#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_DRAWN_COUNTS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_DRAWN_COUNTS_H_

#include "analytics/attribution/seeded_draws.h"

// Whole numbers drawn at random, as real ones: counts of paths are real numbers.

namespace throughline {

// Exact up to a mean of 50, from there on of the normal distribution that it is near.
double DrawPoisson(double mean, SeededDraws& draws);

// How many of `trials`, a whole number, succeed, each with this chance. Exact up to 1,000 trials,
// from there on of the distribution that it is near.
double DrawBinomial(double trials, double chance, SeededDraws& draws);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_DRAWN_COUNTS_H_
