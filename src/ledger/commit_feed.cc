#include "ledger/commit_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace throughline {
namespace {

// Others' commits do not wake anybody: they are looked for this often.
constexpr int64_t kPollMicros = 40'000;
constexpr int64_t kLongestWaitMicros = int64_t{365} * 86'400 * 1'000'000;

}  // namespace

void CommitFeed::Committed(int64_t seq) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++commits_;
  }
  committed_.notify_all();
  const std::lock_guard<std::recursive_mutex> lock(callback_mutex_);
  for (auto next = callbacks_.begin(); next != callbacks_.end();) {
    const int64_t number = next->first;
    const auto callback = next->second;  // it may remove itself
    try {
      callback(seq);
    } catch (...) {
      // The commit stands: its callers must not hear otherwise.
    }
    next = callbacks_.upper_bound(number);
  }
}

absl::StatusOr<int64_t> CommitFeed::Wait(Store& store, int64_t after, int64_t timeout_us) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::microseconds(
                                           std::clamp<int64_t>(timeout_us, 0, kLongestWaitMicros));
  while (true) {
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t seen = commits_;
    lock.unlock();
    absl::StatusOr<int64_t> seq = store.LastSeq();
    if (!seq.ok() || *seq > after) return seq;
    const auto now = Clock::now();
    if (now >= deadline) return after;
    const auto until = std::min(deadline, now + std::chrono::microseconds(kPollMicros));
    lock.lock();
    committed_.wait_until(lock, until, [&] { return commits_ != seen; });
  }
}

int64_t CommitFeed::AddCallback(std::function<void(int64_t seq)> callback) {
  const std::lock_guard<std::recursive_mutex> lock(callback_mutex_);
  callbacks_.emplace(++last_number_, std::move(callback));
  return last_number_;
}

void CommitFeed::RemoveCallback(int64_t number) {
  const std::lock_guard<std::recursive_mutex> lock(callback_mutex_);
  callbacks_.erase(number);
}

}  // namespace throughline
