#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution_paths.h"
#include "model/table_rows.h"

// What shards have counted, merged, is what one count of everything gives.

namespace throughline {
namespace {

using ::testing::HasSubstr;

// Path i of the paths goes to shard i % shards; each shard numbers keys as they turn up there.
std::vector<PathWriter> Sharded(const PathColumns& paths, size_t shards) {
  std::vector<PathWriter> parts(shards);
  for (size_t path = 0; path + 1 < paths.begins.size(); ++path) {
    std::string touches;
    std::vector<double> days;
    for (uint64_t i = paths.begins[path]; i < paths.begins[path + 1]; ++i) {
      touches += (touches.empty() ? "" : " ") + paths.keys[paths.touches[i]];
      days.push_back(paths.days[i]);
    }
    parts[path % shards].Path(touches, paths.conversions[path], paths.values[path],
                              paths.nulls[path], days);
  }
  return parts;
}

std::map<std::pair<std::string, std::string>, double> Numbers(const Table& table) {
  std::map<std::pair<std::string, std::string>, double> numbers;
  for (const auto& row : RowsOf(table)) {
    std::string key = std::get<std::string>(row[0]);
    if (const auto* position = std::get_if<int64_t>(&row[1])) key += std::to_string(*position);
    for (size_t i = 1; i < row.size(); ++i) {
      if (const auto* number = std::get_if<double>(&row[i])) {
        numbers[{key, table.columns[i].name}] = *number;
      }
    }
  }
  return numbers;
}

TEST(AttributionPartialTest, MergedTheyGiveTheTableOfTheWhole) {
  PathWriter writer = RandomPaths(21, 6, 300);
  writer.Path("", 2, 50);
  for (const AttributionModelInfo& info : AttributionModels()) {
    AttributionRequest request = OfModel(info.model);
    request.order = 2;
    request.weights = MilestoneWeights{.first = 50, .middle = 50};
    std::vector<std::string> partials;
    for (const PathWriter& part : Sharded(writer.columns(), 3)) {
      auto partial = AttributionPartial(*part.Kept(), request);
      ASSERT_TRUE(partial.ok()) << partial.status();
      partials.push_back(*partial);
    }
    const auto merged = MergeAttributionPartials(partials);
    ASSERT_TRUE(merged.ok()) << merged.status();
    const auto table = FinishAttribution(*merged);
    ASSERT_TRUE(table.ok()) << table.status();
    const auto numbers = Numbers(*table), whole = Numbers(writer.TableOf(request));
    ASSERT_EQ(numbers.size(), whole.size()) << info.name;
    for (const auto& [place, number] : whole) {
      EXPECT_NEAR(numbers.at(place), number, 1e-9) << info.name << " " << place.first;
    }
  }
}

TEST(AttributionPartialTest, OfDifferentRequestsAreRefused) {
  const PathWriter writer = PathWriter().Path("a b");
  const std::vector<std::string> partials = {
      *AttributionPartial(*writer.Kept(), OfModel(AttributionModel::kLinear)),
      *AttributionPartial(*writer.Kept(), OfModel(AttributionModel::kFirst))};
  const auto merged = MergeAttributionPartials(partials);
  ASSERT_FALSE(merged.ok());
  EXPECT_THAT(std::string(merged.status().message()), HasSubstr("partials[1]: is of another"));
  EXPECT_FALSE(MergeAttributionPartials({}).ok());
}

std::string MarkovPartial(size_t first, size_t last) {
  PathWriter writer;
  for (size_t i = first; i <= last; ++i) writer.Path("k" + std::to_string(i));
  return *AttributionPartial(*writer.Kept(), OfModel(AttributionModel::kMarkov));
}

TEST(AttributionPartialTest, MergedTheyKeepToTheLimitsOfMarkov) {
  EXPECT_TRUE(MergeAttributionPartials(
                  std::vector<std::string>{MarkovPartial(1, 600), MarkovPartial(401, 1'000)})
                  .ok());
  const auto merged = MergeAttributionPartials(
      std::vector<std::string>{MarkovPartial(1, 600), MarkovPartial(402, 1'001)});
  ASSERT_FALSE(merged.ok());
  EXPECT_THAT(std::string(merged.status().message()),
              HasSubstr("partials[1]: with those before it: model: markov takes at most 1000 keys, "
                        "there are 1001"));
}

// A partial that nobody counted, of a chain with so many keys and states.
std::string MadeUpPartial(size_t keys, const std::vector<PathState>& states) {
  AttributionCounts counts;
  counts.request = OfModel(AttributionModel::kMarkov);
  for (size_t i = 0; i < keys; ++i) counts.keys.push_back(std::to_string(i));
  counts.credit = Credit(keys + 1, /*money=*/false, 0);
  counts.credit.conversions[0] = 20;
  counts.transitions.states = states;
  counts.transitions.starts.resize(states.size());
  counts.transitions.conversions.resize(states.size());
  counts.transitions.nulls.resize(states.size());
  counts.transitions.values.emplace_back(states.size());
  return EncodeCounts(counts);
}

TEST(AttributionPartialTest, OnesThatAreTooLargeAreRefused) {
  const auto fault = [](const std::string& partial) {
    return std::string(FinishAttribution(partial).status().message());
  };
  EXPECT_EQ(fault(MadeUpPartial(2, {{{0}, 1}, {{1}, 1}})), "");
  EXPECT_EQ(fault(MadeUpPartial(1'001, {})),
            "partial: model: markov takes at most 1000 keys, there are 1001");
  EXPECT_EQ(fault(MadeUpPartial(2, {{{0}, 1}, {{0}, 1}})), "partial: is damaged") << "twice";
  EXPECT_EQ(fault(MadeUpPartial(2, {{{0, 1}, 2}})), "partial: is damaged") << "of order 2";
}

TEST(AttributionPartialTest, DamagedOnesAreRefused) {
  AttributionRequest request = OfModel(AttributionModel::kMarkov);
  const std::string whole = *AttributionPartial(*RandomPaths(2, 3, 20).Kept(), request);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(FinishAttribution(whole.substr(0, size)).ok()) << size;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 3'000; ++i) {
    std::string bytes = whole;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)FinishAttribution(bytes);  // refused or not: it must not crash
  }
}

}  // namespace
}  // namespace throughline
