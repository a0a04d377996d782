#ifndef THROUGHLINE_LEDGER_PAGE_CURSOR_H_
#define THROUGHLINE_LEDGER_PAGE_CURSOR_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/read.h"

// Cursors: the position of a page's last item, in base64url, with a check of what was asked for. So
// a cursor is good for the question it came from and for no other. Nothing in it is secret.

namespace throughline {

// INVALID_ARGUMENT unless 1..kMaxPageSize.
absl::Status CheckPageSize(const PageRequest& page);

// What a cursor belongs to: the kind of list and everything that was asked for, the page aside.
class CursorScope {
 public:
  explicit CursorScope(std::string_view list) { Add(list); }

  CursorScope& Add(std::string_view text);
  CursorScope& Add(int64_t number);

  std::string Encode(std::span<const int64_t> position) const;

  // INVALID_ARGUMENT names "page.cursor".
  absl::StatusOr<std::vector<int64_t>> Decode(std::string_view cursor, size_t size) const;

 private:
  std::string CheckOf(std::string_view position) const;

  std::string scope_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_PAGE_CURSOR_H_
