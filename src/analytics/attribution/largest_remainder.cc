#include "analytics/attribution/largest_remainder.h"

#include <algorithm>

namespace throughline {
namespace {

// A remainder and the place of its share as one number that is greater for a larger remainder and,
// of equal ones, for the earlier place: its largest is found without a branch. 0 is nothing.
constexpr int kPlaceBits = 16;
constexpr uint64_t kPlaces = uint64_t{1} << kPlaceBits;

uint64_t RankOf(double remainder, size_t place) {
  // By way of a signed number, to which processors convert in one step.
  const auto scaled = static_cast<uint64_t>(static_cast<int64_t>(remainder * 0x1.0p47));
  return scaled << kPlaceBits | (kPlaces - 1 - place % kPlaces);
}

}  // namespace

std::span<const int64_t> LargestRemainder::Split(int64_t total, std::span<const double> shares) {
  if (parts_.size() < shares.size()) {
    parts_.resize(shares.size());
    ranks_.resize(shares.size());
  }
  const int64_t sign = total < 0 ? -1 : 1;
  const auto whole = static_cast<double>(total * sign);
  int64_t left = total * sign;
  int64_t* const parts = parts_.data();
  uint64_t* const ranks = ranks_.data();
  for (size_t i = 0; i < shares.size(); ++i) {
    const double exact = whole * shares[i];
    auto floor = static_cast<int64_t>(exact);
    if (exact < static_cast<double>(floor)) --floor;
    parts[i] = floor;
    ranks[i] = shares[i] == 0 ? 0 : RankOf(exact - static_cast<double>(floor), i);
    left -= floor;
  }
  if (left != 0) Settle(left, shares);
  if (sign < 0) {
    for (size_t i = 0; i < shares.size(); ++i) parts_[i] = -parts_[i];
  }
  return {parts_.data(), shares.size()};
}

std::span<const int64_t> LargestRemainder::SplitConverted(int64_t own, int64_t converted,
                                                          std::span<const double> shares) {
  if (own == converted || own == 0) return Split(converted, shares);
  own_shares_.clear();
  for (const int64_t part : Split(own, shares)) {
    own_shares_.push_back(static_cast<double>(part) / static_cast<double>(own));
  }
  return Split(converted, own_shares_);
}

// What is left is less than one unit a share, but for the rounding of doubles where totals are
// beyond 2^53: the largest share takes that, as it does where there are too many to be ranked.
void LargestRemainder::Settle(int64_t left, std::span<const double> shares) {
  if (left < 0 || left > static_cast<int64_t>(shares.size()) || shares.size() > kPlaces) {
    const auto largest = std::ranges::max_element(shares) - shares.begin();
    parts_[static_cast<size_t>(largest)] += left;
    return;
  }
  for (; left > 0; --left) {
    uint64_t largest = 0;
    for (size_t i = 0; i < shares.size(); ++i) largest = std::max(largest, ranks_[i]);
    const size_t place = kPlaces - 1 - largest % kPlaces;
    ++parts_[place < shares.size() ? place : 0];
    ranks_[place < shares.size() ? place : 0] = 0;
  }
}

}  // namespace throughline
