#ifndef THROUGHLINE_STORE_VALUE_ORDER_H_
#define THROUGHLINE_STORE_VALUE_ORDER_H_

#include <cstdint>
#include <string_view>
#include <variant>

#include "throughline/store.h"

namespace throughline {

inline bool IsNull(const Value& value) { return std::holds_alternative<std::monostate>(value); }

namespace value_order_internal {

template <class T>
int Compare(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

}  // namespace value_order_internal

// The order of rows: null before everything, numbers by value, text and blobs by bytes. Both values
// are of one column, so never of two types but for null.
inline int CompareValues(const Value& a, const Value& b) {
  if (a.index() != b.index()) return a.index() < b.index() ? -1 : 1;
  if (const auto* number = std::get_if<int64_t>(&a)) {
    return value_order_internal::Compare(*number, *std::get_if<int64_t>(&b));
  }
  if (const auto* real = std::get_if<double>(&a)) {
    return value_order_internal::Compare(*real, *std::get_if<double>(&b));
  }
  if (const auto* bytes = std::get_if<std::string_view>(&a)) {
    return bytes->compare(*std::get_if<std::string_view>(&b));
  }
  return 0;
}

}  // namespace throughline

#endif  // THROUGHLINE_STORE_VALUE_ORDER_H_
