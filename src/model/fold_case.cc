#include "model/fold_case.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace throughline {
namespace {

constexpr char32_t kBad = 0xFFFD;
constexpr auto kNfkc = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                                      UTF8PROC_COMPAT | UTF8PROC_IGNORE);

bool IsAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

char LowerAsciiLetter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void Append(char32_t point, std::string& out) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
  out.append(bytes, bytes + size);
}

utf8proc_int32_t Lower(utf8proc_int32_t point, void* /*data*/) { return utf8proc_tolower(point); }

// The text as UTF-8, each character as `map` gives it, in the form that the options ask for.
std::string Normal(const std::u32string& points, int options, utf8proc_custom_func map) {
  std::string text;
  for (const char32_t point : points) Append(point, text);
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map_custom(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                          static_cast<utf8proc_ssize_t>(text.size()), &made,
                          static_cast<utf8proc_option_t>(kNfkc | options), map, nullptr);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
  if (size < 0) throw std::bad_alloc();  // the text is UTF-8: nothing else is left
  return {made, made + size};
}

enum class NamePart : uint8_t { kLetter, kGap, kNothing };

// What a character is to a name. Dots and apostrophes hold together what they stand in.
NamePart PartOf(char32_t point) {
  if (point == U'.' || point == U'\'' || point == U'`' || point == 0x2019 || point == 0x2018) {
    return NamePart::kNothing;
  }
  const int category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  const bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
  return letter ? NamePart::kLetter : NamePart::kGap;
}

// ©, ®, ™, ℠: a company is the same with and without.
bool IsMark(char32_t point) {
  return point == 0x00A9 || point == 0x00AE || point == 0x2120 || point == 0x2122;
}

std::string FoldWhole(std::string_view name) {
  if (IsAscii(name)) return LowerCase(name);
  std::u32string points = CodePoints(name);
  std::erase_if(points, IsMark);
  return Normal(points, UTF8PROC_CASEFOLD, nullptr);
}

}  // namespace

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (size_t i = 0; i < text.size();) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(text.size() - i), &point);
    points += size > 0 ? static_cast<char32_t>(point) : kBad;
    i += size > 0 ? static_cast<size_t>(size) : 1;
  }
  return points;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  if (IsAscii(text)) {
    std::ranges::transform(lower, lower.begin(), LowerAsciiLetter);
    return lower;
  }
  // Once before, as only single characters have a case, and once for what the form is made of.
  const std::string normal = Normal(CodePoints(text), 0, &Lower);
  return Normal(CodePoints(normal), 0, &Lower);
}

std::string FoldName(std::string_view name) {
  std::string words;
  bool gap = false;
  for (const char32_t point : CodePoints(FoldWhole(name))) {
    const NamePart part = PartOf(point);
    if (part == NamePart::kGap) gap = true;
    if (part != NamePart::kLetter) continue;
    if (gap && !words.empty()) words += ' ';
    gap = false;
    Append(point, words);
  }
  return words;
}

}  // namespace throughline
