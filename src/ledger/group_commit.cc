#include "ledger/group_commit.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace throughline {
namespace {

constexpr int kSkippedWaits = 32;

}  // namespace

void GroupCommit::Run(Job& job) {
  std::unique_lock<std::mutex> lock(mutex_);
  queue_.push_back({&job, std::this_thread::get_id()});
  queued_commands_ += job.commands;
  met_others_ = true;
  arrived_.notify_one();
  while (!job.done) {
    if (leading_) {
      finished_.wait(lock);
    } else {
      Lead(lock);
    }
  }
}

int GroupCommit::queued() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(queue_.size());
}

int64_t GroupCommit::waits() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return waits_;
}

void GroupCommit::Lead(std::unique_lock<std::mutex>& lock) {
  leading_ = true;
  WaitForOthers(lock);
  Group group;
  const std::vector<Job*> jobs = TakeGroup(group);
  met_others_ = false;
  lock.unlock();
  try {
    run_group_(jobs);
  } catch (...) {
    // Out of memory, or a host's callback threw: nobody may be left waiting for this group.
    for (Job* job : jobs) {
      job->status = absl::UnavailableError("an exception ended the commit: its outcome is unknown");
    }
  }
  lock.lock();
  for (Job* job : jobs) job->done = true;
  group.met_others = met_others_;
  before_last_ = std::exchange(last_, std::move(group));
  leading_ = false;
  finished_.notify_all();
}

// About as many as took part in the last two groups; one if they were all alone.
size_t GroupCommit::ExpectedCallers() const {
  const bool together = last_.met_others || before_last_.met_others || last_.callers.size() > 1 ||
                        before_last_.callers.size() > 1;
  if (!together) return 1;
  size_t expected = last_.callers.size();
  for (const std::thread::id caller : before_last_.callers) {
    if (std::find(last_.callers.begin(), last_.callers.end(), caller) == last_.callers.end()) {
      ++expected;
    }
  }
  return expected;
}

void GroupCommit::WaitForOthers(std::unique_lock<std::mutex>& lock) {
  const size_t expected = ExpectedCallers();
  const auto enough = [&] {
    return queue_.size() >= expected || queued_commands_ >= limits_.commands;
  };
  if (limits_.wait_us <= 0 || enough()) return;
  if (skip_waits_ > 0) {
    --skip_waits_;
    return;
  }
  ++waits_;
  const size_t before = queue_.size();
  arrived_.wait_for(lock, std::chrono::microseconds(limits_.wait_us), enough);
  if (queue_.size() == before) skip_waits_ = kSkippedWaits;
}

std::vector<GroupCommit::Job*> GroupCommit::TakeGroup(Group& group) {
  std::vector<Job*> jobs;
  int commands = 0;
  while (!queue_.empty() &&
         (jobs.empty() || commands + queue_.front().job->commands <= limits_.commands)) {
    const Waiting& next = queue_.front();
    commands += next.job->commands;
    jobs.push_back(next.job);
    group.callers.push_back(next.caller);
    queue_.pop_front();
  }
  queued_commands_ -= commands;
  return jobs;
}

}  // namespace throughline
