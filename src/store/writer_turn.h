#ifndef THROUGHLINE_STORE_WRITER_TURN_H_
#define THROUGHLINE_STORE_WRITER_TURN_H_

#include <condition_variable>
#include <mutex>
#include <utility>

namespace throughline {

// The turn to write: held by one at a time. Unlike a mutex it may be given back by another thread
// than took it, as a transaction may move from thread to thread.
class WriterTurn {
 public:
  // Gives the turn back when deleted, or earlier. Must not outlive the WriterTurn.
  class Hold {
   public:
    Hold(Hold&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() { Release(); }

    void Release() {
      if (turn_ != nullptr) std::exchange(turn_, nullptr)->Free();
    }

   private:
    friend class WriterTurn;
    explicit Hold(WriterTurn& turn) : turn_(&turn) {}

    WriterTurn* turn_;
  };

  // Waits until nobody holds the turn.
  Hold Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    free_.wait(lock, [&] { return !taken_; });
    taken_ = true;
    return Hold(*this);
  }

 private:
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
