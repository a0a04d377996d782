#include "model/fold_case.h"

#include <algorithm>
#include <cstdint>

namespace throughline {
namespace {

// Capital letters and how far it is to the small ones; `step` 2: every other one is a capital.
struct CapitalRange {
  char32_t first, last;
  int32_t distance;
  uint8_t step;
};

constexpr CapitalRange kCapitals[] = {
    {U'A', U'Z', 32, 1},       {0x00C0, 0x00D6, 32, 1},   {0x00D8, 0x00DE, 32, 1},
    {0x0100, 0x012E, 1, 2},    {0x0130, 0x0130, -199, 1},  // dotted I
    {0x0132, 0x0136, 1, 2},    {0x0139, 0x0147, 1, 2},    {0x014A, 0x0176, 1, 2},
    {0x0178, 0x0178, -121, 1}, {0x0179, 0x017D, 1, 2},    {0x01CD, 0x01DB, 1, 2},
    {0x01DE, 0x01EE, 1, 2},    {0x01F8, 0x021E, 1, 2},    {0x0222, 0x0232, 1, 2},
    {0x0386, 0x0386, 38, 1},   {0x0388, 0x038A, 37, 1},   {0x038C, 0x038C, 64, 1},
    {0x038E, 0x038F, 63, 1},   {0x0391, 0x03A1, 32, 1},   {0x03A3, 0x03AB, 32, 1},
    {0x03C2, 0x03C2, 1, 1},  // the sigma at the end of a word
    {0x0400, 0x040F, 80, 1},   {0x0410, 0x042F, 32, 1},   {0x0460, 0x0480, 1, 2},
    {0x048A, 0x04BE, 1, 2},    {0x04C1, 0x04CD, 1, 2},    {0x04D0, 0x052E, 1, 2},
    {0x0531, 0x0556, 48, 1},   {0x1E00, 0x1E94, 1, 2},    {0x1E9E, 0x1E9E, -7615, 1},
    {0x1EA0, 0x1EFE, 1, 2},
};

// An accent that comes as a character of its own, and letters it makes of others: "aàeè" ...
struct Accent {
  char32_t mark;
  std::u32string_view pairs;
};

constexpr Accent kAccents[] = {
    {0x0300, U"aàeèiìnǹoòuùwẁyỳ"},
    {0x0301, U"aácćeégǵiíkḱlĺmḿnńoópṕrŕsśuúwẃyýzźгѓкќαάεέηήιίοόυύωώ"},
    {0x0302, U"aâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷ"},
    {0x0303, U"aãeẽiĩnñoõuũyỹ"},
    {0x0304, U"aāeēiīoōuū"},
    {0x0306, U"aăeĕgğiĭoŏuŭийуў"},
    {0x0307, U"cċeėgġzż"},
    {0x0308, U"aäeëhḧiïoöuüwẅyÿеёіїιϊυϋ"},
    {0x030A, U"aåuů"},
    {0x030B, U"oőuű"},
    {0x030C, U"aǎcčdďeěgǧhȟiǐkǩlľnňoǒrřsštťuǔzž"},
    {0x0326, U"sștț"},
    {0x0327, U"cçeȩgģkķlļnņrŗsştţ"},
    {0x0328, U"aąeęiįoǫuų"},
};

char32_t LowerLetter(char32_t point) {
  if (point < 0x80) return point >= U'A' && point <= U'Z' ? point + 32 : point;
  for (const CapitalRange& range : kCapitals) {
    if (point < range.first) break;
    if (point > range.last || (point - range.first) % range.step != 0) continue;
    return static_cast<char32_t>(static_cast<int32_t>(point) + range.distance);
  }
  return point;
}

char32_t Narrow(char32_t point) {
  if (point >= 0xFF01 && point <= 0xFF5E) return point - 0xFEE0;
  const bool space = point == 0x00A0 || point == 0x3000 || (point >= 0x2000 && point <= 0x200A);
  return space ? U' ' : point;
}

bool IsInvisible(char32_t point) {
  return point == 0x00AD || (point >= 0x200B && point <= 0x200F) || point == 0x2060 ||
         point == 0xFEFF;
}

// 0: the two do not make a letter.
char32_t Composed(char32_t letter, char32_t mark) {
  for (const Accent& accent : kAccents) {
    if (accent.mark != mark) continue;
    for (size_t i = 0; i + 1 < accent.pairs.size(); i += 2) {
      if (accent.pairs[i] == letter) return accent.pairs[i + 1];
    }
  }
  return 0;
}

bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

enum class NamePart : uint8_t { kLetter, kGap, kNothing };

// What a character is to a name. Dots and apostrophes hold together what they stand in.
NamePart PartOf(char32_t point) {
  if (point == U'.' || point == U'\'' || point == U'`' || point == 0x2019 || point == 0x2018) {
    return NamePart::kNothing;
  }
  if (point == 0x00AE || point == 0x00A9 || point == 0x2122) return NamePart::kNothing;
  if (point < 0x80) {
    const bool letter = (point >= U'0' && point <= U'9') || (point >= U'a' && point <= U'z');
    return letter ? NamePart::kLetter : NamePart::kGap;
  }
  const bool gap = point <= 0x00BF || (point >= 0x2010 && point <= 0x205E) ||
                   (point >= 0x3001 && point <= 0x3011) || point == 0xFFFD;
  const bool numeral = point == 0x00AA || point == 0x00BA || point == 0x00B5;
  return gap && !numeral ? NamePart::kGap : NamePart::kLetter;
}

}  // namespace

void AppendUtf8(char32_t point, std::string& out) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += tail(6);
    out += tail(0);
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += tail(12);
    out += tail(6);
    out += tail(0);
  }
}

std::string FoldCase(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  if (IsAscii(text)) {
    for (const char c : text)
      folded += static_cast<char>(LowerLetter(static_cast<unsigned char>(c)));
    return folded;
  }
  char32_t last = 0;
  size_t last_at = 0;
  ForEachCodePoint(text, [&](char32_t point) {
    if (IsInvisible(point)) return;
    const char32_t letter = LowerLetter(Narrow(point));
    const char32_t composed = last == 0 ? 0 : Composed(last, letter);
    if (composed != 0) folded.resize(last_at);
    last = composed != 0 ? composed : letter;
    last_at = folded.size();
    AppendUtf8(last, folded);
  });
  return folded;
}

std::string FoldName(std::string_view name) {
  std::string words;
  bool gap = false;
  ForEachCodePoint(FoldCase(name), [&](char32_t point) {
    const NamePart part = PartOf(point);
    if (part == NamePart::kGap) gap = true;
    if (part != NamePart::kLetter) return;
    if (gap && !words.empty()) words += ' ';
    gap = false;
    AppendUtf8(point, words);
  });
  return words;
}

}  // namespace throughline
