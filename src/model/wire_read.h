#ifndef THROUGHLINE_MODEL_WIRE_READ_H_
#define THROUGHLINE_MODEL_WIRE_READ_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/status.h"
#include "model/wire.h"
#include "protozero/byteswap.hpp"
#include "protozero/exception.hpp"
#include "protozero/varint.hpp"

// Reading messages. Unknown fields are skipped; damage throws an exception of protozero, which
// CatchDamage makes into a status.

namespace throughline::wire {

struct WrongType : protozero::exception {
  const char* what() const noexcept override { return "a field has a wrong wire type"; }
};

struct OutOfRange : protozero::exception {
  const char* what() const noexcept override { return "a value is out of range"; }
};

struct Tag {
  uint32_t number = 0;
  WireType type = WireType::unknown;
};

// Runs through the bytes of one message. What is called for every field is compiled into its
// callers and gives nobody a Reader's address, so that one that is a local variable lives in
// registers.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  bool done() const { return at_ == end_; }

  // Goes past this tag if it comes next and is of one byte: longer ones are read in any order.
  ABSL_ATTRIBUTE_ALWAYS_INLINE bool TakeTag(uint32_t tag) {
    if (at_ == end_ || tag >= 0x80 || static_cast<unsigned char>(*at_) != tag) return false;
    ++at_;
    return true;
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE Tag NextTag() {
    const uint64_t tag = Varint();
    if (tag >> 3 == 0 || tag >> 32 != 0) throw protozero::invalid_tag_exception();
    return {static_cast<uint32_t>(tag >> 3), static_cast<WireType>(tag & 7)};
  }

  // Most are of one byte or, like the tags of payloads, of two.
  ABSL_ATTRIBUTE_ALWAYS_INLINE uint64_t Varint() {
    if (at_ != end_ && Byte(0) < 0x80) {
      const uint64_t value = Byte(0);
      ++at_;
      return value;
    }
    if (end_ - at_ >= 2 && Byte(1) < 0x80) {
      const uint64_t value = (Byte(0) & 0x7F) | Byte(1) << 7;
      at_ += 2;
      return value;
    }
    const Long varint = LongVarint(at_, end_);
    at_ = varint.end;
    return varint.value;
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE uint64_t Fixed64() {
    uint64_t value = 0;
    std::memcpy(&value, Take(sizeof(value)), sizeof(value));
    if constexpr (std::endian::native == std::endian::big) protozero::byteswap_inplace(&value);
    return value;
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE std::string_view Bytes() {
    const uint64_t size = Varint();
    return {Take(size), static_cast<size_t>(size)};
  }

  void SkipValue(WireType type) {
    switch (type) {
      case WireType::varint:
        protozero::skip_varint(&at_, end_);
        return;
      case WireType::fixed64:
        Take(8);
        return;
      case WireType::fixed32:
        Take(4);
        return;
      case WireType::length_delimited:
        Bytes();
        return;
      default:
        throw protozero::unknown_pbf_wire_type_exception();
    }
  }

 private:
  struct Long {
    uint64_t value;
    const char* end;
  };
  ABSL_ATTRIBUTE_NOINLINE static Long LongVarint(const char* at, const char* end) {
    const uint64_t value = protozero::decode_varint(&at, end);
    return {value, at};
  }

  uint64_t Byte(int place) const { return static_cast<unsigned char>(at_[place]); }

  ABSL_ATTRIBUTE_ALWAYS_INLINE const char* Take(uint64_t size) {
    if (size > static_cast<uint64_t>(end_ - at_)) throw protozero::end_of_buffer_exception();
    const char* const begin = at_;
    at_ += size;
    return begin;
  }

  const char* at_;
  const char* end_;
};

template <class T>
void ReadMessage(std::string_view bytes, T& message);

template <class T>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline T ReadScalar(Reader& reader) {
  if constexpr (Scalar<T>::kType == WireType::fixed64) {
    return Scalar<T>::FromBits(reader.Fixed64());
  } else {
    const uint64_t bits = reader.Varint();
    if constexpr (std::is_enum_v<T>) {
      if (bits > 0xFF) throw OutOfRange();
    }
    return Scalar<T>::FromBits(bits);
  }
}

inline void SetText(std::string_view bytes, std::string& text) {
  // Not assign(), which first looks whether the bytes are the text's own.
  text.clear();
  text.append(bytes.data(), bytes.size());
}

// Stays good as long as the message's bytes.
inline void SetText(std::string_view bytes, std::string_view& text) { text = bytes; }

inline void SetText(std::string_view bytes, Currency& currency) {
  if (bytes.size() != sizeof(currency.code)) throw OutOfRange();
  std::memcpy(currency.code, bytes.data(), bytes.size());
}

// What stands behind the member's tag, of the type that WireTypeOf says. Items of vectors are
// added.
template <class T>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void ReadValue(Reader& reader, T& value) {
  if constexpr (IsScalar<T>) {
    value = ReadScalar<T>(reader);
  } else if constexpr (kIsText<T>) {
    SetText(reader.Bytes(), value);
  } else if constexpr (std::is_same_v<T, Unread>) {
    reader.Bytes();
  } else if constexpr (kIsOptional<T>) {
    ReadValue(reader, value.emplace());
  } else if constexpr (!kIsVector<T>) {
    ReadMessage(reader.Bytes(), value);
  } else if constexpr (IsScalar<typename T::value_type>) {
    for (Reader items(reader.Bytes()); !items.done();) {
      value.push_back(ReadScalar<typename T::value_type>(items));
    }
  } else {
    ReadValue(reader, value.emplace_back());
  }
}

template <class T>
void ReadTagged(Reader& reader, WireType type, T& value) {
  if (type == WireTypeOf<T>()) return ReadValue(reader, value);
  if constexpr (kIsVector<T>) {  // scalars that are not packed
    using Item = typename T::value_type;
    if (type == WireTypeOf<Item>()) return ReadValue(reader, value.emplace_back());
  }
  throw WrongType();
}

// Reads what is behind `tag` into the member it belongs to; false if it belongs to none.
template <class T>
bool ReadKnownField(Reader& reader, Tag tag, T& message) {
  return std::apply(
      [&](const auto&... field) {
        return ((tag.number == field.number &&
                 (ReadTagged(reader, tag.type, message.*field.member), true)) ||
                ...);
      },
      kFields<T>);
}

// Reads the fields that come in the order of declaration, as our writer leaves them: one comparison
// each. Stops at the first other one.
template <class T>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void ReadInOrder(Reader& reader, T& message) {
  Reader own = reader;  // for its registers
  ForEach<T>([&]<class Field>(const Field& field) ABSL_ATTRIBUTE_ALWAYS_INLINE {
    using Member = typename Field::MemberType;
    const uint32_t tag = TagOf(field.number, WireTypeOf<Member>());
    if constexpr (kIsVector<Member> || std::is_same_v<Member, Unread>) {
      while (own.TakeTag(tag)) ReadValue(own, message.*field.member);
    } else {
      if (own.TakeTag(tag)) ReadValue(own, message.*field.member);
    }
  });
  reader = own;
}

// What newer and other writers left.
template <class T>
ABSL_ATTRIBUTE_NOINLINE void ReadInAnyOrder(Reader reader, T& message) {
  while (!reader.done()) {
    const Tag tag = reader.NextTag();
    if (!ReadKnownField(reader, tag, message)) reader.SkipValue(tag.type);
  }
}

template <class T>
void ReadMessage(std::string_view bytes, T& message) {
  Reader reader(bytes);
  ReadInOrder(reader, message);
  if (!reader.done()) ReadInAnyOrder(reader, message);
}

// Sets every member to its default; strings and vectors keep their memory.
template <class T>
void ClearValue(T& value) {
  if constexpr (std::is_same_v<T, std::string> || kIsVector<T>) {
    value.clear();
  } else if constexpr (IsMessage<T>) {
    ForEach<T>([&](const auto& field) { ClearValue(value.*field.member); });
  } else {
    value = T{};
  }
}

// Runs `read()`: DATA_LOSS if it throws an exception of protozero.
template <class Read>
absl::Status CatchDamage(Read&& read) {
  try {
    read();
  } catch (const protozero::exception& damage) {
    return absl::DataLossError(damage.what());
  }
  return absl::OkStatus();
}

template <class T>
absl::Status DecodeMessage(std::string_view bytes, T& message) {
  return CatchDamage([&] { ReadMessage(bytes, message); });
}

}  // namespace throughline::wire

#endif  // THROUGHLINE_MODEL_WIRE_READ_H_
