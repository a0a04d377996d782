#include "throughline/attribution_quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/attribution/drawn_counts.h"
#include "analytics/attribution_paths.h"
#include "throughline/ledger_paths.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

Table Compared(const PathWriter& writer, const ComparisonRequest& request = {}) {
  auto table = CompareAttribution(*writer.Kept(), request);
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

TEST(AttributionQualityTest, ModelsStandSideBySide) {
  const PathWriter writer = RandomPaths(31, 4, 400);
  ComparisonRequest request{.resamples = 40};
  request.settings.weights = MilestoneWeights{.middle = 100};
  const Table table = Compared(writer, request);
  for (const AttributionModelInfo& info : AttributionModels()) {
    if (info.model == AttributionModel::kShapleyOrdered) continue;
    AttributionRequest one = OfModel(info.model);
    one.weights = request.settings.weights;
    ExpectNear(ByKey(table, info.name), ByKey(writer.TableOf(one), "share"), 1e-12);
  }
  EXPECT_FALSE(HasColumn(table, "linear_low"));
  for (const std::string& key : Keys(table)) {
    for (const std::string model : {"markov", "shapley", "shapley_rate"}) {
      EXPECT_LT(RealAt(table, key, model + "_low"), RealAt(table, key, model + "_high"));
    }
    EXPECT_LT(RealAt(table, key, "markov_low"), RealAt(table, key, "markov"));
    EXPECT_GT(RealAt(table, key, "markov_high"), RealAt(table, key, "markov"));
  }
  EXPECT_THAT(table.finding, HasSubstr("Models differ most about k"));
}

TEST(AttributionQualityTest, IntervalsNarrowAsDataGrow) {
  ComparisonRequest request{.models = {AttributionModel::kMarkov}, .resamples = 60};
  const auto width = [&](int paths) {
    const Table table = Compared(RandomPaths(32, 3, paths), request);
    return RealAt(table, "k0", "markov_high") - RealAt(table, "k0", "markov_low");
  };
  EXPECT_GT(width(100), 2 * width(4'000));
}

TEST(AttributionQualityTest, TheSameSeedDrawsTheSame) {
  const PathWriter writer = RandomPaths(33, 3, 100);
  ComparisonRequest request{.models = {AttributionModel::kShapley}, .resamples = 20};
  const std::string one = ToJson(Compared(writer, request));
  EXPECT_EQ(ToJson(Compared(writer, request)), one);
  request.settings.seed = 2;
  EXPECT_NE(ToJson(Compared(writer, request)), one);
}

// Paths through "good" convert nine times out of ten, others once.
TEST(AttributionQualityTest, ValidationSeesWhatForetells) {
  PathWriter writer;
  std::mt19937 random(3);
  for (int i = 0; i < 2'000; ++i) {
    const bool good = random() % 2 == 0;
    const bool won = random() % 10 == 0 ? !good : good;
    writer.Path(good ? "x good" : "x bad", won, 0, !won);
  }
  const auto table = ValidateAttribution(
      *writer.Kept(), {.models = {AttributionModel::kShapley, AttributionModel::kFirst}});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_NEAR(RealAt(*table, "shapley", "auc"), 0.9, 0.04);
  EXPECT_NEAR(RealAt(*table, "first", "auc"), 0.5, 1e-12) << "all begin with the same touch";
  EXPECT_LT(RealAt(*table, "shapley", "log_loss"), 0.4);
  EXPECT_NEAR(RealAt(*table, "first", "log_loss"), RealAt(*table, "first", "log_loss_of_rate"),
              1e-9);
  EXPECT_THAT(table->finding, HasSubstr("shapley foretells best"));
}

std::map<std::string, std::string> Parameters(const Table& table) {
  return {table.parameters.begin(), table.parameters.end()};
}

TEST(AttributionQualityTest, AModelThatPathsAreTooLargeForIsLeftOut) {
  PathWriter writer;
  for (int i = 0; i <= 1'000; ++i) writer.Path("k" + std::to_string(i));
  ComparisonRequest request{.resamples = 0};
  request.settings.samples = 2;
  const Table table = Compared(writer, request);
  EXPECT_FALSE(HasColumn(table, "markov"));
  EXPECT_TRUE(HasColumn(table, "shapley"));
  EXPECT_EQ(Parameters(table).at("markov"),
            "left out: markov takes at most 1000 keys, there are 1001");
  request.models = {AttributionModel::kMarkov};
  const auto asked_for = CompareAttribution(*writer.Kept(), request);
  EXPECT_THAT(std::string(asked_for.status().message()), HasSubstr("model: markov takes"));
}

TEST(AttributionQualityTest, CustomIsLeftOutOnlyWithoutWeights) {
  const PathWriter writer = RandomPaths(34, 3, 40);
  ComparisonRequest request{.resamples = 0};
  EXPECT_FALSE(HasColumn(Compared(writer, request), "custom"));
  request.settings.weights = MilestoneWeights{.first = 50};
  const auto table = CompareAttribution(*writer.Kept(), request);
  EXPECT_EQ(std::string(table.status().message()), "weights: the weights add up to 50, not to 100");
}

TEST(AttributionQualityTest, AFallbackIsSaid) {
  const PathWriter writer = PathWriter().Path("a b", 8, 0, 4).Path("b", 8, 0, 9);
  ComparisonRequest request{.models = {AttributionModel::kFirst, AttributionModel::kMarkov}};
  request.settings.minimum_conversions = 16;
  EXPECT_FALSE(Parameters(Compared(writer, request)).contains("markov"));
  request.held_out = 0.99;
  const auto fitted_to_less = ValidateAttribution(*writer.Kept(), request);
  ASSERT_TRUE(fitted_to_less.ok()) << fitted_to_less.status();
  EXPECT_EQ(Parameters(*fitted_to_less).at("markov"), "linear: too little data");
  EXPECT_FALSE(Parameters(*fitted_to_less).contains("first"));
}

TEST(AttributionQualityTest, OneRowOfManyPathsIsSplit) {
  for (const double times : {1.0, 100.0}) {
    const PathWriter writer =
        PathWriter().Path("a b", 300 * times, 0, 100 * times).Path("b", 50 * times, 0, 400 * times);
    ComparisonRequest request{.models = {AttributionModel::kLinear}};
    request.settings.seed = 7;
    const auto table = ValidateAttribution(*writer.Kept(), request);
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_NEAR(RealAt(*table, "linear", "auc"), 145.0 / 175, 0.06) << times;
  }
  const auto parts = ValidateAttribution(*PathWriter().Path("a", 20.5, 0, 20).Kept(), {});
  ASSERT_TRUE(parts.ok()) << parts.status();
  EXPECT_TRUE(IsEmptyAt(*parts, "linear", "auc")) << "all is on one side";
}

TEST(AttributionQualityTest, ResamplesAreLimitedByKeys) {
  PathColumns columns{.begins = {0}};
  for (uint32_t i = 0; i < 6'000; ++i) {
    columns.keys.push_back(std::to_string(i));
    columns.touches.push_back(i);
    columns.begins.push_back(i + 1);
    columns.conversions.push_back(1);
  }
  const auto kept = AttributionPaths::Of(columns);
  const auto table = CompareAttribution(
      **kept, {.models = {AttributionModel::kShapley, AttributionModel::kShapleyRate},
               .resamples = 10'000});
  EXPECT_EQ(std::string(table.status().message()),
            "resamples: 10000 of 6001 keys by 2 models are 120020000 shares, at most 100000000 are "
            "allowed");
}

TEST(DrawnCountsTest, AreNearTheirMeans) {
  SeededDraws draws(5, 0);
  const auto mean_of = [&](auto&& draw) {
    double sum = 0;
    for (int i = 0; i < 2'000; ++i) sum += draw();
    return sum / 2'000;
  };
  for (const double trials : {0.0, 1.0, 40.0, 100'000.0}) {
    for (const double chance : {0.0001, 0.3, 0.9999}) {
      const double mean = mean_of([&] {
        const double drawn = DrawBinomial(trials, chance, draws);
        EXPECT_TRUE(drawn >= 0 && drawn <= trials && drawn == std::floor(drawn));
        return drawn;
      });
      EXPECT_NEAR(mean, trials * chance,
                  5 * std::sqrt(trials * chance * (1 - chance) / 2'000) + 1e-3);
    }
  }
  EXPECT_NEAR(mean_of([&] { return DrawPoisson(3, draws); }), 3, 0.2);
  EXPECT_NEAR(mean_of([&] { return DrawPoisson(300, draws); }), 300, 2);
}

TEST(AttributionQualityTest, WithoutBothOutcomesThereIsNothingToSay) {
  const auto table = ValidateAttribution(*PathWriter().Path("a", 20).Kept(), {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_TRUE(IsEmptyAt(*table, "linear", "auc"));
  EXPECT_THAT(table->finding, HasSubstr("Too little data"));
  EXPECT_TRUE(Compared(PathWriter()).rows() == 0);
}

TEST(AttributionQualityTest, BadRequestsAreRefusedByName) {
  const auto kept = PathWriter().Path("a b", 20).Kept();
  const auto fault = [&](const ComparisonRequest& request) {
    return std::string(CompareAttribution(*kept, request).status().message());
  };
  EXPECT_THAT(fault({.resamples = -1}), HasSubstr("resamples: -1"));
  EXPECT_THAT(fault({.held_out = 1}), HasSubstr("held_out: 1"));
  EXPECT_THAT(fault({.models = {AttributionModel::kFirst, AttributionModel::kFirst}}),
              HasSubstr("models[1]: is there twice"));
  EXPECT_THAT(fault({.models = {AttributionModel::kTimeDecay}}), HasSubstr("lack"));
  EXPECT_THAT(fault({.settings = {.order = 4}}), HasSubstr("order: 4"));
}

}  // namespace
}  // namespace throughline
