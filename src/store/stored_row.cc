#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "throughline/store.h"

namespace throughline {
namespace {

template <class T>
bool Within(const T* pointer, const std::vector<T>& storage) {
  const std::less<> before;
  return !storage.empty() && !before(pointer, storage.data()) &&
         before(pointer, storage.data() + storage.size());
}

const std::string_view* ViewOf(const Value& value) { return std::get_if<std::string_view>(&value); }

}  // namespace

void StoredRow::Assign(std::span<const Value> values) {
  size_t size = 0;
  bool own = Within(values.data(), values_);
  for (const Value& value : values) {
    const std::string_view* view = ViewOf(value);
    if (view == nullptr || view->empty()) continue;
    size += view->size();
    own = own || Within(view->data(), bytes_);
  }
  if (own) {
    StoredRow copy;
    copy.Assign(values);
    *this = std::move(copy);
    return;
  }
  values_.assign(values.begin(), values.end());
  // Never shrunk, so that a reused row zeroes its bytes only once.
  if (bytes_.size() < size) bytes_.resize(size);
  char* out = bytes_.data();
  for (Value& value : values_) {
    const std::string_view* view = ViewOf(value);
    if (view == nullptr) continue;
    // An empty view may carry a null pointer, which memcpy must not see.
    if (!view->empty()) std::memcpy(out, view->data(), view->size());
    value = std::string_view(out, view->size());
    out += std::get<std::string_view>(value).size();
  }
}

}  // namespace throughline
