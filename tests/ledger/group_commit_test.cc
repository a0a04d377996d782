#include "ledger/group_commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace throughline {
namespace {

constexpr int64_t kWaitUs = int64_t{3600} * 1'000'000;

// Runs groups and remembers how large they were. The first one can be held until others queue.
class Recorder {
 public:
  void Run(std::span<GroupCommit::Job* const> jobs) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_FALSE(running_);
    running_ = true;
    started_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    sizes_.push_back(jobs.size());
    for (GroupCommit::Job* job : jobs) job->status = absl::OkStatus();
    running_ = false;
  }

  void Hold() {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_ = true;
  }
  void Release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void WaitUntilStarted() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return started_; });
  }
  std::vector<size_t> sizes() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return sizes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  bool started_ = false;
  bool held_ = false;
  std::vector<size_t> sizes_;
};

TEST(GroupCommitTest, CallerThatIsAloneNeverWaits) {
  Recorder recorder;
  GroupCommit group({.wait_us = kWaitUs}, [&](auto jobs) { recorder.Run(jobs); });
  for (int i = 0; i < 100; ++i) {
    GroupCommit::Job job;
    group.Run(job);
    EXPECT_TRUE(job.done);
  }
  EXPECT_EQ(recorder.sizes(), std::vector<size_t>(100, 1));
}

TEST(GroupCommitTest, LoneCallerOnChangingThreadsNeverWaits) {
  Recorder recorder;
  GroupCommit group({.wait_us = kWaitUs}, [&](auto jobs) { recorder.Run(jobs); });
  for (int i = 0; i < 20; ++i) {
    std::thread([&] {
      GroupCommit::Job job;
      group.Run(job);
    }).join();
  }
  EXPECT_EQ(recorder.sizes(), std::vector<size_t>(20, 1));
}

// All threads call again and again. Once they have met they share commits, though the last of each
// group comes only when the leader waits for it.
TEST(GroupCommitTest, CallersThatCameTogetherAreWaitedFor) {
  constexpr int kThreads = 8;
  constexpr int kJobs = 400;
  Recorder recorder;
  recorder.Hold();
  GroupCommit group({.wait_us = 1'000'000}, [&](auto jobs) { recorder.Run(jobs); });
  std::atomic<int> jobs = 0;
  const auto work = [&] {
    while (jobs++ < kJobs) {
      GroupCommit::Job job;
      group.Run(job);
    }
  };
  std::vector<std::thread> threads;
  threads.emplace_back(work);
  recorder.WaitUntilStarted();  // with the first thread alone
  for (int i = 1; i < kThreads; ++i) threads.emplace_back(work);
  while (group.queued() < kThreads - 1) std::this_thread::yield();
  recorder.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(recorder.sizes().size(), kJobs / 5);
}

TEST(GroupCommitTest, GroupsHaveALimitOfCommands) {
  Recorder recorder;
  recorder.Hold();
  GroupCommit group({.wait_us = 0, .commands = 4}, [&](auto jobs) { recorder.Run(jobs); });
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    GroupCommit::Job job;
    group.Run(job);
  });
  recorder.WaitUntilStarted();
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      GroupCommit::Job job{.commands = 2};
      group.Run(job);
    });
  }
  while (group.queued() < 6) std::this_thread::yield();
  recorder.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorder.sizes(), (std::vector<size_t>{1, 2, 2, 2}));
}

TEST(GroupCommitTest, JobBeyondTheLimitRunsAlone) {
  Recorder recorder;
  GroupCommit group({.commands = 4}, [&](auto jobs) { recorder.Run(jobs); });
  GroupCommit::Job job{.commands = 100};
  group.Run(job);
  EXPECT_EQ(recorder.sizes(), std::vector<size_t>{1});
}

// A leader waits in vain once; then not again for a while.
TEST(GroupCommitTest, VainWaitsAreNotRepeated) {
  Recorder recorder;
  recorder.Hold();
  GroupCommit group({.wait_us = 1000}, [&](auto jobs) { recorder.Run(jobs); });
  std::thread first([&] {
    GroupCommit::Job job;
    group.Run(job);
  });
  recorder.WaitUntilStarted();
  std::thread second([&] {
    GroupCommit::Job job;
    group.Run(job);
  });
  while (group.queued() < 1) std::this_thread::yield();
  recorder.Release();
  first.join();
  second.join();
  for (int i = 0; i < 10; ++i) {
    GroupCommit::Job job;
    group.Run(job);
  }
  EXPECT_LE(group.waits(), 2);
}

}  // namespace
}  // namespace throughline
