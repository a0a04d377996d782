#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_MARKOV_CHAIN_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_MARKOV_CHAIN_H_

#include <cstddef>
#include <vector>

#include "analytics/attribution/transitions.h"

// Removal effects in an absorbing Markov chain, solved and not simulated.

namespace throughline {

struct RemovalEffects {
  std::vector<double> conversions;          // by key: the share of conversions lost without it
  std::vector<std::vector<double>> values;  // by currency, then key
  size_t states = 0;
  double residual = 0;  // the largest |b - A x| / |b| of the systems that were solved
};

// Of `keys` keys. All 0 where there is nothing to lose.
RemovalEffects RemovalEffectsOf(const Transitions& transitions, size_t keys);

// The same by the named method, whatever the size: for tests.
RemovalEffects RemovalEffectsByFactorisation(const Transitions& transitions, size_t keys);
RemovalEffects RemovalEffectsByIteration(const Transitions& transitions, size_t keys);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_MARKOV_CHAIN_H_
