#include "analytics/snapshot/dictionaries.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>

namespace throughline {
namespace {

// Of few letters, so that many are alike at one end or both; up to 20 bytes, where short ones end
// at 16.
std::string RandomText(std::mt19937& random) {
  std::string text(random() % 21, 'a');
  for (int changes = static_cast<int>(random() % 3); changes > 0 && !text.empty(); --changes) {
    text[random() % text.size()] = static_cast<char>(random() % 2 == 0 ? 'b' : '\0');
  }
  return text;
}

TEST(TextDictionaryTest, EachTextHasItsNumberAndKeepsIt) {
  constexpr unsigned kSeed = 20261127;
  std::printf("seed %u\n", kSeed);
  std::mt19937 random(kSeed);
  TextDictionary dictionary;
  std::map<std::string, uint32_t> numbers{{"", 0}};
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(random);
    const uint32_t number = dictionary.NumberOf(text);
    const auto [known, is_new] = numbers.try_emplace(text, number);
    ASSERT_EQ(known->second, number) << text.size();
    ASSERT_EQ(dictionary[number], text);
  }
  EXPECT_EQ(dictionary.size(), numbers.size());
  EXPECT_GT(numbers.size(), 1000u);
}

TEST(ShortTextTest, TellsTextsOfAnyLengthApart) {
  std::set<std::tuple<uint64_t, uint64_t, size_t>> seen;
  for (size_t size = 1; size <= ShortText::kMaxBytes; ++size) {
    std::string text(size, 'x');
    for (size_t at = 0; at <= size; ++at) {  // the last time unchanged
      if (at < size) text[at] = 'y';
      const ShortText as_numbers(text);
      EXPECT_TRUE(seen.insert({as_numbers.head, as_numbers.tail, as_numbers.size}).second)
          << size << " " << at;
      if (at < size) text[at] = 'x';
    }
  }
}

}  // namespace
}  // namespace throughline
