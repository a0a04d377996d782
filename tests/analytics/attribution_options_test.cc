#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "analytics/ledger_paths_history.h"

// Paths that came to nothing, and what a table says that its paths go by.

namespace throughline {
namespace {

using ::testing::HasSubstr;

// Won, lost, aged out, and two that are open: of these nothing is known yet.
TEST_F(LedgerPathsTest, LostAndAgedOutPathsCameToNothing) {
  StoryAndALoss();
  account_ = ledger.OpenAccount();
  Touch("post", "2024-02-01");
  account_ = ledger.OpenAccount();
  Touch("open deal", "2024-02-01");
  DealOf("2024-02-03", "70 EUR");
  account_ = ledger.OpenAccount();
  Touch("open lead", "2024-02-01");
  LeadOf("2024-02-03");
  account_ = ledger.OpenAccount();
  Touch("recent", "2024-12-30");
  EXPECT_EQ(Paths()->paths(), 3);
  PathRequest request;
  request.aged_out_days = 0;
  EXPECT_EQ(Paths(request)->paths(), 4) << "the recent one, too";
  request.report.filters = {{"outcome", "won"}};
  EXPECT_EQ(Paths(request)->paths(), 1);
}

TEST_F(LedgerPathsTest, WhatSalesTouchedLatelyHasNotAgedOut) {
  Touch("post", "2024-02-01");
  EXPECT_EQ(Paths()->paths(), 1);
  ledger.Must(TouchRecord{.account = account_, .channel = "phone", .kind = "call"},
              On("2024-12-30", Mode::kObserve));
  EXPECT_EQ(Paths()->paths(), 0);
  PathRequest request;
  request.aged_out_days = 0;
  EXPECT_EQ(Paths(request)->paths(), 1);
  EXPECT_EQ(Paths(request)->touches(), 1) << "the call is not of marketing";
  request.side = TouchSide::kBoth;
  EXPECT_EQ(Paths(request)->touches(), 2);
}

TEST_F(LedgerPathsTest, AWindowOfDaysIsThatBeforeTheLastTouchOfWhatAgedOut) {
  Touch("fair", "2024-01-01");
  Touch("post", "2024-02-01");
  PathRequest request;
  request.window = TouchWindow::kDays;
  request.window_days = 31;
  EXPECT_EQ(Paths(request)->touches(), 2);
  request.window_days = 30;
  EXPECT_EQ(Paths(request)->touches(), 1);
  ledger.Must(TouchRecord{.account = account_, .channel = "phone", .kind = "call"},
              On("2024-06-01", Mode::kObserve));
  EXPECT_EQ(Paths(request)->paths(), 0) << "no touch of marketing is within the window";
}

TEST_F(LedgerPathsTest, AgedOutCompaniesAreOfTheDayOnWhichTheyAgedOut) {
  Touch("post", "2024-02-01");
  PathRequest request;
  request.aged_out_days = 10;
  request.report.from = request.report.to = *ParseDate("2024-02-11");
  EXPECT_EQ(Paths(request)->paths(), 1);
  request.report.from = request.report.to = *ParseDate("2024-02-01");
  EXPECT_EQ(Paths(request)->paths(), 0);
  request.report = {};
  request.credit = AttributionCredit::kLosses;
  EXPECT_EQ(Paths(request)->paths(), 0);
}

TEST_F(LedgerPathsTest, PartialsOfOtherOptionsOrPoliciesAreNotMerged) {
  Story();
  const auto snapshot = ledger.Take();
  const auto partial = [](const Snapshot& of, const PathRequest& request, uint32_t shard) {
    return *AttributionPartial(**AssemblePaths(of, request, {shard, 2}), {});
  };
  const auto expect_another = [&](const Snapshot& of, const PathRequest& first,
                                  const PathRequest& second) {
    const auto merged = MergeAttributionPartials(
        std::vector<std::string>{partial(*snapshot, first, 0), partial(of, second, 1)});
    EXPECT_THAT(std::string(merged.status().message()), HasSubstr("is of another request"));
  };
  PathRequest aged;
  aged.aged_out_days = 7;
  expect_another(*snapshot, {}, aged);
  PathRequest filtered, by_first;
  filtered.report.filters = by_first.report.filters = {{"outcome", "won"}};
  by_first.report.source = SourceChoice::kFirst;
  expect_another(*snapshot, filtered, by_first);
  PathRequest then;
  then.report.as_of = {snapshot->recorded_at(), snapshot->recorded_at(), std::nullopt};
  then.aged_out_days = 7;
  ledger.Must(PolicyChange{
      .json = std::regex_replace(std::string(Policy::DefaultJson()),
                                 std::regex("(\"sourcing_window_days\"): \\d+"), "$1: 33")});
  expect_another(*ledger.Take(), then, then);
}

TEST_F(LedgerPathsTest, StagesThatPathsWereAssembledWithoutAreNamed) {
  Story();
  AttributionRequest request = OfModel(AttributionModel::kCustom);
  request.weights = MilestoneWeights{.middle = 80, .stages = {{"mql", 20}}};
  const auto table = AttributePaths(*Paths(), request);
  EXPECT_EQ(std::string(table.status().message()),
            "weights.stages: the paths were assembled without the stage 'mql': give the same "
            "weights there");
  PathRequest of_paths;
  of_paths.weights = request.weights;
  EXPECT_TRUE(AttributePaths(*Paths(of_paths), request).ok());
}

TEST_F(LedgerPathsTest, TheTableSaysAllThatPathsGoBy) {
  Story();
  const auto parameters = [&](const PathRequest& request) {
    std::map<std::string, std::string> by_name;
    for (const auto& [name, text] : Ask(AttributionModel::kLinear, request).parameters) {
      by_name[name] = text;
    }
    return by_name;
  };
  const std::string days = std::to_string(Policy::Default()->sourcing_window_days());
  EXPECT_EQ(parameters({}).at("aged_out_days"), days);
  EXPECT_EQ(parameters({}).at("sourcing_window_days"), days);
  EXPECT_FALSE(parameters({}).contains("source"));
  PathRequest request;
  request.window = TouchWindow::kEver;
  request.report.filters = {{"outcome", "won"}};
  request.report.source = SourceChoice::kLatest;
  EXPECT_FALSE(parameters(request).contains("aged_out_days")) << "no companies with filters";
  EXPECT_FALSE(parameters(request).contains("sourcing_window_days"));
  EXPECT_EQ(parameters(request).at("source"), "latest");
}

}  // namespace
}  // namespace throughline
