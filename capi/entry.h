#ifndef THROUGHLINE_CAPI_ENTRY_H_
#define THROUGHLINE_CAPI_ENTRY_H_

#include <utility>

#include "absl/status/status.h"
#include "throughline.h"

// What every entry of the C interface goes through, so that nothing but a status comes out.

namespace throughline::capi {

// Stands while a callback of the host runs: the functions of the interface refuse to be called
// then.
class CallbackScope {
 public:
  CallbackScope() noexcept { ++depth_; }
  ~CallbackScope() { --depth_; }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

  static bool Active() noexcept { return depth_ > 0; }

 private:
  static thread_local int depth_;
};

// Thrown by a callback's trampoline to end a call at the host's wish: it becomes TL_CANCELLED.
struct CancelledByHost {};

// Empties the caller's error. False if its struct_size is none; nothing is written then.
bool ClearError(tl_error* error) noexcept;

// The code of the status, after the caller's error was filled. May throw std::bad_alloc.
tl_status Report(const absl::Status& status, tl_error* error);

// These allocate nothing.
tl_status ReportReentrant(tl_error* error) noexcept;
tl_status ReportCaught(tl_error* error) noexcept;  // within a catch block

// Runs the body of an entry, which gives an absl::Status.
template <class Body>
tl_status Guarded(tl_error* error, Body&& body) noexcept {
  if (!ClearError(error)) return TL_INVALID_ARGUMENT;
  if (CallbackScope::Active()) return ReportReentrant(error);
  try {
    return Report(std::forward<Body>(body)(), error);
  } catch (...) {
    return ReportCaught(error);
  }
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_ENTRY_H_
