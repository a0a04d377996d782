#include "progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>

namespace throughline {

ProgressBar::ProgressBar() : shown_(isatty(STDERR_FILENO) == 1) {}

void ProgressBar::Show(std::string_view step, int64_t done, int64_t total) {
  if (!shown_) return;
  constexpr int kWidth = 40;
  const int64_t filled = total <= 0 ? 0 : std::min<int64_t>(kWidth, done * kWidth / total);
  std::string bar(static_cast<size_t>(filled), '#');
  bar.resize(kWidth, '.');
  std::cerr << "\r\033[K" << step << " [" << bar << "] ";
  if (total > 0) std::cerr << done * 100 / total << " %";
  std::cerr << std::flush;
  drawn_ = true;
}

void ProgressBar::Clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

std::function<void(std::string_view, int64_t, int64_t)> ProgressBar::AsFunction() {
  return [this](std::string_view step, int64_t done, int64_t total) { Show(step, done, total); };
}

}  // namespace throughline
