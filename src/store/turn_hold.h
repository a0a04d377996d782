#ifndef THROUGHLINE_STORE_TURN_HOLD_H_
#define THROUGHLINE_STORE_TURN_HOLD_H_

#include <utility>

namespace throughline {

// A turn that was taken: gives it back, with Turn::Free(), when deleted or earlier. Must not
// outlive the Turn.
template <class Turn>
class TurnHold {
 public:
  TurnHold(TurnHold&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
  TurnHold& operator=(TurnHold&&) = delete;
  ~TurnHold() { Release(); }

  void Release() {
    if (turn_ != nullptr) std::exchange(turn_, nullptr)->Free();
  }

 private:
  friend Turn;
  explicit TurnHold(Turn& turn) : turn_(&turn) {}

  Turn* turn_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_TURN_HOLD_H_
