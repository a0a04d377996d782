#include "ledger/page_cursor.h"

#include <sodium/crypto_generichash.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr size_t kCheckBytes = 16;
constexpr size_t kNumberBytes = 8;
constexpr size_t kMaxCursorBytes = 2048;

void AppendNumber(int64_t number, std::string& bytes) {
  const auto bits = static_cast<uint64_t>(number);
  for (size_t i = 0; i < kNumberBytes; ++i) bytes.push_back(static_cast<char>(bits >> (8 * i)));
}

int64_t NumberAt(std::string_view bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < kNumberBytes; ++i) {
    bits |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return static_cast<int64_t>(bits);
}

}  // namespace

absl::Status CheckPageSize(const PageRequest& page) {
  if (page.size >= 1 && page.size <= kMaxPageSize) return absl::OkStatus();
  return InvalidField("page.size", absl::StrCat(page.size, " is not within 1..", kMaxPageSize));
}

CursorScope& CursorScope::Add(std::string_view text) {
  AppendNumber(std::ssize(text), scope_);
  scope_.append(text);
  return *this;
}

CursorScope& CursorScope::Add(int64_t number) {
  AppendNumber(number, scope_);
  return *this;
}

std::string CursorScope::CheckOf(std::string_view position) const {
  std::string bytes = scope_;
  bytes.append(position);
  std::string check(kCheckBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(check.data()), check.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                     0);
  return check;
}

std::string CursorScope::Encode(std::span<const int64_t> position) const {
  std::string bytes;
  for (const int64_t number : position) AppendNumber(number, bytes);
  return absl::WebSafeBase64Escape(bytes + CheckOf(bytes));
}

absl::StatusOr<std::vector<int64_t>> CursorScope::Decode(std::string_view cursor,
                                                         size_t size) const {
  const absl::Status wrong = InvalidField("page.cursor", "is not one of this list");
  std::string bytes;
  if (cursor.size() > kMaxCursorBytes) return wrong;
  if (!absl::WebSafeBase64Unescape(ToAbsl(cursor), &bytes)) return wrong;
  if (bytes.size() != size * kNumberBytes + kCheckBytes) return wrong;
  const std::string_view position = std::string_view(bytes).substr(0, size * kNumberBytes);
  if (CheckOf(position) != std::string_view(bytes).substr(position.size())) return wrong;
  std::vector<int64_t> numbers;
  for (size_t i = 0; i < size; ++i) numbers.push_back(NumberAt(position.substr(i * kNumberBytes)));
  return numbers;
}

}  // namespace throughline
