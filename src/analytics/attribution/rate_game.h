#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_RATE_GAME_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_RATE_GAME_H_

#include <cstdint>
#include <span>
#include <vector>

#include "analytics/attribution/set_counts.h"

// The Shapley value of the game in which a coalition of keys is worth the conversion rate of the
// paths that have no key outside of it; 0 where there is no such path.

namespace throughline {

struct GameValue {
  std::vector<double> values;           // by key; together the rate of all paths
  std::vector<double> standard_errors;  // by key, if the values were sampled; else empty
};

// By all coalitions, of at most kMaxExactKeys keys: the subset-sum transform gives the worth of
// each.
GameValue SolveRateGame(std::span<const KeySet> sets, size_t keys);

// By `samples` random orders of the keys, in each of which a key gets what it adds to those before
// it (J. Castro, D. Gómez, J. Tejada, "Polynomial calculation of the Shapley value based on
// sampling", Computers & Operations Research 36, 2009). Orders depend on the seed and the number of
// keys only.
GameValue SampleRateGame(std::span<const KeySet> sets, size_t keys, int samples, uint64_t seed);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_RATE_GAME_H_
