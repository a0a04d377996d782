#include "analytics/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

// Puts a comma before every third digit of the part before the decimal point.
void GroupDigits(std::string& text) {
  const size_t first = text.starts_with('-') ? 1 : 0;
  for (size_t at = std::min(text.find('.'), text.size()); at > first + 3; at -= 3) {
    text.insert(at - 3, 1, ',');
  }
}

}  // namespace

std::string GroupedInteger(int64_t value) {
  std::string text = std::to_string(value);
  GroupDigits(text);
  return text;
}

std::string GroupedReal(double value, int decimals) {
  std::array<char, 400> buffer;  // the largest double has 309 digits
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::fixed, decimals);
  std::string text(buffer.data(), end);
  GroupDigits(text);
  return text;
}

std::string Percent(double share) { return GroupedReal(share * 100, 1) + "%"; }

std::string Percent(int64_t part, int64_t whole) {
  return Percent(static_cast<double>(part) / static_cast<double>(whole));
}

std::string Counted(int64_t count, std::string_view singular, std::string_view plural) {
  return absl::StrCat(GroupedInteger(count), " ", ToAbsl(count == 1 ? singular : plural));
}

}  // namespace throughline
