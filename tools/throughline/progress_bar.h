#ifndef THROUGHLINE_TOOLS_PROGRESS_BAR_H_
#define THROUGHLINE_TOOLS_PROGRESS_BAR_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace throughline {

// One line on the standard error that is drawn over and over; nothing at all when nobody watches.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `total` <= 0: unknown.
  void Show(std::string_view step, int64_t done, int64_t total);
  void Clear();

  // Show, for options of the library; the bar must outlive it.
  std::function<void(std::string_view step, int64_t done, int64_t total)> AsFunction();

 private:
  bool shown_;
  bool drawn_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_PROGRESS_BAR_H_
