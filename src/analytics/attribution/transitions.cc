#include "analytics/attribution/transitions.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/hash_map.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// Weights by code, in an array while that is not too large. 0 is nothing.
class CodeWeights {
 public:
  explicit CodeWeights(uint64_t codes) {
    if (codes <= kMaxArray) array_.resize(codes);
  }

  bool in_array() const { return !array_.empty(); }
  double* array() { return array_.data(); }
  void Add(uint64_t code, double weight) {
    if (in_array()) {
      array_[code] += weight;
    } else {
      map_[code] += weight;
    }
  }

  // In the order of codes.
  std::vector<std::pair<uint64_t, double>> All() const {
    std::vector<std::pair<uint64_t, double>> all(map_.begin(), map_.end());
    std::ranges::sort(all);
    for (uint64_t code = 0; code < array_.size(); ++code) {
      if (array_[code] != 0) all.emplace_back(code, array_[code]);
    }
    return all;
  }

 private:
  static constexpr uint64_t kMaxArray = uint64_t{1} << 23;
  std::vector<double> array_;
  HashMap<uint64_t, double> map_;
};

// States as numbers with a digit for each touch: 0 for none, else the key's number and 1.
class StateCode {
 public:
  StateCode(size_t keys, int order) : base_(keys + 1) {
    for (int i = 0; i < order; ++i) codes_ *= base_;
    tail_ = codes_ / base_;
  }

  uint64_t codes() const { return codes_; }
  uint64_t base() const { return base_; }
  // The state after another touch.
  uint64_t Next(uint64_t code, uint32_t key) const { return code % tail_ * base_ + key + 1; }
  PathState Decode(uint64_t code) const {
    PathState state;
    for (uint64_t left = code; left != 0; left /= base_) ++state.length;
    for (uint8_t i = state.length; i > 0; --i, code /= base_) {
      state.keys[i - 1] = static_cast<uint32_t>(code % base_ - 1);
    }
    return state;
  }

 private:
  uint64_t base_;
  uint64_t codes_ = 1;
  uint64_t tail_ = 1;
};

// What all states have by code.
struct CountedByCode {
  CountedByCode(const StateCode& code, size_t currencies)
      : edges(code.codes() * code.base()),
        starts(code.codes()),
        conversions(code.codes()),
        nulls(code.codes()),
        values(currencies, CodeWeights(code.codes())) {}

  CodeWeights edges;  // by state and next touch
  CodeWeights starts, conversions, nulls;
  std::vector<CodeWeights> values;
};

void CountEnd(const PathView& view, size_t path, uint64_t code, CountedByCode& counted) {
  counted.conversions.Add(code, view.conversions[path]);
  counted.nulls.Add(code, view.NullsOf(path));
  if (!view.money) {
    if (!view.values.empty()) counted.values[0].Add(code, view.values[path]);
  } else if (view.amount_currencies[path] != kNoCurrency) {
    counted.values[view.amount_currencies[path]].Add(code, static_cast<double>(view.amounts[path]));
  }
}

// Chains of order 1, and the inner loop of them all: a state is the key alone.
void CountFirstOrder(const PathView& view, CountedByCode& counted) {
  const uint64_t base = view.keys.size() + 1;
  double* const edges = counted.edges.array();
  for (size_t path = 0; path < view.paths(); ++path) {
    const uint32_t* touch = view.touches.data() + view.begins[path];
    const uint32_t* const end = view.touches.data() + view.begins[path + 1];
    const double weight = view.conversions[path] + view.NullsOf(path);
    if (touch == end || weight == 0) continue;
    uint64_t state = *touch + 1;
    counted.starts.Add(state, weight);
    for (++touch; touch != end; ++touch) {
      edges[state * base + *touch + 1] += weight;
      state = *touch + 1;
    }
    CountEnd(view, path, state, counted);
  }
}

void CountHigherOrder(const PathView& view, const StateCode& codes, size_t order,
                      CountedByCode& counted) {
  for (size_t path = 0; path < view.paths(); ++path) {
    const auto touches = view.touches.subspan(view.begins[path], view.LengthOf(path));
    const double weight = view.conversions[path] + view.NullsOf(path);
    if (touches.empty() || weight == 0) continue;
    uint64_t state = 0;
    const size_t first = std::min(order, touches.size());
    for (size_t i = 0; i < first; ++i) state = codes.Next(state, touches[i]);
    counted.starts.Add(state, weight);
    for (size_t i = first; i < touches.size(); ++i) {
      counted.edges.Add(state * codes.base() + touches[i] + 1, weight);
      state = codes.Next(state, touches[i]);
    }
    CountEnd(view, path, state, counted);
  }
}

// Numbers the states that there are: each is where a path begins or where an edge leads.
std::vector<uint64_t> CodesOf(const StateCode& codes, const CountedByCode& counted,
                              const std::vector<std::pair<uint64_t, double>>& edges) {
  std::vector<uint64_t> all;
  for (const auto& [code, weight] : counted.starts.All()) all.push_back(code);
  for (const auto& [code, weight] : edges) {
    all.push_back(codes.Next(code / codes.base(), static_cast<uint32_t>(code % codes.base() - 1)));
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

class StateNumbers {
 public:
  explicit StateNumbers(const std::vector<uint64_t>& codes) : codes_(codes) {}
  uint32_t Of(uint64_t code) const {
    return static_cast<uint32_t>(std::ranges::lower_bound(codes_, code) - codes_.begin());
  }
  std::vector<double> ByNumber(const CodeWeights& weights) const {
    std::vector<double> by_number(codes_.size());
    for (const auto& [code, weight] : weights.All()) by_number[Of(code)] = weight;
    return by_number;
  }

 private:
  const std::vector<uint64_t>& codes_;
};

// Equal consecutive states count once: their edges are none.
void TakeEdges(const std::vector<std::pair<uint64_t, double>>& edges, const StateCode& codes,
               const StateNumbers& numbers, Transitions& to) {
  uint64_t last = UINT64_MAX;
  uint32_t from = 0;
  for (const auto& [code, weight] : edges) {
    const uint64_t state = code / codes.base();
    if (state != last) from = numbers.Of(last = state);
    const uint64_t next = codes.Next(state, static_cast<uint32_t>(code % codes.base() - 1));
    if (next != state) to.edges.push_back({from, numbers.Of(next), weight});
  }
}

}  // namespace

absl::Status CheckMarkovSize(size_t keys, size_t states, int order) {
  if (keys > kMaxMarkovKeys) {
    return InvalidField(
        "model", absl::StrCat("markov takes at most ", kMaxMarkovKeys, " keys, there are ", keys));
  }
  if (states <= kMaxMarkovStates) return absl::OkStatus();
  return InvalidField("order", absl::StrCat("a chain of order ", order, " has ", states,
                                            " states, at most ", kMaxMarkovStates, " are allowed"));
}

absl::StatusOr<Transitions> CountTransitions(const PathView& view, int order) {
  absl::Status size = CheckMarkovSize(view.keys.size(), 0, order);
  if (!size.ok()) return size;
  const StateCode codes(view.keys.size(), order);
  CountedByCode counted(codes, CurrenciesOf(view));
  if (order == 1) {
    CountFirstOrder(view, counted);
  } else {
    CountHigherOrder(view, codes, static_cast<size_t>(order), counted);
  }
  const auto edges = counted.edges.All();
  const std::vector<uint64_t> all = CodesOf(codes, counted, edges);
  size = CheckMarkovSize(view.keys.size(), all.size(), order);
  if (!size.ok()) return size;
  const StateNumbers numbers(all);
  Transitions transitions;
  for (const uint64_t code : all) transitions.states.push_back(codes.Decode(code));
  transitions.starts = numbers.ByNumber(counted.starts);
  transitions.conversions = numbers.ByNumber(counted.conversions);
  transitions.nulls = numbers.ByNumber(counted.nulls);
  for (const CodeWeights& each : counted.values) {
    transitions.values.push_back(numbers.ByNumber(each));
  }
  TakeEdges(edges, codes, numbers, transitions);
  return transitions;
}

}  // namespace throughline
