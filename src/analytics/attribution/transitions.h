#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_TRANSITIONS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_TRANSITIONS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/attribution/path_view.h"

// Paths as walks through states, counted.

namespace throughline {

inline constexpr int kMaxOrder = 3;

// The last touches of a path: as many as the order of the chain, or all of a path that has fewer.
struct PathState {
  std::array<uint32_t, kMaxOrder> keys{};  // the oldest first
  uint8_t length = 0;

  bool Has(uint32_t key) const {
    for (uint8_t i = 0; i < length; ++i) {
      if (keys[i] == key) return true;
    }
    return false;
  }
  friend auto operator<=>(const PathState&, const PathState&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const PathState& s) {
    return H::combine(std::move(h), s.keys, s.length);
  }
};

struct TransitionEdge {
  uint32_t from = 0;  // states
  uint32_t to = 0;
  double weight = 0;  // conversions and nulls of the paths that take it
};

struct Transitions {
  std::vector<PathState> states;
  std::vector<double> starts;       // by state: weight of the paths that begin there
  std::vector<double> conversions;  // of the paths that end there
  std::vector<double> nulls;
  std::vector<std::vector<double>> values;  // by currency (one if values are real), then state
  std::vector<TransitionEdge> edges;        // by `from`, then `to`
};

// How much is counted anyway.
inline constexpr size_t CurrenciesOf(const PathView& view) {
  return view.money ? view.currencies.size() : 1;
}

// INVALID_ARGUMENT beyond kMaxMarkovKeys or kMaxMarkovStates.
absl::Status CheckMarkovSize(size_t keys, size_t states, int order);

// Errors as of CheckMarkovSize.
absl::StatusOr<Transitions> CountTransitions(const PathView& view, int order);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_TRANSITIONS_H_
