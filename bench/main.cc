#include <benchmark/benchmark.h>

#include <vector>

#include "ratios.h"

// Pairs of our code and hand-written sqlite3 code, run in turns so that a noisy minute of the
// machine hits both.
int main(int argc, char** argv) {
  char repetitions[] = "--benchmark_repetitions=3";
  char interleaving[] = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> arguments{argv[0], repetitions, interleaving};
  arguments.insert(arguments.end(), argv + 1, argv + argc);  // the caller's come last, and win
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  throughline::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return 0;
}
