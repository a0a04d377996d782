#ifndef THROUGHLINE_CAPI_PROGRESS_H_
#define THROUGHLINE_CAPI_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "entry.h"
#include "throughline.h"

namespace throughline::capi {

// The host's callback as the library takes it; null for NULL. What is not TL_OK ends the call.
inline std::function<void(std::string_view step, int64_t done, int64_t total)> ProgressOf(
    tl_progress_fn progress, void* payload) {
  if (progress == nullptr) return nullptr;
  return [progress, payload](std::string_view step, int64_t done, int64_t total) {
    tl_status wish = TL_OK;
    {
      const CallbackScope scope;
      wish = progress(payload, step.data(), step.size(), done, total);
    }
    if (wish != TL_OK) throw CancelledByHost{};
  };
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_PROGRESS_H_
