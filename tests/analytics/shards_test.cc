#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/random_history.h"
#include "throughline/error.h"

// What shards have counted, merged, is what one count of everything gives.

namespace throughline {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kShards = 8;

std::vector<ReportRequest> SomeRequests(RandomHistory& history, const Snapshot& snapshot) {
  std::vector<ReportRequest> requests(6);
  requests[1].group_by = {"lead_type", "month"};
  requests[2].filters = {{"owner", "Ann"}, {"owner", ""}};
  requests[3].currency = *ParseCurrency("EUR");
  requests[4].from = Date{19'800};
  requests[4].to = Date{19'950};
  requests[5].source = SourceChoice::kFirst;
  for (ReportRequest& request : requests) {
    request.as_of.through = std::min(history.SomeTime(), snapshot.recorded_at());
    request.as_of.known_at = history.SomeTime();
  }
  return requests;
}

std::string Sharded(const Snapshot& snapshot, std::string_view report,
                    const ReportRequest& request) {
  std::vector<std::string> partials;
  for (uint32_t i = 0; i < kShards; ++i) {
    partials.push_back(*ReportPartial(snapshot, report, request, {i, kShards}));
  }
  // In two steps, as a tree of machines would.
  const auto halves = std::span(partials);
  const std::vector<std::string> merged = {*MergePartials(halves.subspan(3)),
                                           *MergePartials(halves.first(3))};
  Table table = *FinishReport(*MergePartials(merged));
  table.as_of.seq = snapshot.seq();
  return ToJson(table);
}

TEST(ShardsTest, MergedTheyGiveTheTableOfTheWhole) {
  for (uint32_t seed = 1; seed <= 2; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    for (const ReportRequest& request : SomeRequests(history, *snapshot)) {
      for (const ReportInfo& info : Reports()) {
        if (!HasGroups(info.name) && !request.group_by.empty()) continue;
        ReportRequest asked = request;
        if (info.name == "quarter_end") asked.last_days = 5, asked.return_days = 30;
        if (info.name == "slippage") asked.late_days = 3;
        const absl::StatusOr<Table> whole = RunReport(*snapshot, info.name, asked);
        ASSERT_TRUE(whole.ok()) << whole.status();
        ASSERT_EQ(Sharded(*snapshot, info.name, asked), ToJson(*whole))
            << info.name << ", seed " << seed;
      }
    }
  }
}

class PartialTest : public ReportTest {
 protected:
  std::string Partial(std::string_view report, const ReportRequest& request = {}) {
    return *ReportPartial(*ledger.Take(), report, request);
  }
};

TEST_F(PartialTest, OfOneIsTheReport) {
  Win(Deal("2024-02-01", "10 EUR"), "2024-02-10");
  const Table table = *FinishReport(Partial("sources"));
  EXPECT_EQ(ToJson(table), ToJson(ledger.Run("sources")));
}

TEST_F(PartialTest, WhatDoesNotBelongTogetherIsRefused) {
  Lead("2024-02-01");
  ReportRequest other;
  other.from = Date{19'000};
  const std::vector<std::string> reports = {Partial("funnel"), Partial("sources")};
  const std::vector<std::string> requests = {Partial("funnel"), Partial("funnel", other)};
  for (const auto& partials : {reports, requests}) {
    const absl::Status status = MergePartials(partials).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("partials[1]"));
  }
  EXPECT_EQ(MergePartials({}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(PartialTest, AShardThatIsMissingOrCountedTwiceIsFound) {
  for (const char* day : {"2024-02-01", "2024-02-02", "2024-02-03"}) Lead(day);
  const auto snapshot = ledger.Take();
  const auto shard = [&](uint32_t index, uint32_t count) {
    return *ReportPartial(*snapshot, "funnel", {}, {index, count});
  };
  EXPECT_THAT(std::string(FinishReport(shard(0, 2)).status().message()),
              HasSubstr("1 of the 2 shards"));
  const std::vector<std::string> twice = {shard(0, 2), shard(0, 2)},
                                 mixed = {shard(0, 2), shard(1, 3)},
                                 whole = {shard(1, 2), shard(0, 2)};
  EXPECT_THAT(std::string(MergePartials(twice).status().message()), HasSubstr("a second time"));
  EXPECT_THAT(std::string(MergePartials(mixed).status().message()), HasSubstr("one of 3 shards"));
  EXPECT_TRUE(FinishReport(*MergePartials(whole)).ok());
}

TEST_F(PartialTest, DamageIsFound) {
  Lead("2024-02-01");
  const std::string good = Partial("funnel");
  for (size_t size = 0; size < good.size(); size += 7) {
    const absl::Status status = FinishReport(good.substr(0, size)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << size;
  }
  EXPECT_EQ(ReportPartial(*ledger.Take(), "funnel", {}, {2, 2}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace throughline
