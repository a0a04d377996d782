#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/attribution/credit.h"
#include "analytics/attribution/largest_remainder.h"
#include "analytics/attribution_paths.h"
#include "throughline/error.h"

// Models that go by rules, worked by hand.

namespace throughline {
namespace {

using ::testing::HasSubstr;
using Shares = std::map<std::string, double>;

constexpr AttributionModel kRules[] = {AttributionModel::kLinear,
                                       AttributionModel::kFirst,
                                       AttributionModel::kLast,
                                       AttributionModel::kPosition,
                                       AttributionModel::kU,
                                       AttributionModel::kW,
                                       AttributionModel::kFullPath,
                                       AttributionModel::kJ,
                                       AttributionModel::kInverseJ,
                                       AttributionModel::kTimeDecay,
                                       AttributionModel::kLastNonDirect};

Shares OnePath(std::string_view path, AttributionModel model,
               const std::vector<double>& days = {}) {
  return ByKey(PathWriter().Path(path, 1, 100, 0, days).TableOf(OfModel(model)), "share");
}

TEST(AttributionRulesTest, FourTouches) {
  ExpectNear(OnePath("a b c d", AttributionModel::kLinear),
             {{"a", 0.25}, {"b", 0.25}, {"c", 0.25}, {"d", 0.25}}, 1e-12);
  ExpectNear(OnePath("a b c d", AttributionModel::kFirst), {{"a", 1}, {"b", 0}, {"c", 0}, {"d", 0}},
             0);
  ExpectNear(OnePath("a b c d", AttributionModel::kLast), {{"a", 0}, {"b", 0}, {"c", 0}, {"d", 1}},
             0);
  ExpectNear(OnePath("a b c d", AttributionModel::kPosition),
             {{"a", 0.4}, {"b", 0.1}, {"c", 0.1}, {"d", 0.4}}, 1e-12);
  ExpectNear(OnePath("a b c d", AttributionModel::kJ),
             {{"a", 0.2}, {"b", 0.1}, {"c", 0.1}, {"d", 0.6}}, 1e-12);
  ExpectNear(OnePath("a b c d", AttributionModel::kInverseJ),
             {{"a", 0.6}, {"b", 0.1}, {"c", 0.1}, {"d", 0.2}}, 1e-12);
}

TEST(AttributionRulesTest, TwoTouchesShareTheMiddleByTheirWeights) {
  ExpectNear(OnePath("a b", AttributionModel::kPosition), {{"a", 0.5}, {"b", 0.5}}, 1e-12);
  ExpectNear(OnePath("a b", AttributionModel::kJ), {{"a", 0.25}, {"b", 0.75}}, 1e-12);
  ExpectNear(OnePath("a b", AttributionModel::kInverseJ), {{"a", 0.75}, {"b", 0.25}}, 1e-12);
}

TEST(AttributionRulesTest, OneTouchEarnsAll) {
  for (const AttributionModel model : kRules) {
    ExpectNear(OnePath("a", model, {3}), {{"a", 1}}, 0);
  }
}

TEST(AttributionRulesTest, NoTouchHasARowOfItsOwn) {
  for (const AttributionModel model : kRules) {
    const Table table =
        PathWriter().Path("", 2, 30).Path("a", 1, 10, 0, {1}).TableOf(OfModel(model));
    ExpectNear(ByKey(table, "value"), {{"a", 10}, {std::string(kNoTouchKey), 30}}, 0);
    EXPECT_EQ(Keys(table).back(), kNoTouchKey) << "behind all others";
  }
}

TEST(AttributionRulesTest, TheFindingNamesWhoHasTheMost) {
  EXPECT_THAT(PathWriter().Path("", 3).Path("a").TableOf({}).finding,
              HasSubstr("(no marketing touch) has the most, 75.0% of 4"));
  const Table ordered = PathWriter()
                            .Path("a b a c a", 6)
                            .Path("b", 4)
                            .TableOf({.model = AttributionModel::kShapleyOrdered});
  EXPECT_THAT(ordered.finding, HasSubstr("b earned the most, 60.0% of 10")) << "in all positions";
  EXPECT_TRUE(std::holds_alternative<std::monostate>(ordered.at(0, 3))) << "no value is known";
}

TEST(AttributionRulesTest, ATouchThatOccursTwiceEarnsTwice) {
  ExpectNear(OnePath("a b a", AttributionModel::kLinear), {{"a", 2.0 / 3}, {"b", 1.0 / 3}}, 1e-12);
}

TEST(AttributionRulesTest, LastNonDirectFallsBackToTheLast) {
  PathWriter writer;
  writer.Direct("d").Direct("u");
  writer.Path("a b d u", 1).Path("d u", 1).Path("d a", 1);
  ExpectNear(ByKey(writer.TableOf(OfModel(AttributionModel::kLastNonDirect)), "conversions"),
             {{"a", 1}, {"b", 1}, {"u", 1}, {"d", 0}}, 0);
}

TEST(AttributionRulesTest, TimeDecayHalvesPerHalfLife) {
  AttributionRequest request = OfModel(AttributionModel::kTimeDecay);
  const PathWriter writer = PathWriter().Path("a b c", 1, 0, 0, {0, 60, 120});
  ExpectNear(ByKey(writer.TableOf(request), "share"),
             {{"a", 1.0 / 7}, {"b", 2.0 / 7}, {"c", 4.0 / 7}}, 1e-12);
  request.half_life_days = 120;
  const double a = 0.5, b = std::sqrt(0.5), sum = a + b + 1;
  ExpectNear(ByKey(writer.TableOf(request), "share"),
             {{"a", a / sum}, {"b", b / sum}, {"c", 1 / sum}}, 1e-12);
  // What a touch weighs that is centuries old is nothing, not a division by nothing.
  request.half_life_days = 0.001;
  ExpectNear(ByKey(writer.TableOf(request), "share"), {{"a", 0}, {"b", 0}, {"c", 1}}, 1e-12);
}

TEST(AttributionRulesTest, AllInOneInstantDecayAlike) {
  ExpectNear(OnePath("a b", AttributionModel::kTimeDecay, {5, 5}), {{"a", 0.5}, {"b", 0.5}}, 0);
}

// Without marks lead and opportunity creation are skipped: their weights go to the close.
TEST(AttributionRulesTest, PlainPathsHaveNoMilestonesBetween) {
  ExpectNear(OnePath("a b c", AttributionModel::kU), {{"a", 0.4}, {"b", 0.2}, {"c", 0.4}}, 1e-12);
  ExpectNear(OnePath("a b c", AttributionModel::kW), {{"a", 0.3}, {"b", 0.1}, {"c", 0.6}}, 1e-12);
  ExpectNear(OnePath("a b c", AttributionModel::kFullPath),
             {{"a", 0.225}, {"b", 0.1}, {"c", 0.675}}, 1e-12);
}

// One path of single-letter keys whose touches bear marks.
std::vector<double> Marked(const std::vector<uint16_t>& marks, const AttributionRequest& request,
                           size_t stages_of_leads = 0) {
  std::vector<std::string> keys;
  std::vector<uint32_t> touches;
  for (uint32_t i = 0; i < marks.size(); ++i) {
    keys.emplace_back(1, static_cast<char>('a' + i));
    touches.push_back(i);
  }
  const std::vector<uint64_t> begins = {0, marks.size()};
  const std::vector<double> conversions = {1};
  PathView view;
  view.keys = keys;
  view.begins = begins;
  view.touches = touches;
  view.milestones = marks;
  view.conversions = conversions;
  std::vector<double> shares = CreditByRule(view, request, stages_of_leads).conversions;
  shares.pop_back();
  return shares;
}

void ExpectShares(const std::vector<double>& shares, const std::vector<double>& expected) {
  ASSERT_EQ(shares.size(), expected.size());
  for (size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(shares[i], expected[i], 1e-12) << i;
}

constexpr uint16_t kLead = kLeadMilestone, kOpp = kOpportunityMilestone;

TEST(AttributionMilestonesTest, EachOnATouchOfItsOwn) {
  const std::vector<uint16_t> marks = {0, kLead, 0, kOpp, 0, 0};
  ExpectShares(Marked(marks, OfModel(AttributionModel::kU)), {0.4, 0.4, 0.05, 0.05, 0.05, 0.05});
  ExpectShares(Marked(marks, OfModel(AttributionModel::kW)),
               {0.3, 0.3, 0.1 / 3, 0.3, 0.1 / 3, 0.1 / 3});
  ExpectShares(Marked(marks, OfModel(AttributionModel::kFullPath)),
               {0.225, 0.225, 0.05, 0.225, 0.05, 0.225});
}

TEST(AttributionMilestonesTest, OneTouchMayHoldSeveral) {
  ExpectShares(Marked({kLead, 0, kOpp}, OfModel(AttributionModel::kFullPath)), {0.45, 0.1, 0.45});
  ExpectShares(Marked({kLead | kOpp, 0}, OfModel(AttributionModel::kW)), {0.9, 0.1});
}

TEST(AttributionMilestonesTest, ASkippedOneGivesItsWeightToTheNext) {
  ExpectShares(Marked({0, kOpp, 0}, OfModel(AttributionModel::kFullPath)),
               {0.225 / 0.9, 0.45 / 0.9, 0.225 / 0.9});
  ExpectShares(Marked({0, kLead, 0, 0}, OfModel(AttributionModel::kFullPath)),
               {0.225, 0.225, 0.1, 0.45});
}

TEST(AttributionMilestonesTest, WithoutMiddleItSpreadsByTheWeights) {
  ExpectShares(Marked({0, kLead}, OfModel(AttributionModel::kU)), {0.5, 0.5});
  ExpectShares(Marked({0, kLead, kOpp}, OfModel(AttributionModel::kW)),
               {1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST(AttributionMilestonesTest, CustomWeightsWithStages) {
  AttributionRequest request = OfModel(AttributionModel::kCustom);
  request.weights = MilestoneWeights{20, 10, 10, 30, 10, {{"mql", 15}, {"proposal", 5}}};
  const uint16_t mql = kFirstStageMilestone, proposal = kFirstStageMilestone << 1;
  ExpectShares(Marked({0, kLead, mql, 0, kOpp, proposal, 0}, request, 1),
               {0.2, 0.1, 0.15, 0.1, 0.1, 0.05, 0.3});
  // The stage of leads is skipped: its weight goes to opportunity creation, not to the proposal.
  ExpectShares(Marked({0, kLead, 0, kOpp, proposal, 0}, request, 1),
               {0.2, 0.1, 0.1, 0.25, 0.05, 0.3});
}

TEST(AttributionRulesTest, CustomWeightsOfPlainPaths) {
  AttributionRequest request = OfModel(AttributionModel::kCustom);
  request.weights = MilestoneWeights{.first = 50, .close = 25, .middle = 25};
  ExpectNear(ByKey(PathWriter().Path("a b c").TableOf(request), "share"),
             {{"a", 0.5}, {"b", 0.25}, {"c", 0.25}}, 1e-12);
}

TEST(AttributionRulesTest, SharesAddUpWhateverThePaths) {
  PathWriter writer = RandomPaths(7, 5, 300);
  for (const AttributionModel model : kRules) {
    const Table table = writer.TableOf(OfModel(model));
    double share = 0, value = 0, all = 0;
    for (const auto& [key, each] : ByKey(table, "share")) share += each;
    for (const auto& [key, each] : ByKey(table, "value")) value += each;
    for (const double each : writer.columns().values) all += each;
    EXPECT_NEAR(share, 1, 1e-12) << NameOf(model);
    EXPECT_NEAR(value, all, 1e-6) << NameOf(model);
  }
}

TEST(AttributionRulesTest, WithoutConversionsTheTableIsEmpty) {
  for (const AttributionModelInfo& info : AttributionModels()) {
    AttributionRequest request = OfModel(info.model);
    request.weights = MilestoneWeights{.middle = 100};
    const Table none = PathWriter().Path("a b", 0, 0, 3, {1, 2}).TableOf(request);
    EXPECT_TRUE(none.rows() == 0) << info.name;
    EXPECT_EQ(none.finding, "There are no conversions to credit.");
    EXPECT_TRUE(PathWriter().TableOf(request).rows() == 0) << info.name;
  }
}

TEST(AttributionRulesTest, ModelsAreListedInTheOrderOfTheirNumbers) {
  int number = 0;
  for (const AttributionModelInfo& info : AttributionModels()) {
    EXPECT_EQ(static_cast<int>(info.model), ++number);
    EXPECT_EQ(info.name, NameOf(info.model));
  }
}

std::string Refusal(const PathWriter& writer, const AttributionRequest& request) {
  const absl::StatusOr<Table> table = writer.Ask(request);
  EXPECT_FALSE(table.ok());
  return std::string(table.status().message());
}

TEST(AttributionRequestTest, IsRefusedByNameAndValue) {
  const PathWriter writer = PathWriter().Path("a b", 20);
  AttributionRequest request;
  request.model = static_cast<AttributionModel>(99);
  EXPECT_EQ(Refusal(writer, request), "model: 99 is no model");
  request = OfModel(AttributionModel::kTimeDecay);
  EXPECT_THAT(Refusal(writer, request), HasSubstr("which these paths lack"));
  request = {.half_life_days = -1};
  EXPECT_EQ(Refusal(writer, request), "half_life_days: -1 is not above 0");
  request = {.half_life_days = std::nan("")};
  EXPECT_THAT(Refusal(writer, request), HasSubstr("is not above 0"));
  request = {.model = AttributionModel::kMarkov, .order = 0};
  EXPECT_EQ(Refusal(writer, request), "order: 0 is not 1, 2 or 3");
  request = {.minimum_conversions = -2};
  EXPECT_THAT(Refusal(writer, request), HasSubstr("minimum_conversions: -2"));
  request = {.samples = 1};
  EXPECT_THAT(Refusal(writer, request), HasSubstr("samples: 1"));
}

TEST(AttributionRequestTest, WeightsAddUpToAHundred) {
  const PathWriter writer = PathWriter().Path("a b", 20);
  AttributionRequest request = OfModel(AttributionModel::kCustom);
  EXPECT_EQ(Refusal(writer, request),
            "weights: custom takes some (first=30, middle=70), and neither the request nor the "
            "policy (milestone_weights) has any");
  request.weights = MilestoneWeights{.first = 50, .middle = 40};
  EXPECT_EQ(Refusal(writer, request), "weights: the weights add up to 90, not to 100");
  request.weights = MilestoneWeights{.first = -50, .middle = 150};
  EXPECT_EQ(Refusal(writer, request), "weights.first: -50 is not a weight of 0 or more");
  request.weights = MilestoneWeights{.first = std::nan("")};
  EXPECT_THAT(Refusal(writer, request), HasSubstr("weights.first: nan is not"));
  request.weights = MilestoneWeights{.middle = 110, .stages = {{"mql", -10}}};
  EXPECT_THAT(Refusal(writer, request), HasSubstr("weights.stages"));
  request.weights = MilestoneWeights{.middle = 90, .stages = {{"mql", 10}}};
  EXPECT_THAT(Refusal(writer, request),
              HasSubstr("weights.stages: plain paths have no stages: there is no 'mql'"));
}

std::string PathFault(PathColumns columns) {
  const auto paths = AttributionPaths::Of(std::move(columns));
  EXPECT_FALSE(paths.ok());
  return std::string(paths.status().message());
}

TEST(AttributionPathsTest, AreRefusedByPlaceAndValue) {
  const PathColumns good = PathWriter().Path("a b", 1, 2, 3, {1, 2}).columns();
  PathColumns bad = good;
  bad.touches[1] = 9;
  EXPECT_EQ(PathFault(bad), "touches[1]: 9 is not one of the 2 keys");
  bad = good;
  bad.begins = {};
  EXPECT_THAT(PathFault(bad), HasSubstr("begins: is empty"));
  bad.begins = {1, 2};
  EXPECT_EQ(PathFault(bad), "begins[0]: is not 0");
  bad.begins = {0, 1};
  EXPECT_EQ(PathFault(bad), "begins: ends with 1, but there are 2 touches");
  bad.begins = {0, 2, 1};
  EXPECT_EQ(PathFault(bad), "begins[2]: is less than the one before");
  bad = good;
  bad.conversions[0] = -1;
  EXPECT_EQ(PathFault(bad), "conversions[0]: -1 is not 0 or more");
  bad = good;
  bad.keys[1] = "";
  EXPECT_EQ(PathFault(bad), "keys[1]: is empty");
  bad.keys[1] = kNoTouchKey;
  EXPECT_THAT(PathFault(bad), HasSubstr("keys[1]: is what conversions without any touch"));
  bad = PathWriter().Path("a", 1e308).Path("b", 1e308).columns();
  EXPECT_EQ(PathFault(bad), "conversions: add up to more than a number can hold");
  bad = good;
  bad.values[0] = INFINITY;
  EXPECT_EQ(PathFault(bad), "values[0]: inf is not finite");
  bad = PathWriter().Path("a", 1, 5).Path("b", 0, 5, 1).columns();
  EXPECT_EQ(PathFault(bad), "values[1]: 5 is of no conversion");
  bad = good;
  bad.nulls = {1, 2};
  EXPECT_EQ(PathFault(bad), "nulls: has 2 numbers for 1 path");
  bad = good;
  bad.days = {2, 1};
  EXPECT_EQ(PathFault(bad), "days[1]: is less than the one before");
  bad = good;
  bad.keys[1] = "a";
  EXPECT_EQ(PathFault(bad), "keys[1]: 'a' is there twice");
  bad = good;
  bad.direct_keys = {2};
  EXPECT_EQ(PathFault(bad), "direct_keys[0]: 2 is not one of the 2 keys");
}

// A view of one path that earned an amount of money.
std::vector<int64_t> Parts(int64_t minor, size_t touches, AttributionModel model) {
  std::vector<std::string> keys(touches, "k");
  std::vector<uint32_t> path;
  for (uint32_t i = 0; i < touches; ++i) path.push_back(i);
  const std::vector<uint64_t> begins = {0, touches};
  const std::vector<double> conversions = {1};
  const std::vector<int64_t> amounts = {minor};
  const std::vector<uint8_t> currencies = {0};
  PathView view;
  view.keys = keys;
  view.begins = begins;
  view.touches = path;
  view.conversions = conversions;
  view.money = true;
  view.amounts = amounts;
  view.amount_currencies = currencies;
  view.currencies = {*ParseCurrency("EUR")};
  std::vector<int64_t> parts = CreditByRule(view, OfModel(model)).amounts[0];
  parts.pop_back();
  return parts;
}

TEST(AttributionMoneyTest, IsSplitToTheLastCent) {
  using ::testing::ElementsAre;
  EXPECT_THAT(Parts(100, 3, AttributionModel::kLinear), ElementsAre(34, 33, 33));
  EXPECT_THAT(Parts(101, 3, AttributionModel::kPosition), ElementsAre(41, 20, 40));
  EXPECT_THAT(Parts(1, 3, AttributionModel::kFullPath), ElementsAre(0, 0, 1));
  EXPECT_THAT(Parts(-100, 3, AttributionModel::kLinear), ElementsAre(-34, -33, -33));
  EXPECT_THAT(Parts(0, 2, AttributionModel::kLinear), ElementsAre(0, 0));
}

TEST(LargestRemainderTest, IsThatOfMoney) {
  std::mt19937_64 random(5);
  LargestRemainder remainder;
  for (int i = 0; i < 2'000; ++i) {
    std::vector<double> weights(1 + random() % 7);
    double sum = 0;
    for (double& weight : weights) sum += weight = static_cast<double>(random() % 100);
    if (sum == 0) continue;
    const auto total = static_cast<int64_t>(random() % 100'000'000) - 50'000'000;
    const auto expected = Split({total, *ParseCurrency("EUR")}, weights);
    ASSERT_TRUE(expected.ok());
    for (double& weight : weights) weight /= sum;
    const auto parts = remainder.Split(total, weights);
    int64_t added = 0;
    for (size_t k = 0; k < weights.size(); ++k) {
      EXPECT_LE(std::abs(parts[k] - (*expected)[k].minor), 1);
      added += parts[k];
    }
    ASSERT_EQ(added, total);
  }
}

TEST(LargestRemainderTest, TakesNegativeSharesAndGreatTotals) {
  LargestRemainder remainder;
  const std::vector<double> shares = {1.5, -0.5};
  const auto parts = remainder.Split(101, shares);
  EXPECT_EQ(parts[0] + parts[1], 101);
  EXPECT_LE(std::abs(parts[1] + 50.5), 0.5);
  const std::vector<double> thirds = {1.0 / 3, 1.0 / 3, 1.0 / 3};
  const auto great = remainder.Split(kMaxMinor, thirds);
  EXPECT_EQ(great[0] + great[1] + great[2], kMaxMinor);
}

}  // namespace
}  // namespace throughline
