#ifndef THROUGHLINE_LEDGER_COMMIT_FEED_H_
#define THROUGHLINE_LEDGER_COMMIT_FEED_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "absl/status/statusor.h"
#include "throughline/store.h"

namespace throughline {

// Tells of commits: those of this ledger object at once, those of others when it looks.
// Thread-safe.
class CommitFeed {
 public:
  // Wakes who waits and calls the callbacks, on the calling thread, one caller at a time.
  void Committed(int64_t seq);

  // Waits until the store has a commit with seq > after: its newest seq; `after` once the time is
  // up.
  absl::StatusOr<int64_t> Wait(Store& store, int64_t after, int64_t timeout_us);

  int64_t AddCallback(std::function<void(int64_t seq)> callback);
  void RemoveCallback(int64_t number);

 private:
  std::mutex mutex_;
  std::condition_variable committed_;
  uint64_t commits_ = 0;  // told of; not the newest seq, which a host may roll back

  std::recursive_mutex callback_mutex_;  // callbacks may add and remove callbacks
  std::map<int64_t, std::function<void(int64_t)>> callbacks_;
  int64_t last_number_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_COMMIT_FEED_H_
