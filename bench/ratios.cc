#include "ratios.h"

#include <algorithm>
#include <cstdio>

namespace throughline {
namespace {

std::map<std::string, double>& Expected() {
  static auto* const expected = new std::map<std::string, double>();
  return *expected;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

void ExpectRatio(const std::string& name, double at_least) { Expected()["BM_" + name] = at_least; }

void RatioReporter::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const Run& run : runs) {
    const auto rate = run.counters.find("items_per_second");
    if (run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
    // "BM_X/raw/iterations:1/repeats:3": what stands behind the second name is how it was run.
    const std::string& name = run.run_name.function_name;
    rates_[name].push_back(rate->second);
  }
}

void RatioReporter::Finalize() {
  ConsoleReporter::Finalize();
  std::printf("\n%-28s %14s %14s %8s %8s\n", "pair (medians, items/s)", "raw", "ours", "ratio",
              "asked");
  for (const auto& [name, rates] : rates_) {
    if (!name.ends_with("/ours")) continue;
    const std::string pair = name.substr(0, name.size() - 5);
    const auto raw = rates_.find(pair + "/raw");
    if (raw == rates_.end()) continue;
    const double ours_rate = Median(rates), raw_rate = Median(raw->second);
    std::printf("%-28s %14.0f %14.0f %8.2f", pair.c_str(), raw_rate, ours_rate,
                ours_rate / raw_rate);
    const auto expected = Expected().find(pair);
    if (expected != Expected().end()) std::printf(" %8.2f", expected->second);
    std::printf("\n");
  }
}

}  // namespace throughline
