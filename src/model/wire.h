#ifndef THROUGHLINE_MODEL_WIRE_H_
#define THROUGHLINE_MODEL_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "absl/base/attributes.h"
#include "protozero/types.hpp"
#include "protozero/varint.hpp"
#include "throughline/field.h"
#include "throughline/ids.h"
#include "throughline/money.h"
#include "throughline/time.h"

// Structs as protobuf messages, driven by their field lists: what is common to wire_write.h and
// wire_read.h. Members that have their default are left out; an optional is written when it has a
// value.

namespace throughline::wire {

// The fields of a message: those of the struct, or what a specialisation says for it.
template <class T>
struct Shape;

template <HasFields T>
struct Shape<T> {
  static constexpr auto Fields() { return T::Fields(); }
};

template <>
struct Shape<Money> {
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "minor", &Money::minor, "minor units, e.g. cents"),
                           MakeField(2, "currency", &Money::currency, "ISO 4217"));
  }
};

template <>
struct Shape<Moment> {
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "at", &Moment::at), MakeField(2, "day", &Moment::day));
  }
};

template <>
struct Shape<ExternalId> {
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "system", &ExternalId::system),
                           MakeField(2, "key", &ExternalId::key));
  }
};

template <class Tag>
struct Shape<Ref<Tag>> {
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "id", &Ref<Tag>::id),
                           MakeField(2, "external", &Ref<Tag>::external));
  }
};

template <class T>
concept IsMessage = requires {
  Shape<T>::Fields();
};

// A constant: a tuple made by each caller would be built at run time.
template <IsMessage T>
inline constexpr auto kFields = Shape<T>::Fields();

// visit(field) for each field, in the order of declaration.
template <IsMessage T, class Visit>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void ForEach(Visit&& visit) {
  constexpr size_t kCount = std::tuple_size_v<std::remove_cvref_t<decltype(kFields<T>)>>;
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) ABSL_ATTRIBUTE_ALWAYS_INLINE {
    (visit(std::get<kIndex>(kFields<T>)), ...);
  }
  (std::make_index_sequence<kCount>());
}

// --- Scalars: the wire type, and the value as a varint or a fixed64. ---

using WireType = protozero::pbf_wire_type;

template <class T>
struct Scalar;

template <size_t kMaxBytes>
struct VarintScalar {
  static constexpr WireType kType = WireType::varint;
  static constexpr size_t kBound = kMaxBytes;
};

struct Fixed64Scalar {
  static constexpr WireType kType = WireType::fixed64;
  static constexpr size_t kBound = 8;
};

template <>
struct Scalar<int64_t> : VarintScalar<10> {
  static constexpr std::string_view kProto = "int64";
  static uint64_t ToBits(int64_t value) { return static_cast<uint64_t>(value); }
  static int64_t FromBits(uint64_t bits) { return static_cast<int64_t>(bits); }
};

template <class Tag>
struct Scalar<Id<Tag>> : VarintScalar<10> {
  static constexpr std::string_view kProto = "int64";
  static uint64_t ToBits(Id<Tag> id) { return static_cast<uint64_t>(id.value); }
  static Id<Tag> FromBits(uint64_t bits) { return Id<Tag>{static_cast<int64_t>(bits)}; }
};

template <>
struct Scalar<EventId> : VarintScalar<10> {
  static constexpr std::string_view kProto = "int64";
  static uint64_t ToBits(EventId id) { return static_cast<uint64_t>(id.packed); }
  static EventId FromBits(uint64_t bits) { return EventId{static_cast<int64_t>(bits)}; }
};

template <>
struct Scalar<uint32_t> : VarintScalar<5> {
  static constexpr std::string_view kProto = "uint32";
  static uint64_t ToBits(uint32_t value) { return value; }
  static uint32_t FromBits(uint64_t bits) { return static_cast<uint32_t>(bits); }
};

template <>
struct Scalar<bool> : VarintScalar<1> {
  static constexpr std::string_view kProto = "bool";
  static uint64_t ToBits(bool value) { return value ? 1 : 0; }
  static bool FromBits(uint64_t bits) { return bits != 0; }
};

template <class Enum>
requires std::is_enum_v<Enum>
struct Scalar<Enum> : VarintScalar<2> {
  static_assert(sizeof(Enum) == 1);
  static uint64_t ToBits(Enum value) { return static_cast<uint8_t>(value); }
  static Enum FromBits(uint64_t bits) { return static_cast<Enum>(bits); }
};

template <>
struct Scalar<Date> : VarintScalar<5> {
  static constexpr std::string_view kProto = "sint32";
  static uint64_t ToBits(Date date) { return protozero::encode_zigzag32(date.days); }
  static Date FromBits(uint64_t bits) {
    return Date{protozero::decode_zigzag32(static_cast<uint32_t>(bits))};
  }
};

template <>
struct Scalar<uint64_t> : Fixed64Scalar {
  static constexpr std::string_view kProto = "fixed64";
  static uint64_t ToBits(uint64_t value) { return value; }
  static uint64_t FromBits(uint64_t bits) { return bits; }
};

template <>
struct Scalar<Time> : Fixed64Scalar {
  static constexpr std::string_view kProto = "sfixed64";
  static uint64_t ToBits(Time time) { return static_cast<uint64_t>(time.micros); }
  static Time FromBits(uint64_t bits) { return Time{static_cast<int64_t>(bits)}; }
};

template <class T>
concept IsScalar = requires {
  Scalar<T>::kBound;
};

// --- Other kinds of members. ---

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// In place of a text or a message, or any number of them, that a reader goes past. If it had no
// field for them, they would look like what a newer writer left, which may stand anywhere.
struct Unread {};

template <class T>
inline constexpr bool kIsText = std::is_same_v<T, std::string> ||
                                std::is_same_v<T, std::string_view> || std::is_same_v<T, Currency>;

template <class T>
constexpr WireType WireTypeOf() {
  if constexpr (IsScalar<T>) {
    return Scalar<T>::kType;
  } else if constexpr (kIsOptional<T>) {
    return WireTypeOf<typename T::value_type>();
  } else {
    return WireType::length_delimited;  // packed scalars too
  }
}

constexpr uint32_t TagOf(uint32_t number, WireType type) {
  return number << 3 | static_cast<uint32_t>(type);
}

}  // namespace throughline::wire

#endif  // THROUGHLINE_MODEL_WIRE_H_
