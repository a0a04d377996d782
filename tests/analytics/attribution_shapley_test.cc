#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include "analytics/attribution/rate_game.h"
#include "analytics/attribution_paths.h"
#include "model/table_rows.h"

namespace throughline {
namespace {

using Coalition = std::set<uint32_t>;
using Worth = std::function<double(const Coalition&)>;

// Conversions, and paths, all of whose keys are in the coalition.
std::pair<double, double> Within(const PathColumns& paths, const Coalition& coalition) {
  double conversions = 0, all = 0;
  for (size_t path = 0; path + 1 < paths.begins.size(); ++path) {
    bool inside = paths.begins[path] < paths.begins[path + 1];
    for (uint64_t i = paths.begins[path]; i < paths.begins[path + 1]; ++i) {
      inside = inside && coalition.contains(paths.touches[i]);
    }
    if (!inside) continue;
    conversions += paths.conversions[path];
    all += paths.conversions[path] + paths.nulls[path];
  }
  return {conversions, all};
}

// By the definition: the mean of what a key adds over all orders of the keys.
std::vector<double> ByAllOrders(uint32_t keys, const Worth& worth) {
  std::vector<uint32_t> order(keys);
  std::iota(order.begin(), order.end(), 0U);
  std::vector<double> sum(keys);
  double orders = 0;
  do {
    Coalition before;
    double so_far = worth(before);
    for (const uint32_t key : order) {
      before.insert(key);
      const double now = worth(before);
      sum[key] += now - so_far;
      so_far = now;
    }
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  for (double& each : sum) each /= orders;
  return sum;
}

TEST(AttributionShapleyTest, IsTheValueByAllOrders) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    PathWriter writer = RandomPaths(seed, 5, 40);
    const PathColumns& paths = writer.columns();
    const auto by_orders =
        ByAllOrders(5, [&](const Coalition& c) { return Within(paths, c).first; });
    const Table table = writer.TableOf(OfModel(AttributionModel::kShapley));
    for (uint32_t key = 0; key < 5; ++key) {
      EXPECT_NEAR(RealAt(table, paths.keys[key], "conversions"), by_orders[key], 1e-9);
    }
  }
}

TEST(AttributionShapleyTest, OfRatesIsTheValueByAllOrders) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    PathWriter writer = RandomPaths(seed, 5, 40);
    const PathColumns& paths = writer.columns();
    const auto by_orders = ByAllOrders(5, [&](const Coalition& c) {
      const auto [conversions, all] = Within(paths, c);
      return all == 0 ? 0 : conversions / all;
    });
    const double sum = std::accumulate(by_orders.begin(), by_orders.end(), 0.0);
    const Table table = writer.TableOf(OfModel(AttributionModel::kShapleyRate));
    for (uint32_t key = 0; key < 5; ++key) {
      EXPECT_NEAR(RealAt(table, paths.keys[key], "share"), by_orders[key] / sum, 1e-9);
    }
  }
}

class ShapleyAxiomsTest : public ::testing::TestWithParam<AttributionModel> {};
INSTANTIATE_TEST_SUITE_P(Models, ShapleyAxiomsTest,
                         ::testing::Values(AttributionModel::kShapley,
                                           AttributionModel::kShapleyRate),
                         [](const auto& param) { return std::string(NameOf(param.param)); });

TEST_P(ShapleyAxiomsTest, Efficiency) {
  PathWriter writer = RandomPaths(11, 6, 100);
  double credit = 0, all = 0;
  for (const auto& [key, each] : ByKey(writer.TableOf(OfModel(GetParam())), "conversions")) {
    credit += each;
  }
  for (const double each : writer.columns().conversions) all += each;
  EXPECT_NEAR(credit, all, 1e-9);
}

TEST_P(ShapleyAxiomsTest, SymmetricKeysEarnTheSame) {
  PathWriter writer = RandomPaths(12, 4, 60);
  PathWriter twin;
  const PathColumns paths = writer.columns();
  twin.columns().keys = paths.keys;
  // Every path a second time, with k0 and k1 exchanged.
  for (const bool exchange : {false, true}) {
    for (size_t path = 0; path + 1 < paths.begins.size(); ++path) {
      std::string touches;
      for (uint64_t i = paths.begins[path]; i < paths.begins[path + 1]; ++i) {
        const uint32_t key = paths.touches[i];
        touches += (touches.empty() ? "" : " ") + paths.keys[exchange && key < 2 ? 1 - key : key];
      }
      twin.Path(touches, paths.conversions[path], 0, paths.nulls[path]);
    }
  }
  const Table table = twin.TableOf(OfModel(GetParam()));
  EXPECT_NEAR(RealAt(table, "k0", "share"), RealAt(table, "k1", "share"), 1e-12);
}

TEST_P(ShapleyAxiomsTest, ADummyEarnsNothing) {
  PathWriter writer = RandomPaths(13, 3, 60);
  writer.Key("dummy");
  EXPECT_NEAR(RealAt(writer.TableOf(OfModel(GetParam())), "dummy", "share"), 0, 1e-12);
}

TEST(AttributionShapleyTest, IsAdditive) {
  PathWriter one = RandomPaths(14, 4, 30), two = RandomPaths(15, 4, 30), both = one;
  const PathColumns& more = two.columns();
  for (size_t path = 0; path + 1 < more.begins.size(); ++path) {
    std::string touches;
    for (uint64_t i = more.begins[path]; i < more.begins[path + 1]; ++i) {
      touches += (touches.empty() ? "" : " ") + more.keys[more.touches[i]];
    }
    std::vector<double> days(more.begins[path + 1] - more.begins[path]);
    both.Path(touches, more.conversions[path], more.values[path], more.nulls[path], days);
  }
  const AttributionRequest request = OfModel(AttributionModel::kShapley);
  const Table of_both = both.TableOf(request), of_one = one.TableOf(request),
              of_two = two.TableOf(request);
  for (const std::string& key : Keys(of_both)) {
    EXPECT_NEAR(RealAt(of_both, key, "value"),
                RealAt(of_one, key, "value") + RealAt(of_two, key, "value"), 1e-9);
  }
}

TEST(AttributionShapleyTest, OrderedSpreadsAKeyOverItsPositions) {
  const Table table =
      PathWriter().Path("a b a", 6).TableOf(OfModel(AttributionModel::kShapleyOrdered));
  std::map<std::pair<std::string, int64_t>, double> by_position;
  for (const auto& row : RowsOf(table)) {
    by_position[{std::get<std::string>(row[0]), std::get<int64_t>(row[1])}] =
        std::get<double>(row[2]);
  }
  const std::map<std::pair<std::string, int64_t>, double> expected = {
      {{"a", 1}, 1.5}, {{"a", 3}, 1.5}, {{"b", 2}, 3}};
  EXPECT_EQ(by_position, expected);
}

TEST(AttributionShapleyTest, SampledIsNearTheExactAndSaysHowNear) {
  const PathWriter writer = RandomPaths(16, 8, 400);
  const auto kept = writer.Kept();
  const std::vector<KeySet> sets = CountSets(KeptOf(*kept).view());
  const GameValue exact = SolveRateGame(sets, 8);
  const GameValue sampled = SampleRateGame(sets, 8, 4'000, 7);
  double sum = 0, sampled_sum = 0;
  for (size_t key = 0; key < 8; ++key) {
    EXPECT_NEAR(sampled.values[key], exact.values[key], 5 * sampled.standard_errors[key]);
    EXPECT_GT(sampled.standard_errors[key], 0);
    sum += exact.values[key];
    sampled_sum += sampled.values[key];
  }
  EXPECT_NEAR(sum, sampled_sum, 1e-12) << "each order gives away exactly the worth of all";
  EXPECT_EQ(SampleRateGame(sets, 8, 100, 7).values, SampleRateGame(sets, 8, 100, 7).values);
  EXPECT_NE(SampleRateGame(sets, 8, 100, 7).values, SampleRateGame(sets, 8, 100, 8).values);
}

TEST(AttributionShapleyTest, AboveTwentyKeysTheTableStatesTheError) {
  const Table table = RandomPaths(17, 21, 300).TableOf(OfModel(AttributionModel::kShapleyRate));
  EXPECT_TRUE(HasColumn(table, "standard_error"));
  const Table many = RandomPaths(17, 70, 300).TableOf(OfModel(AttributionModel::kShapleyRate));
  double share = 0;
  for (const auto& [key, each] : ByKey(many, "share")) share += each;
  EXPECT_NEAR(share, 1, 1e-9);
}

}  // namespace
}  // namespace throughline
