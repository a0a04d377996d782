#ifndef THROUGHLINE_CAPI_STRUCTS_H_
#define THROUGHLINE_CAPI_STRUCTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "model/abseil_text.h"
#include "throughline.h"
#include "throughline/error.h"

// Structs that begin with struct_size, read and written so that caller and library may be of
// different versions.

namespace throughline::capi {

// The size that a struct had when it was first published: the least that a caller may give. When a
// struct grows, it keeps that size here, as the offset of its first new field.
template <class T>
inline constexpr size_t kFirstSize = sizeof(T);

inline constexpr size_t kMaxStructSize = 4096;

template <class T>
constexpr bool IsStructSize(uint32_t size) {
  return size >= kFirstSize<T> && size <= kMaxStructSize;
}

inline absl::Status BadStructSize(std::string_view name, uint32_t size) {
  return InvalidField(std::string(name) + ".struct_size",
                      std::to_string(size) + " is not the size of the struct");
}

// Copies what a caller gave; NULL: all zero. UNIMPLEMENTED if it means a field that is not known
// here.
template <class T>
absl::Status ReadStruct(std::string_view name, const T* in, T& out) {
  out = T{};
  if (in == nullptr) return absl::OkStatus();
  const size_t size = in->struct_size;
  if (!IsStructSize<T>(in->struct_size)) return BadStructSize(name, in->struct_size);
  const size_t known = std::min(size, sizeof(T));
  std::memcpy(&out, in, known);
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  if (std::all_of(bytes + known, bytes + size, [](unsigned char byte) { return byte == 0; })) {
    return absl::OkStatus();
  }
  const std::string message = std::string(name) + ": has a field of a later version";
  return absl::UnimplementedError(ToAbsl(message));
}

// Zeroes what the caller's struct holds behind struct_size, if that is a size.
template <class T>
void ClearStruct(T* out) noexcept {
  if (out == nullptr || !IsStructSize<T>(out->struct_size)) return;
  std::memset(reinterpret_cast<char*>(out) + sizeof(uint32_t), 0,
              out->struct_size - sizeof(uint32_t));
}

template <class T>
absl::Status CheckOut(std::string_view name, const T* out) {
  if (out == nullptr) return InvalidField(name, "is NULL");
  return IsStructSize<T>(out->struct_size) ? absl::OkStatus()
                                           : BadStructSize(name, out->struct_size);
}

// Fills a struct that was cleared and checked.
template <class T>
void WriteStruct(const T& value, T* out) noexcept {
  const uint32_t size = out->struct_size;
  std::memcpy(out, &value, std::min<size_t>(size, sizeof(T)));
  out->struct_size = size;
}

// NULL is no object.
template <class T>
absl::Status CheckGiven(std::string_view name, const T* pointer) {
  return pointer != nullptr ? absl::OkStatus() : InvalidField(name, "is NULL");
}

inline absl::Status CheckIndex(int64_t index, size_t size) {
  if (index >= 0 && static_cast<uint64_t>(index) < size) return absl::OkStatus();
  const std::string message =
      "index: " + std::to_string(index) + " is not below " + std::to_string(size);
  return WithDetail(absl::OutOfRangeError(ToAbsl(message)), ErrorDetail{.field = "index"});
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_STRUCTS_H_
