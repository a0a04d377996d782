#include "analytics/attribution/largest_remainder.h"

#include <algorithm>

namespace throughline {
namespace {

// So that a share of 0 gets nothing of what is left while another one can.
constexpr double kNothing = -1;

}  // namespace

std::span<const int64_t> LargestRemainder::Split(int64_t total, std::span<const double> shares) {
  if (parts_.size() < shares.size()) {
    parts_.resize(shares.size());
    remainders_.resize(shares.size());
  }
  const int64_t sign = total < 0 ? -1 : 1;
  const auto whole = static_cast<double>(total * sign);
  int64_t left = total * sign;
  int64_t* const parts = parts_.data();
  double* const remainders = remainders_.data();
  for (size_t i = 0; i < shares.size(); ++i) {
    const double exact = whole * shares[i];
    auto floor = static_cast<int64_t>(exact);
    if (exact < static_cast<double>(floor)) --floor;
    parts[i] = floor;
    remainders[i] = shares[i] == 0 ? kNothing : exact - static_cast<double>(floor);
    left -= floor;
  }
  if (left != 0) Settle(left, shares);
  if (sign < 0) {
    for (size_t i = 0; i < shares.size(); ++i) parts_[i] = -parts_[i];
  }
  return {parts_.data(), shares.size()};
}

// What is left is less than one unit a share, but for the rounding of doubles where totals are
// beyond 2^53: the largest share takes that.
void LargestRemainder::Settle(int64_t left, std::span<const double> shares) {
  const auto count = static_cast<int64_t>(shares.size());
  if (left < 0 || left > count) {
    const auto largest = std::ranges::max_element(shares) - shares.begin();
    parts_[static_cast<size_t>(largest)] += left;
    return;
  }
  const auto end = remainders_.begin() + count;
  for (; left > 0; --left) {
    const auto largest = std::max_element(remainders_.begin(), end);
    ++parts_[static_cast<size_t>(largest - remainders_.begin())];
    *largest = kNothing;
  }
}

}  // namespace throughline
