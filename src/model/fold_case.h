#ifndef THROUGHLINE_MODEL_FOLD_CASE_H_
#define THROUGHLINE_MODEL_FOLD_CASE_H_

#include <string>
#include <string_view>

// What two spellings of one text have in common. WHAT THESE GIVE IS IN LEDGERS FOR LIFE: rows are
// derived with it from old events. It depends on no library and on no locale.

namespace throughline {

// Lower case, in Latin, Greek, Cyrillic and Armenian; letters with accents in one piece; wide
// letters and digits as ASCII; without invisible characters. A byte that is not UTF-8 is U+FFFD.
std::string FoldCase(std::string_view text);

// The words of a name: folded, single spaces between them, no punctuation ("J. O'Neil & Söhne" is
// "j oneil söhne"). "" if there are no words.
std::string FoldName(std::string_view name);

// Calls visit(code point) for each character; a byte that is not UTF-8 counts as U+FFFD.
template <class Visit>
void ForEachCodePoint(std::string_view text, Visit&& visit) {
  constexpr char32_t kBad = 0xFFFD;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = size == 1 ? lead : lead & (0x7FU >> size);
    bool good = size != 0 && lead < 0xF5 && i + size <= text.size();
    for (size_t k = 1; good && k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      good = (next & 0xC0) == 0x80;
      point = point << 6 | (next & 0x3F);
    }
    visit(good ? point : kBad);
    i += good ? size : 1;
  }
}

void AppendUtf8(char32_t point, std::string& out);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_FOLD_CASE_H_
