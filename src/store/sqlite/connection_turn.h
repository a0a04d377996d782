#ifndef THROUGHLINE_STORE_SQLITE_CONNECTION_TURN_H_
#define THROUGHLINE_STORE_SQLITE_CONNECTION_TURN_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/turn_hold.h"

namespace throughline {

// Who may use a connection that all transactions of a store share: one thread at a time, for one
// writing transaction or any number of reading ones. A transaction may be ended by another thread
// than began it.
class ConnectionTurn {
 public:
  enum Use { kRead, kWrite };

  using Hold = TurnHold<ConnectionTurn>;

  // Waits for other threads. FAILED_PRECONDITION if this one has begun a transaction beside which
  // the new one cannot be: it would wait for itself.
  absl::StatusOr<Hold> Take(Use use) {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::thread::id self = std::this_thread::get_id();
    free_.wait(lock, [&] { return holders_ == 0 || owner_ == self; });
    if (holders_ > 0 && (writing_ || use == kWrite)) {
      return absl::FailedPreconditionError(
          "another transaction is open on the host's connection: one that writes must be alone");
    }
    owner_ = self;
    writing_ = use == kWrite;
    ++holders_;
    return Hold(*this);
  }

 private:
  friend Hold;
  void Free() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (--holders_ > 0) return;
    }
    free_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable free_;
  std::thread::id owner_;  // while there are holders
  int holders_ = 0;
  bool writing_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_CONNECTION_TURN_H_
