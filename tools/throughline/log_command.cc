#include <algorithm>
#include <iostream>
#include <iterator>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/json.h"
#include "throughline/time.h"
#include "words.h"

namespace throughline {
namespace {

constexpr size_t kCommitsAtOnce = 1000;
constexpr int64_t kWaitMicros = 1'000'000;

void PrintText(const Commit& commit, Words& words) {
  std::cout << commit.head.seq << "  " << FormatTime(commit.head.recorded_at) << "  account "
            << commit.head.account.value << " version " << commit.head.version << ", "
            << Counted(std::ssize(commit.events), "event") << "\n";
  for (const Event& event : commit.events) {
    std::cout << "    " << FormatMoment(event.occurred()) << "  " << words.Event(event.payload)
              << BreachesText(event.breaches) << "\n";
  }
}

}  // namespace

absl::StatusOr<ExitCode> RunLog(const LogArguments& arguments) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  Words words(**ledger);
  int64_t after = arguments.after;
  int64_t left = arguments.limit;
  while (left > 0) {
    const size_t limit = static_cast<size_t>(std::min<int64_t>(left, kCommitsAtOnce));
    absl::StatusOr<std::vector<Commit>> commits = (*ledger)->ReadCommits(after, limit);
    if (!commits.ok()) return commits.status();
    for (const Commit& commit : *commits) {
      if (arguments.format == "json") {
        std::cout << ToJson(commit) << "\n";
      } else {
        PrintText(commit, words);
      }
      after = commit.head.seq;
      --left;
    }
    if (!commits->empty()) continue;
    if (!arguments.follow) break;
    std::cout << std::flush;
    absl::StatusOr<int64_t> newest = (*ledger)->WaitForCommits(after, kWaitMicros);
    if (!newest.ok()) return newest.status();
  }
  return kDone;
}

}  // namespace throughline
