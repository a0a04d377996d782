#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "attributed_journal.h"
#include "throughline/attribution.h"
#include "throughline/ledger_paths.h"
#include "workload.h"

// Attribution of paths, next to plain loops over the same integer columns. Half of the paths
// convert; they have five touches on average.

namespace throughline {
namespace {

// Paths as the loops to compare with read them.
struct PathArrays {
  std::vector<uint32_t> begins{0};
  std::vector<uint32_t> touches;
  std::vector<uint8_t> converted;
  uint32_t keys = 0;

  size_t paths() const { return converted.size(); }
};

PathArrays MakeArrays(size_t paths, uint32_t keys) {
  std::mt19937 random(1);
  PathArrays arrays;
  arrays.keys = keys;
  for (size_t path = 0; path < paths; ++path) {
    for (uint32_t length = 1 + random() % 9; length > 0; --length) {
      // Some channels are used far more than others.
      const double share = static_cast<double>(random()) / 4294967296.0;
      arrays.touches.push_back(static_cast<uint32_t>(share * share * keys));
    }
    arrays.begins.push_back(static_cast<uint32_t>(arrays.touches.size()));
    arrays.converted.push_back(random() % 2);
  }
  return arrays;
}

const PathArrays& ArraysOf(size_t paths, uint32_t keys) {
  static std::map<std::pair<size_t, uint32_t>, PathArrays> made;
  const auto [at, is_new] = made.try_emplace({paths, keys});
  if (is_new) at->second = MakeArrays(paths, keys);
  return at->second;
}

const AttributionPaths& PathsOf(size_t paths, uint32_t keys) {
  static std::map<std::pair<size_t, uint32_t>, std::shared_ptr<const AttributionPaths>> made;
  std::shared_ptr<const AttributionPaths>& kept = made[{paths, keys}];
  if (kept != nullptr) return *kept;
  const PathArrays& arrays = ArraysOf(paths, keys);
  PathColumns columns;
  for (uint32_t key = 0; key < keys; ++key) columns.keys.push_back("ch" + std::to_string(key));
  columns.begins.assign(arrays.begins.begin(), arrays.begins.end());
  columns.touches = arrays.touches;
  columns.direct_keys = {0};
  std::mt19937 random(2);
  for (size_t path = 0; path < paths; ++path) {
    columns.conversions.push_back(arrays.converted[path]);
    columns.nulls.push_back(1 - arrays.converted[path]);
    columns.values.push_back(arrays.converted[path] * static_cast<double>(random() % 10'000));
    double day = 0;
    for (uint32_t i = arrays.begins[path]; i < arrays.begins[path + 1]; ++i) {
      columns.days.push_back(day += random() % 40);
    }
  }
  kept = Take(AttributionPaths::Of(std::move(columns)));
  return *kept;
}

// --- The loops to compare with. ---

void BM_BaselineLinear(benchmark::State& state) {
  const PathArrays& arrays = ArraysOf(static_cast<size_t>(state.range(0)), 20);
  for (auto _ : state) {
    std::vector<double> credit(arrays.keys);
    for (size_t path = 0; path < arrays.paths(); ++path) {
      if (!arrays.converted[path]) continue;
      const uint32_t begin = arrays.begins[path], end = arrays.begins[path + 1];
      const double each = 1.0 / (end - begin);
      for (uint32_t i = begin; i < end; ++i) credit[arrays.touches[i]] += each;
    }
    benchmark::DoNotOptimize(credit.data());
  }
}
BENCHMARK(BM_BaselineLinear)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_BaselineTransitions(benchmark::State& state) {
  const auto keys = static_cast<uint32_t>(state.range(1));
  const PathArrays& arrays = ArraysOf(static_cast<size_t>(state.range(0)), keys);
  for (auto _ : state) {
    std::vector<double> counts((keys + 3) * (keys + 3));
    for (size_t path = 0; path < arrays.paths(); ++path) {
      uint32_t last = keys;
      for (uint32_t i = arrays.begins[path]; i < arrays.begins[path + 1]; ++i) {
        counts[last * (keys + 3) + arrays.touches[i]] += 1;
        last = arrays.touches[i];
      }
      counts[last * (keys + 3) + keys + 1 + arrays.converted[path]] += 1;
    }
    benchmark::DoNotOptimize(counts.data());
  }
}
BENCHMARK(BM_BaselineTransitions)
    ->Args({1'000'000, 20})
    ->Args({1'000'000, 100})
    ->Unit(benchmark::kMillisecond);

// --- Ours. ---

void RunModel(benchmark::State& state, const AttributionRequest& request) {
  const AttributionPaths& paths =
      PathsOf(static_cast<size_t>(state.range(0)), static_cast<uint32_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(Take(AttributePaths(paths, request)));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * paths.touches());
}

[[maybe_unused]] const bool kModelsRegistered = [] {
  for (const AttributionModelInfo& info : AttributionModels()) {
    AttributionRequest request;
    request.model = info.model;
    request.weights = MilestoneWeights{.first = 30, .close = 30, .middle = 40};
    benchmark::RegisterBenchmark(("BM_Attribution/" + std::string(info.name)).c_str(),
                                 [request](benchmark::State& state) { RunModel(state, request); })
        ->Args({1'000'000, 20})
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

void BM_AttributionMarkov(benchmark::State& state) {
  AttributionRequest request;
  request.model = AttributionModel::kMarkov;
  request.order = static_cast<int>(state.range(2));
  RunModel(state, request);
}
BENCHMARK(BM_AttributionMarkov)
    ->Args({1'000'000, 20, 2})
    ->Args({1'000'000, 100, 1})
    ->Args({1'000'000, 100, 2})
    ->Args({1'000'000, 20, 3})
    ->Unit(benchmark::kMillisecond);

// --- Of a ledger: assembled once, kept. ---

std::shared_ptr<const AttributionPaths> AssembledPaths(size_t paths, uint32_t channels) {
  static std::map<std::pair<size_t, uint32_t>, std::shared_ptr<const AttributionPaths>> made;
  auto& kept = made[{paths, channels}];
  if (kept == nullptr) kept = Take(AssemblePaths(*SnapshotOfPaths(paths, channels), {}));
  return kept;
}

void BM_AssemblePaths(benchmark::State& state) {
  const auto snapshot = SnapshotOfPaths(static_cast<size_t>(state.range(0)), 20);
  int64_t touches = 0;
  for (auto _ : state) touches += Take(AssemblePaths(*snapshot, {}))->touches();
  state.SetItemsProcessed(touches);
}
BENCHMARK(BM_AssemblePaths)
    ->Arg(20'000)
    ->Arg(200'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

[[maybe_unused]] const bool kLedgerModelsRegistered = [] {
  for (const AttributionModelInfo& info : AttributionModels()) {
    AttributionRequest request;
    request.model = info.model;
    request.weights = MilestoneWeights{.first = 30, .close = 30, .middle = 40};
    benchmark::RegisterBenchmark(
        ("BM_LedgerAttribution/" + std::string(info.name)).c_str(),
        [request](benchmark::State& state) {
          const auto paths = AssembledPaths(1'000'000, 20);
          for (auto _ : state) {
            benchmark::DoNotOptimize(Take(AttributePaths(*paths, request)));
          }
        })
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

void BM_ExplainAttribution(benchmark::State& state) {
  const auto paths = AssembledPaths(1'000'000, 20);
  const AttributionRequest request{.model = AttributionModel::kFullPath};
  int64_t deal = 0;
  for (auto _ : state) {
    deal = deal % 1'000'000 + 1;
    benchmark::DoNotOptimize(Take(ExplainAttribution(*paths, request, OpportunityId{deal})));
  }
}
BENCHMARK(BM_ExplainAttribution)->Unit(benchmark::kMicrosecond);

// Growth with the number of touches.
void BM_AttributionGrowth(benchmark::State& state) {
  AttributionRequest request;
  request.model = state.range(2) == 0 ? AttributionModel::kFullPath : AttributionModel::kMarkov;
  RunModel(state, request);
}
BENCHMARK(BM_AttributionGrowth)
    ->ArgsProduct({{20'000, 200'000, 2'000'000}, {20}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace throughline
