#ifndef THROUGHLINE_MODEL_ABSEIL_TEXT_H_
#define THROUGHLINE_MODEL_ABSEIL_TEXT_H_

#include <string_view>

#include "absl/strings/string_view.h"

// Abseil as Debian builds it has a string_view of its own, elsewhere it is std::string_view. These
// compile with both.

namespace throughline {

inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view FromAbsl(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_ABSEIL_TEXT_H_
