#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/attribution_paths.h"
#include "analytics/random_history.h"
#include "model/table_rows.h"
#include "throughline/ledger_paths.h"

// What holds of the paths of any history.

namespace throughline {
namespace {

using ::testing::HasSubstr;

TEST(LedgerPathsPropertyTest, EveryModelGivesAwayAllThatWasWonAndNoMore) {
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    PathRequest request;
    request.report.currency = *ParseCurrency("EUR");
    const auto paths = AssemblePaths(*snapshot, request);
    ASSERT_TRUE(paths.ok()) << paths.status();
    std::optional<double> won;
    for (const AttributionModelInfo& info : AttributionModels()) {
      AttributionRequest asked = OfModel(info.model);
      asked.weights = MilestoneWeights{.first = 30, .lead = 20, .opportunity = 20, .close = 30};
      const auto table = AttributePaths(**paths, asked);
      ASSERT_TRUE(table.ok()) << table.status();
      double value = 0, share = 0;
      for (const auto& row : RowsOf(*table)) {
        for (size_t i = 0; i < row.size(); ++i) {
          const auto* number = std::get_if<double>(&row[i]);
          if (number == nullptr) continue;
          EXPECT_TRUE(std::isfinite(*number));
          if (table->columns[i].name == "value") value += *number;
          if (table->columns[i].name == "share") share += *number;
        }
      }
      EXPECT_NEAR(value, won.value_or(value), 1e-7) << info.name << ", seed " << seed;
      won = value;
      EXPECT_NEAR(share, table->rows() == 0 ? 0 : 1, 1e-9) << info.name;
    }
  }
}

TEST(LedgerPathsPropertyTest, ShardsMergedGiveTheTableOfTheWhole) {
  RandomHistory history(5);
  const auto snapshot = history.ledger.Take();
  PathRequest request;
  request.report.as_of = {snapshot->recorded_at(), snapshot->recorded_at(), std::nullopt};
  request.credit = AttributionCredit::kPipeline;
  for (const AttributionModel model :
       {AttributionModel::kFullPath, AttributionModel::kMarkov, AttributionModel::kShapleyRate}) {
    std::vector<std::string> partials;
    for (uint32_t i = 0; i < 3; ++i) {
      const auto paths = AssemblePaths(*snapshot, request, {i, 3});
      ASSERT_TRUE(paths.ok()) << paths.status();
      partials.push_back(*AttributionPartial(**paths, OfModel(model)));
    }
    const auto merged_partial = MergeAttributionPartials(partials);
    ASSERT_TRUE(merged_partial.ok()) << merged_partial.status();
    const auto merged = FinishAttribution(*merged_partial);
    ASSERT_TRUE(merged.ok()) << merged.status();
    const auto whole = AttributePaths(**AssemblePaths(*snapshot, request), OfModel(model));
    ASSERT_TRUE(whole.ok());
    ExpectNear(ByKey(*merged, "conversions"), ByKey(*whole, "conversions"), 1e-9);
  }
}

TEST(LedgerPathsPropertyTest, AShardThatIsMissingOrCountedTwiceIsFound) {
  RandomHistory history(1);
  const auto snapshot = history.ledger.Take();
  const auto shard = [&](uint32_t index, uint32_t count) {
    return *AttributionPartial(**AssemblePaths(*snapshot, {}, {index, count}), {});
  };
  const auto finish = [](const std::vector<std::string>& partials) {
    const auto merged = MergeAttributionPartials(partials);
    return merged.ok() ? FinishAttribution(*merged).status() : merged.status();
  };
  EXPECT_TRUE(finish({shard(1, 2), shard(0, 2)}).ok());
  EXPECT_THAT(std::string(finish({shard(0, 2)}).message()), HasSubstr("1 of the 2 shards"));
  EXPECT_THAT(std::string(finish({shard(0, 2), shard(0, 2)}).message()),
              HasSubstr("a second time"));
}

}  // namespace
}  // namespace throughline
