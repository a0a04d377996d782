#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_ID_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_ID_H_

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace throughline {

// A record's id in Salesforce: 15 characters, case matters. The first three tell the object.
class SalesforceId {
 public:
  static constexpr size_t kShortLength = 15;
  static constexpr size_t kLongLength = 18;

  SalesforceId() = default;

  // 15 characters, or 18, of which the last three say which letters are capitals: an id whose case
  // was lost on the way is mended by them. INVALID_ARGUMENT if they contradict the id.
  static absl::StatusOr<SalesforceId> Parse(std::string_view text);

  std::string Long() const;  // 18 characters
  std::string_view prefix() const { return {characters_.data(), 3}; }
  explicit operator bool() const { return characters_[0] != 0; }

  friend auto operator<=>(const SalesforceId&, const SalesforceId&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const SalesforceId& id) {
    return H::combine(std::move(h), id.characters_);
  }

 private:
  std::array<char, kShortLength> characters_{};  // all zero: none
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_ID_H_
