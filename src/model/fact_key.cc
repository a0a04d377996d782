#include "model/fact_key.h"

#include <sodium.h>

#include <array>
#include <charconv>
#include <string_view>

#include "throughline/command.h"

namespace throughline {
namespace {

constexpr size_t kHashDigits = 16;

bool IsHash(std::string_view key) {
  return key.size() == kHashDigits + 1 && key[0] == '#' &&
         key.find_first_not_of("0123456789abcdef", 1) == key.npos;
}

// SipHash-2-4 under a key of zeros, read as little-endian. Written to disk: it cannot change.
uint64_t HashOf(std::string_view key) {
  static_assert(crypto_shorthash_BYTES == sizeof(uint64_t));
  constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> kZeros{};
  std::array<unsigned char, crypto_shorthash_BYTES> bytes;
  crypto_shorthash(bytes.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                   kZeros.data());
  uint64_t hash = 0;
  for (size_t i = bytes.size(); i-- > 0;) hash = hash << 8 | bytes[i];
  return hash;
}

}  // namespace

uint64_t FactKeyOf(std::string_view key) {
  uint64_t fact = 0;
  if (IsHash(key)) {
    std::from_chars(key.data() + 1, key.data() + key.size(), fact, 16);
  } else {
    fact = HashOf(key);
  }
  return fact == 0 ? 1 : fact;
}

std::string FactKeyText(uint64_t fact) {
  std::string text = "#0000000000000000";
  for (size_t i = kHashDigits; i > 0; --i, fact >>= 4) text[i] = "0123456789abcdef"[fact & 15];
  return text;
}

}  // namespace throughline
