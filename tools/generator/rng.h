#ifndef THROUGHLINE_TOOLS_GENERATOR_RNG_H_
#define THROUGHLINE_TOOLS_GENERATOR_RNG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace throughline {

// SplitMix64, and integers drawn from it: the same on every machine, which the distributions of the
// standard library are not.
class Rng {
 public:
  explicit Rng(uint64_t seed) : state_(seed) {}

  // A generator of its own for the `stream`-th of many.
  static Rng Of(uint64_t seed, uint64_t stream) {
    return Rng(Rng(seed).Next() ^ Rng(stream * 0x9E3779B97F4A7C15).Next());
  }

  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }

  // 0..n-1, for n of 1..2^31.
  int64_t Below(int64_t n) {
    return static_cast<int64_t>((Next() >> 33) * static_cast<uint64_t>(n) >> 31);
  }
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }  // inclusive
  bool Chance(int64_t percent) { return Below(100) < percent; }
  bool PerMille(int64_t chance) { return Below(1000) < chance; }

  template <class T, size_t n>
  const T& Pick(const std::array<T, n>& items) {
    return items[static_cast<size_t>(Below(n))];
  }

 private:
  uint64_t state_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_RNG_H_
