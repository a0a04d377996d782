#ifndef THROUGHLINE_LEDGER_GROUP_COMMIT_H_
#define THROUGHLINE_LEDGER_GROUP_COMMIT_H_

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
// A group waits for others only if callers have been seen to come together: for about as many as
// took part in the last two groups, and never longer than the limit. So a caller that is alone
// never waits, and eight that come back after each commit share one commit again.
//
// Beside the disk it is changing threads that takes time. So each caller sleeps on a condition of
// its own and is woken when there is something for it to do; and the caller that makes a group
// complete leads it, which spares waking the one that came first and watches the clock.
//
// Thread-safe.
class GroupCommit {
 public:
  struct Job {
    int commands = 1;  // what it counts for
    // Does the caller's part in a transaction; called again in another one if the first fails.
    std::function<absl::Status(LedgerTransaction&)> run;
    absl::Status status;       // of the machinery: set by `run_group`
    bool traces_left = false;  // of what the group erased: likewise
    bool done = false;         // set by GroupCommit
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

  // For tests: how many callers wait for a group, and how often one has waited for others.
  int queued() const;
  int64_t waits() const;

 private:
  class Caller;
  // What a caller does next: wait to be told, wait for others with an eye on the clock, run a
  // group, or return.
  enum class Turn { kSleep, kWatch, kLead, kReturn };
  struct Group {
    std::vector<std::thread::id> callers;
    bool met_others = false;  // somebody came while it ran
  };

  Turn Arrive(Caller& caller);
  Turn Watch(Caller& caller);
  Turn Lead(Caller& caller);

  // To be called with `mutex_` held.
  Turn Serve(Caller& caller);
  bool Complete() const;
  bool ShouldWait();
  void ReserveFor(size_t callers);
  void TakeGroup(std::vector<Caller*>& group);
  void NoteGroup(const std::vector<Caller*>& callers);
  size_t ExpectedCallers() const;
  void PassOn();

  const Limits limits_;
  const std::function<void(std::span<Job* const>)> run_group_;
  const absl::Status ended_ =
      absl::UnavailableError("an exception ended the commit: its outcome is unknown");

  mutable std::mutex mutex_;
  std::deque<Caller*> queue_;
  int queued_commands_ = 0;
  bool leading_ = false;       // a group runs, or somebody was told to run one
  Caller* watcher_ = nullptr;  // while nobody leads
  size_t watched_from_ = 0;    // how many were queued when it began to watch
  bool met_others_ = false;    // somebody came since the group was taken
  // What a leader gathers its group in. Room is made by those who arrive: whoever leads answers for
  // others, so it must not run out of memory on the way.
  struct Gathered {
    std::vector<Caller*> callers;
    std::vector<Job*> jobs;
  };
  Gathered spare_;
  Group last_;
  Group before_last_;
  size_t expected_callers_ = 1;
  int64_t waits_ = 0;
  int skip_waits_ = 0;  // after a wait to which nobody came
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_GROUP_COMMIT_H_
