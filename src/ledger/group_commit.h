#ifndef THROUGHLINE_LEDGER_GROUP_COMMIT_H_
#define THROUGHLINE_LEDGER_GROUP_COMMIT_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace throughline {

class LedgerTransaction;

// Lets callers share commits. A caller that finds nobody at work becomes the leader: it takes what
// is queued as one group and runs it; callers that come meanwhile queue up for the next group.
// Nobody returns before the group that holds its job is done.
//
// A leader waits for others only if callers have been seen to come together: for about as many as
// took part in the last two groups, and never longer than the limit. So a caller that is alone
// never waits, and eight that come back after each commit share one commit again.
//
// Thread-safe.
class GroupCommit {
 public:
  struct Job {
    int commands = 1;  // what it counts for
    // Does the caller's part in a transaction; called again in another one if the first fails.
    std::function<absl::Status(LedgerTransaction&)> run;
    absl::Status status;  // of the machinery: set by `run_group`
    bool done = false;    // set by GroupCommit
  };

  struct Limits {
    int64_t wait_us = 2000;
    int commands = 64;
  };

  // `run_group` runs a group's jobs and sets their status. Called by one thread at a time.
  GroupCommit(Limits limits, std::function<void(std::span<Job* const>)> run_group)
      : limits_(limits), run_group_(std::move(run_group)) {}

  // Returns when the group that holds the job is done.
  void Run(Job& job);

  // For tests: how many callers wait for a group, and how often a leader has waited for others.
  int queued() const;
  int64_t waits() const;

 private:
  struct Waiting {
    Job* job;
    std::thread::id caller;
  };
  struct Group {
    std::vector<std::thread::id> callers;
    bool met_others = false;  // somebody came while it ran
  };

  void WaitForOthers(std::unique_lock<std::mutex>& lock);
  size_t ExpectedCallers() const;
  std::vector<Job*> TakeGroup(Group& group);
  void Lead(std::unique_lock<std::mutex>& lock);

  const Limits limits_;
  const std::function<void(std::span<Job* const>)> run_group_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;   // for a leader that waits for others
  std::condition_variable finished_;  // for callers whose group runs, or who may lead now
  std::deque<Waiting> queue_;
  int queued_commands_ = 0;
  bool leading_ = false;
  bool met_others_ = false;  // somebody came since the group was taken
  Group last_;
  Group before_last_;
  int64_t waits_ = 0;
  int skip_waits_ = 0;  // after a wait to which nobody came
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_GROUP_COMMIT_H_
