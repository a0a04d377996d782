#include "ledger/import/salesforce/salesforce_id.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "model/parsed_json.h"

namespace throughline {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
constexpr size_t kChunk = 5;

std::array<char, 3> ChecksumOf(const std::array<char, SalesforceId::kShortLength>& characters) {
  std::array<char, 3> checksum{};
  for (size_t chunk = 0; chunk < checksum.size(); ++chunk) {
    size_t bits = 0;
    for (size_t i = 0; i < kChunk; ++i) {
      if (absl::ascii_isupper(characters[chunk * kChunk + i])) bits |= size_t{1} << i;
    }
    checksum[chunk] = kDigits[bits];
  }
  return checksum;
}

// Gives letters the case that the checksum says. False: it calls something a capital that is none.
bool RestoreCase(std::string_view checksum,
                 std::array<char, SalesforceId::kShortLength>& characters) {
  for (size_t i = 0; i < characters.size(); ++i) {
    const size_t bits = kDigits.find(absl::ascii_toupper(checksum[i / kChunk]));
    if (bits == kDigits.npos) return false;
    const bool capital = (bits >> (i % kChunk) & 1) != 0;
    if (capital && !absl::ascii_isalpha(characters[i])) return false;
    characters[i] =
        capital ? absl::ascii_toupper(characters[i]) : absl::ascii_tolower(characters[i]);
  }
  return true;
}

// Lost case shows in that no letter of the id, or each of them, is a capital.
bool LostItsCase(std::string_view text) {
  return std::none_of(text.begin(), text.end(), absl::ascii_isupper) ||
         std::none_of(text.begin(), text.end(), absl::ascii_islower);
}

}  // namespace

absl::StatusOr<SalesforceId> SalesforceId::Parse(std::string_view text) {
  const auto fail = [&](std::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(text), std::string(why)));
  };
  if (text.size() != kShortLength && text.size() != kLongLength) {
    return fail(" is not an id of 15 or 18 characters");
  }
  if (!std::all_of(text.begin(), text.end(), absl::ascii_isalnum)) {
    return fail(" is not an id: it has other characters than letters and digits");
  }
  SalesforceId id;
  std::copy_n(text.begin(), kShortLength, id.characters_.begin());
  if (text.size() == kShortLength) return id;
  const std::string_view checksum = text.substr(kShortLength);
  const std::array<char, 3> wanted = ChecksumOf(id.characters_);
  if (std::equal(checksum.begin(), checksum.end(), wanted.begin())) return id;
  if (LostItsCase(text) && RestoreCase(checksum, id.characters_)) return id;
  return fail(" is not an id: its last three characters do not fit the others");
}

std::string SalesforceId::Long() const {
  std::string text(characters_.begin(), characters_.end());
  const std::array<char, 3> checksum = ChecksumOf(characters_);
  text.append(checksum.begin(), checksum.end());
  return text;
}

}  // namespace throughline
