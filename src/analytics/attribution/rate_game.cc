#include "analytics/attribution/rate_game.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "analytics/attribution/seeded_draws.h"

namespace throughline {
namespace {

double RateOf(double conversions, double nulls) {
  const double paths = conversions + nulls;
  return paths == 0 ? 0 : conversions / paths;
}

// of[S] becomes the sum of of[T] over all T within S.
void SumOverSubsets(std::vector<double>& of) {
  for (size_t bit = 1; bit < of.size(); bit <<= 1) {
    for (size_t set = 0; set < of.size(); ++set) {
      if (set & bit) of[set] += of[set ^ bit];
    }
  }
}

// The worth of every coalition.
std::vector<double> WorthOf(std::span<const KeySet> sets, size_t keys) {
  std::vector<double> conversions(size_t{1} << keys), nulls(size_t{1} << keys);
  for (const KeySet& set : sets) {
    size_t bits = 0;
    for (const uint32_t key : set.keys) bits |= size_t{1} << key;
    conversions[bits] += set.conversions;
    nulls[bits] += set.nulls;
  }
  SumOverSubsets(conversions);
  SumOverSubsets(nulls);
  for (size_t i = 0; i < nulls.size(); ++i) conversions[i] = RateOf(conversions[i], nulls[i]);
  return conversions;
}

// |S|! (n - |S| - 1)! / n!, by |S|: how often of all orders of n keys S comes before a certain one.
std::vector<double> OrderShares(size_t n) {
  std::vector<double> shares(n);
  double binomial = 1;  // n - 1 over size
  for (size_t size = 0; size < n; ++size) {
    shares[size] = 1 / (static_cast<double>(n) * binomial);
    binomial = binomial * static_cast<double>(n - 1 - size) / static_cast<double>(size + 1);
  }
  return shares;
}

// What each key adds, in an order of them: the worth of those up to it, less that of those before.
class OrderedWorth {
 public:
  OrderedWorth(std::span<const KeySet> sets, size_t keys)
      : sets_(sets), places_(keys), conversions_(keys), nulls_(keys) {}

  template <class Visit>
  void ForEachGain(const std::vector<uint32_t>& order, Visit&& visit) {
    for (uint32_t i = 0; i < order.size(); ++i) places_[order[i]] = i;
    std::ranges::fill(conversions_, 0.0);
    std::ranges::fill(nulls_, 0.0);
    for (const KeySet& set : sets_) {
      uint32_t last = 0;
      for (const uint32_t key : set.keys) last = std::max(last, places_[key]);
      conversions_[last] += set.conversions;
      nulls_[last] += set.nulls;
    }
    double conversions = 0, nulls = 0, before = 0;
    for (uint32_t i = 0; i < order.size(); ++i) {
      const double worth = RateOf(conversions += conversions_[i], nulls += nulls_[i]);
      visit(order[i], worth - std::exchange(before, worth));
    }
  }

 private:
  std::span<const KeySet> sets_;
  std::vector<uint32_t> places_;
  std::vector<double> conversions_, nulls_;  // of the sets that are whole at a place
};

}  // namespace

GameValue SolveRateGame(std::span<const KeySet> sets, size_t keys) {
  const std::vector<double> worth = WorthOf(sets, keys);
  const std::vector<double> shares = OrderShares(keys);
  GameValue value;
  value.values.resize(keys);
  for (size_t key = 0; key < keys; ++key) {
    const size_t bit = size_t{1} << key;
    for (size_t set = 0; set < worth.size(); ++set) {
      if (set & bit) continue;
      const auto size = static_cast<size_t>(std::popcount(set));
      value.values[key] += shares[size] * (worth[set | bit] - worth[set]);
    }
  }
  return value;
}

GameValue SampleRateGame(std::span<const KeySet> sets, size_t keys, int samples, uint64_t seed) {
  GameValue value;
  value.values.resize(keys);
  std::vector<double> squares(keys);
  std::vector<uint32_t> order(keys);
  OrderedWorth worth(sets, keys);
  for (int sample = 0; sample < samples; ++sample) {
    std::iota(order.begin(), order.end(), 0U);
    SeededDraws draws(seed, static_cast<uint64_t>(sample));
    for (size_t i = keys; i > 1; --i) std::swap(order[i - 1], order[draws.Below(i)]);
    worth.ForEachGain(order, [&](uint32_t key, double gain) {
      const double mean = value.values[key];
      value.values[key] += (gain - mean) / (sample + 1);
      squares[key] += (gain - mean) * (gain - value.values[key]);
    });
  }
  for (const double square : squares) {
    value.standard_errors.push_back(std::sqrt(square / (samples - 1) / samples));
  }
  return value;
}

}  // namespace throughline
