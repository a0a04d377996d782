#include "analytics/attribution/set_counts.h"

#include <algorithm>

#include "model/hash_map.h"

namespace throughline {
namespace {

// Sets of up to 64 keys are bits of a number; of more, they are lists.
template <class Set>
class SetTally {
 public:
  void Add(const Set& set, double conversions, double nulls) {
    const auto [at, is_new] = numbers_.try_emplace(set, sets_.size());
    if (is_new) sets_.push_back({set, 0, 0});
    sets_[at->second].conversions += conversions;
    sets_[at->second].nulls += nulls;
  }
  struct Counted {
    Set set;
    double conversions;
    double nulls;
  };
  const std::vector<Counted>& sets() const { return sets_; }

 private:
  HashMap<Set, size_t> numbers_;
  std::vector<Counted> sets_;
};

// set_of(touches) gives the set.
template <class Set, class SetOf>
std::vector<typename SetTally<Set>::Counted> Tallied(const PathView& view, SetOf&& set_of) {
  SetTally<Set> tally;
  for (size_t path = 0; path < view.paths(); ++path) {
    const auto touches = view.touches.subspan(view.begins[path], view.LengthOf(path));
    const double nulls = view.NullsOf(path);
    if (touches.empty() || view.conversions[path] + nulls == 0) continue;
    tally.Add(set_of(touches), view.conversions[path], nulls);
  }
  return tally.sets();
}

uint64_t BitsOf(std::span<const uint32_t> touches) {
  uint64_t bits = 0;
  for (const uint32_t key : touches) bits |= uint64_t{1} << key;
  return bits;
}

std::vector<uint32_t> ListOf(std::span<const uint32_t> touches) {
  std::vector<uint32_t> keys(touches.begin(), touches.end());
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<uint32_t> KeysOf(uint64_t bits) {
  std::vector<uint32_t> keys;
  for (uint32_t key = 0; bits != 0; ++key, bits >>= 1) {
    if (bits & 1) keys.push_back(key);
  }
  return keys;
}

}  // namespace

std::vector<KeySet> CountSets(const PathView& view) {
  std::vector<KeySet> sets;
  if (view.keys.size() <= 64) {
    for (const auto& each : Tallied<uint64_t>(view, BitsOf)) {
      sets.push_back({KeysOf(each.set), each.conversions, each.nulls});
    }
  } else {
    for (const auto& each : Tallied<std::vector<uint32_t>>(view, ListOf)) {
      sets.push_back({each.set, each.conversions, each.nulls});
    }
  }
  return sets;
}

}  // namespace throughline
