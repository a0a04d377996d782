#include <gtest/gtest.h>

#include <functional>

#include "analytics/attribution/markov_chain.h"
#include "analytics/attribution_paths.h"

namespace throughline {
namespace {

AttributionRequest Markov(int order) {
  AttributionRequest request = OfModel(AttributionModel::kMarkov);
  request.order = order;
  return request;
}

// a > b converts, a and b alone do not: of half the paths that begin with a half go on to b, and a
// third of what passes b converts. Without b nothing converts; without a, only what begins with b.
TEST(AttributionMarkovTest, WorkedByHand) {
  const Table table =
      PathWriter().Path("a b", 1, 100).Path("a", 0, 0, 1).Path("b", 0, 0, 1).TableOf(Markov(1));
  // b is passed twice and converts once: 1/2 of it. From the start 2/3 go to a, of which 1/2 go on.
  // With both: 1/3. Without a: 1/3 * 1/2 = 1/6.
  ExpectNear(ByKey(table, "removal_effect"), {{"a", 0.5}, {"b", 1}}, 1e-12);
  ExpectNear(ByKey(table, "conversions"), {{"a", 1.0 / 3}, {"b", 2.0 / 3}}, 1e-12);
  ExpectNear(ByKey(table, "value"), {{"a", 100.0 / 3}, {"b", 200.0 / 3}}, 1e-9);
}

TEST(AttributionMarkovTest, EqualTouchesInARowCountOnce) {
  const Table once = PathWriter().Path("a b", 1).Path("b", 0, 0, 2).TableOf(Markov(1));
  const Table often = PathWriter().Path("a a a b b", 1).Path("b b", 0, 0, 2).TableOf(Markov(1));
  ExpectNear(ByKey(often, "share"), ByKey(once, "share"), 1e-12);
}

TEST(AttributionMarkovTest, PathsWithoutTouchesAreNoPartOfTheChain) {
  const Table table = PathWriter().Path("", 3, 30).Path("a", 1, 5, 1).TableOf(Markov(1));
  ExpectNear(ByKey(table, "conversions"), {{"a", 1}, {std::string(kNoTouchKey), 3}}, 1e-12);
  const Table none = PathWriter().Path("", 3, 30).TableOf(Markov(1));
  ExpectNear(ByKey(none, "value"), {{std::string(kNoTouchKey), 30}}, 0);
}

TEST(AttributionMarkovTest, AKeyThatOnlyLosesEarnsNothing) {
  const Table table = PathWriter().Path("a", 5).Path("b", 0, 0, 5).TableOf(Markov(1));
  ExpectNear(ByKey(table, "conversions"), {{"a", 5}, {"b", 0}}, 1e-12);
}

// Gauss's elimination on a chain whose states are written out as texts: an independent count.
class DirectChain {
 public:
  DirectChain(const PathColumns& paths, size_t order) {
    for (size_t path = 0; path + 1 < paths.begins.size(); ++path) {
      std::vector<uint32_t> touches(
          paths.touches.begin() + static_cast<long>(paths.begins[path]),
          paths.touches.begin() + static_cast<long>(paths.begins[path + 1]));
      const double weight = paths.conversions[path] + paths.nulls[path];
      if (touches.empty() || weight == 0) continue;
      std::vector<State> walk;
      const size_t window = std::min(order, touches.size());
      for (size_t i = 0; i + window <= touches.size(); ++i) {
        const State state(touches.begin() + static_cast<long>(i),
                          touches.begin() + static_cast<long>(i + window));
        if (walk.empty() || walk.back() != state) walk.push_back(state);
      }
      starts_[walk.front()] += weight;
      for (size_t i = 1; i < walk.size(); ++i) edges_[walk[i - 1]][walk[i]] += weight;
      ends_[walk.back()].first += paths.conversions[path];
      ends_[walk.back()].second += paths.nulls[path];
    }
    for (const auto& [state, to] : edges_) Number(state);
    for (const auto& [state, weight] : ends_) Number(state);
  }

  // Of all paths, the share that converts, without `key`.
  double Converts(uint32_t key) const {
    const size_t n = states_.size();
    std::vector<std::vector<double>> a(n, std::vector<double>(n + 1));
    double all = 0;
    for (const auto& [state, weight] : starts_) all += weight;
    for (const auto& [state, row] : states_) {
      a[row][row] = 1;
      if (Has(state, key)) continue;
      const auto end = ends_.contains(state) ? ends_.at(state) : std::pair(0.0, 0.0);
      double out = end.first + end.second;
      if (edges_.contains(state)) {
        for (const auto& [to, weight] : edges_.at(state)) out += weight;
        for (const auto& [to, weight] : edges_.at(state)) a[row][states_.at(to)] -= weight / out;
      }
      a[row][n] = end.first / out;
    }
    Eliminate(a);
    double converts = 0;
    for (const auto& [state, weight] : starts_) converts += weight / all * a[states_.at(state)][n];
    return converts;
  }

 private:
  using State = std::vector<uint32_t>;

  static bool Has(const State& state, uint32_t key) {
    return std::find(state.begin(), state.end(), key) != state.end();
  }
  void Number(const State& state) { states_.emplace(state, states_.size()); }
  static void Eliminate(std::vector<std::vector<double>>& a) {
    const size_t n = a.size();
    for (size_t pivot = 0; pivot < n; ++pivot) {
      for (size_t row = 0; row < n; ++row) {
        if (row == pivot || a[row][pivot] == 0) continue;
        const double factor = a[row][pivot] / a[pivot][pivot];
        for (size_t k = pivot; k <= n; ++k) a[row][k] -= factor * a[pivot][k];
      }
    }
    for (size_t row = 0; row < n; ++row) a[row][n] /= a[row][row];
  }

  std::map<State, double> starts_;
  std::map<State, std::map<State, double>> edges_;
  std::map<State, std::pair<double, double>> ends_;
  std::map<State, size_t> states_;
};

TEST(AttributionMarkovTest, AgreesWithADirectSolve) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    PathWriter writer = RandomPaths(seed, 4, 60);
    for (int order = 1; order <= 3; ++order) {
      const DirectChain chain(writer.columns(), static_cast<size_t>(order));
      const double all = chain.Converts(UINT32_MAX);
      const Table table = writer.TableOf(Markov(order));
      for (uint32_t key = 0; key < 4; ++key) {
        EXPECT_NEAR(RealAt(table, writer.columns().keys[key], "removal_effect"),
                    1 - chain.Converts(key) / all, 1e-11)
            << "seed " << seed << ", order " << order;
      }
    }
  }
}

TEST(AttributionMarkovTest, IterationAgreesWithFactorisation) {
  const PathWriter writer = RandomPaths(3, 11, 4'000, 9);
  const auto kept = writer.Kept();
  const PathView& view = KeptOf(*kept).view();
  for (int order = 2; order <= 3; ++order) {
    const auto transitions = CountTransitions(view, order);
    ASSERT_TRUE(transitions.ok());
    const RemovalEffects exact = RemovalEffectsByFactorisation(*transitions, 11);
    const RemovalEffects iterated = RemovalEffectsByIteration(*transitions, 11);
    EXPECT_LE(exact.residual, 1e-13);
    EXPECT_LE(iterated.residual, 1e-12);
    for (size_t key = 0; key < 11; ++key) {
      EXPECT_NEAR(iterated.conversions[key], exact.conversions[key], 1e-11);
      EXPECT_NEAR(iterated.values[0][key], exact.values[0][key], 1e-11);
    }
  }
}

TEST(AttributionMarkovTest, SaysWhatItCannotSolve) {
  PathWriter writer;
  for (size_t i = 0; i <= kMaxMarkovKeys; ++i) writer.Path("k" + std::to_string(i));
  const absl::StatusOr<Table> table = writer.Ask(Markov(1));
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.status().message(), "model: markov takes at most 1000 keys, there are 1001");
}

TEST(AttributionMarkovTest, FallsBackByNameWithTooLittleData) {
  AttributionRequest request = Markov(1);
  request.minimum_conversions = 10;
  const Table few = PathWriter().Path("a b b", 9).TableOf(request);
  EXPECT_EQ(few.finding,
            "Too little data for markov, 9 conversions of at least 10: this is linear instead. b "
            "earned the most, 66.7% of 9 conversions.");
  EXPECT_EQ(few.parameters[0], std::pair(std::string("model"), std::string("linear")));
  EXPECT_EQ(few.parameters[1], std::pair(std::string("asked_model"), std::string("markov")));
  const Table enough = PathWriter().Path("a b b", 10).TableOf(request);
  EXPECT_EQ(enough.parameters[0].second, "markov");
}

}  // namespace
}  // namespace throughline
