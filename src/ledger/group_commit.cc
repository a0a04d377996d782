#include "ledger/group_commit.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <utility>

namespace throughline {
namespace {

constexpr int kSkippedWaits = 32;

}  // namespace

// A call of Run, and where its thread sleeps.
class GroupCommit::Caller {
 public:
  explicit Caller(Job& job) : job_(job) {}

  Job& job() const { return job_; }
  std::thread::id thread() const { return thread_; }

  // With the lock held to the end: the caller may return, and this be gone, as soon as it is free.
  void Tell(Turn turn) {
    const std::lock_guard<std::mutex> lock(mutex_);
    told_ = turn;
    woken_.notify_one();
  }

  // What it is told; kSleep if it is told nothing in time.
  Turn Sleep() {
    std::unique_lock<std::mutex> lock(mutex_);
    woken_.wait(lock, [&] { return told_ != Turn::kSleep; });
    return std::exchange(told_, Turn::kSleep);
  }
  Turn SleepFor(std::chrono::microseconds time) {
    std::unique_lock<std::mutex> lock(mutex_);
    woken_.wait_for(lock, time, [&] { return told_ != Turn::kSleep; });
    return std::exchange(told_, Turn::kSleep);
  }

 private:
  Job& job_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable woken_;
  Turn told_ = Turn::kSleep;
};

void GroupCommit::Run(Job& job) {
  Caller caller(job);
  Turn turn = Arrive(caller);
  while (turn != Turn::kReturn) {
    if (turn == Turn::kSleep) {
      turn = caller.Sleep();
    } else if (turn == Turn::kWatch) {
      turn = Watch(caller);
    } else {
      turn = Lead(caller);
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

GroupCommit::Turn GroupCommit::Arrive(Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ReserveFor(queue_.size() + 1);
  queue_.push_back(&caller);
  queued_commands_ += caller.job().commands;
  met_others_ = true;
  return leading_ ? Turn::kSleep : Serve(caller);
}

// Nobody leads: what the caller is to do about the queue.
GroupCommit::Turn GroupCommit::Serve(Caller& caller) {
  if (watcher_ != nullptr && !Complete()) return Turn::kSleep;
  if (watcher_ == nullptr && ShouldWait()) {
    ++waits_;
    watcher_ = &caller;
    watched_from_ = queue_.size();
    return Turn::kWatch;
  }
  watcher_ = nullptr;
  leading_ = true;
  return Turn::kLead;
}

bool GroupCommit::Complete() const {
  return queue_.size() >= expected_callers_ || queued_commands_ >= limits_.commands;
}

bool GroupCommit::ShouldWait() {
  if (limits_.wait_us <= 0 || Complete()) return false;
  if (skip_waits_ == 0) return true;
  --skip_waits_;
  return false;
}

GroupCommit::Turn GroupCommit::Watch(Caller& caller) {
  const Turn told = caller.SleepFor(std::chrono::microseconds(limits_.wait_us));
  if (told != Turn::kSleep) return told;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (watcher_ != &caller) return Turn::kSleep;  // the group became complete just now
  if (queue_.size() == watched_from_) skip_waits_ = kSkippedWaits;
  watcher_ = nullptr;
  leading_ = true;
  return Turn::kLead;
}

// The leader's own job need not be in the group, if there are more than the limit.
GroupCommit::Turn GroupCommit::Lead(Caller& caller) {
  std::unique_lock<std::mutex> lock(mutex_);
  Gathered gathered = std::move(spare_);
  spare_ = Gathered();
  std::vector<Caller*>& group = gathered.callers;
  TakeGroup(group);
  lock.unlock();
  gathered.jobs.clear();
  for (Caller* member : group) gathered.jobs.push_back(&member->job());
  try {
    run_group_(gathered.jobs);
  } catch (...) {
    // Out of memory, or a host's callback threw: nobody may be left waiting for this group.
    for (Job* job : gathered.jobs) job->status = ended_;
  }
  Turn next = Turn::kSleep;
  lock.lock();
  NoteGroup(group);
  PassOn();
  lock.unlock();
  for (Caller* member : group) {
    member->job().done = true;
    if (member == &caller) {
      next = Turn::kReturn;
    } else {
      member->Tell(Turn::kReturn);
    }
  }
  lock.lock();
  if (spare_.callers.capacity() < group.capacity()) std::swap(spare_, gathered);
  return next;
}

void GroupCommit::ReserveFor(size_t callers) {
  spare_.callers.reserve(callers);
  spare_.jobs.reserve(callers);
  last_.callers.reserve(callers);
  before_last_.callers.reserve(callers);
}

void GroupCommit::TakeGroup(std::vector<Caller*>& group) {
  group.clear();
  int commands = 0;
  while (!queue_.empty() &&
         (group.empty() || commands + queue_.front()->job().commands <= limits_.commands)) {
    commands += queue_.front()->job().commands;
    group.push_back(queue_.front());
    queue_.pop_front();
  }
  queued_commands_ -= commands;
  met_others_ = false;
}

void GroupCommit::NoteGroup(const std::vector<Caller*>& callers) {
  std::swap(before_last_, last_);
  last_.callers.clear();
  for (const Caller* caller : callers) last_.callers.push_back(caller->thread());
  last_.met_others = met_others_;
  expected_callers_ = ExpectedCallers();
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

// Those who came meanwhile need somebody to serve them.
void GroupCommit::PassOn() {
  leading_ = false;
  if (queue_.empty()) return;
  Caller& next = *queue_.front();
  next.Tell(Serve(next));
}

}  // namespace throughline
