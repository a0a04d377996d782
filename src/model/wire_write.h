#ifndef THROUGHLINE_MODEL_WIRE_WRITE_H_
#define THROUGHLINE_MODEL_WIRE_WRITE_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/wire.h"
#include "protozero/byteswap.hpp"
#include "protozero/varint.hpp"

// Writing messages. The size of a message is bounded first, then it is written forward into memory
// of that size, without further checks.

namespace throughline::wire {

inline std::string_view TextOf(const std::string& text) { return text; }
inline std::string_view TextOf(const Currency& currency) { return currency.view(); }

// --- Bounds: at most so many bytes are written, tags included. ---

inline constexpr size_t kMaxTagBytes = 2;
inline constexpr size_t kMaxLengthBytes = 5;

template <class T>
size_t MessageBound(const T& message);

template <class T>
size_t FieldBound(const T& value) {
  if constexpr (IsScalar<T>) {
    return kMaxTagBytes + Scalar<T>::kBound;
  } else if constexpr (kIsText<T>) {
    return kMaxTagBytes + kMaxLengthBytes + TextOf(value).size();
  } else if constexpr (kIsOptional<T>) {
    return value.has_value() ? FieldBound(*value) : 0;
  } else if constexpr (kIsVector<T>) {
    size_t bound = kMaxTagBytes + kMaxLengthBytes;
    for (const auto& item : value) bound += FieldBound(item);
    return bound;
  } else {
    return kMaxTagBytes + kMaxLengthBytes + MessageBound(value);
  }
}

template <class T>
size_t MessageBound(const T& message) {
  return std::apply(
      [&](const auto&... field) { return (FieldBound(message.*field.member) + ... + size_t{0}); },
      kFields<T>);
}

// --- Writing. Every function returns where it stopped. ---

inline char* WriteVarint(char* out, uint64_t value) {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

inline char* WriteFixed64(char* out, uint64_t value) {
  if constexpr (std::endian::native == std::endian::big) protozero::byteswap_inplace(&value);
  std::memcpy(out, &value, sizeof(value));
  return out + sizeof(value);
}

template <class T>
char* WriteScalar(char* out, const T& value) {
  const uint64_t bits = Scalar<T>::ToBits(value);
  return Scalar<T>::kType == WireType::fixed64 ? WriteFixed64(out, bits) : WriteVarint(out, bits);
}

inline char* WriteTag(char* out, uint32_t number, WireType type) {
  return WriteVarint(out, TagOf(number, type));
}

inline char* WriteBytes(char* out, uint32_t number, std::string_view bytes) {
  out = WriteTag(out, number, WireType::length_delimited);
  out = WriteVarint(out, bytes.size());
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

// Writes the tag, what `write_body(out)` writes, and between them its length: one byte is kept free
// for it, and the body moves if that is not enough. An empty body is taken back unless
// `keep_empty`.
template <class WriteBody>
char* WriteDelimited(char* out, uint32_t number, bool keep_empty, WriteBody&& write_body) {
  char* const length = WriteTag(out, number, WireType::length_delimited);
  char* const body = length + 1;
  char* const end = write_body(body);
  const auto size = static_cast<size_t>(end - body);
  if (size == 0 && !keep_empty) return out;
  if (size < 0x80) {
    *length = static_cast<char>(size);
    return end;
  }
  const auto length_bytes = static_cast<size_t>(protozero::length_of_varint(size));
  std::memmove(length + length_bytes, body, size);
  WriteVarint(length, size);
  return length + length_bytes + size;
}

template <class T>
char* WriteMessage(char* out, const T& message);
template <class T>
char* WriteRepeated(char* out, uint32_t number, const std::vector<T>& items);

enum class Presence { kUnlessDefault, kAlways };

template <Presence kPresence, class T>
char* WriteField(char* out, uint32_t number, const T& value) {
  constexpr bool kAlways = kPresence == Presence::kAlways;
  if constexpr (IsScalar<T>) {
    if (!kAlways && value == T{}) return out;
    return WriteScalar(WriteTag(out, number, Scalar<T>::kType), value);
  } else if constexpr (kIsText<T>) {
    const std::string_view text = TextOf(value);
    return kAlways || !text.empty() ? WriteBytes(out, number, text) : out;
  } else if constexpr (kIsOptional<T>) {
    return value.has_value() ? WriteField<Presence::kAlways>(out, number, *value) : out;
  } else if constexpr (kIsVector<T>) {
    return WriteRepeated(out, number, value);
  } else {
    return WriteDelimited(out, number, kAlways,
                          [&](char* body) { return WriteMessage(body, value); });
  }
}

// Scalars are packed, as proto3 does by default.
template <class T>
char* WriteRepeated(char* out, uint32_t number, const std::vector<T>& items) {
  if constexpr (IsScalar<T>) {
    return WriteDelimited(out, number, /*keep_empty=*/false, [&](char* body) {
      for (const T& item : items) body = WriteScalar(body, item);
      return body;
    });
  } else {
    for (const T& item : items) out = WriteField<Presence::kAlways>(out, number, item);
    return out;
  }
}

template <class T>
char* WriteMessage(char* out, const T& message) {
  return std::apply(
      [&](const auto&... field) {
        char* at = out;  // a local: it can stay in a register
        ((at = WriteField<Presence::kUnlessDefault>(at, field.number, message.*field.member)), ...);
        return at;
      },
      kFields<T>);
}

// --- Whole messages. ---

// Makes room for `bound` bytes at the end of `out` and keeps what `write(begin)` wrote of them.
template <class Write>
void AppendBounded(std::string& out, size_t bound, Write&& write) {
  const size_t begin = out.size();
  out.resize(begin + bound);
  char* const end = write(out.data() + begin);
  out.resize(static_cast<size_t>(end - out.data()));
}

template <class T>
void AppendMessage(const T& message, std::string& out) {
  AppendBounded(out, MessageBound(message),
                [&](char* begin) { return WriteMessage(begin, message); });
}

}  // namespace throughline::wire

#endif  // THROUGHLINE_MODEL_WIRE_WRITE_H_
