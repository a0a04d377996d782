#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_LARGEST_REMAINDER_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_LARGEST_REMAINDER_H_

#include <cstdint>
#include <span>
#include <vector>

namespace throughline {

// Splits minor units of money by shares that add up to 1, to the last of them: the method of
// largest remainders, ties to the earlier share. As Split of throughline/money.h, but for a million
// short paths a second's part: it allocates nothing once it has grown. Shares may be negative, as
// those of a game may.
class LargestRemainder {
 public:
  // Parts of the total, good until the next call.
  std::span<const int64_t> Split(int64_t total, std::span<const double> shares);

  // What was `own` and became `converted`: split as own, and then in proportion to its parts.
  std::span<const int64_t> SplitConverted(int64_t own, int64_t converted,
                                          std::span<const double> shares);

 private:
  void Settle(int64_t left, std::span<const double> shares);

  std::vector<int64_t> parts_;
  std::vector<uint64_t> ranks_;  // of remainders
  std::vector<double> own_shares_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_LARGEST_REMAINDER_H_
