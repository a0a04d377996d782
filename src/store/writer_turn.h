#ifndef THROUGHLINE_STORE_WRITER_TURN_H_
#define THROUGHLINE_STORE_WRITER_TURN_H_

#include <condition_variable>
#include <mutex>

#include "store/turn_hold.h"

namespace throughline {

// The turn to write: held by one at a time. Unlike a mutex it may be given back by another thread
// than took it, as a transaction may move from thread to thread.
class WriterTurn {
 public:
  using Hold = TurnHold<WriterTurn>;

  // Waits until nobody holds the turn.
  Hold Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    free_.wait(lock, [&] { return !taken_; });
    taken_ = true;
    return Hold(*this);
  }

 private:
  friend Hold;
  void Free() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      taken_ = false;
    }
    free_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable free_;
  bool taken_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_WRITER_TURN_H_
