#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_SEEDED_DRAWS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_SEEDED_DRAWS_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace throughline {

// Numbers that a seed and a stream's number settle, on every machine alike: SplitMix64 (G. Steele,
// D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). What one stream
// draws does not depend on what others do.
class SeededDraws {
 public:
  SeededDraws(uint64_t seed, uint64_t stream) : state_(Mix(seed + kGamma) ^ Mix(stream * kGamma)) {}

  uint64_t Next() { return Mix(state_ += kGamma); }

  // 0 to n - 1, n > 0.
  uint64_t Below(uint64_t n) { return absl::Uint128High64(absl::uint128(Next()) * n); }
  // At least 0, less than 1.
  double Share() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

 private:
  static constexpr uint64_t kGamma = 0x9e3779b97f4a7c15;

  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_SEEDED_DRAWS_H_
