#ifndef THROUGHLINE_BENCH_RATIOS_H_
#define THROUGHLINE_BENCH_RATIOS_H_

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace throughline {

// Benchmarks come in pairs, "BM_LeadMove/raw" and "BM_LeadMove/ours", both with items per second.
// At the end this prints, for each pair, the medians over all repetitions and their ratio, and
// beside it the ratio that was asked for.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  std::map<std::string, std::vector<double>> rates_;  // by benchmark
};

// The ratio that is asked for of BM_<name>; what it says is printed.
void ExpectRatio(const std::string& name, double at_least);

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_RATIOS_H_
