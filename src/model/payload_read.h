#ifndef THROUGHLINE_MODEL_PAYLOAD_READ_H_
#define THROUGHLINE_MODEL_PAYLOAD_READ_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/base/attributes.h"
#include "model/event_shape.h"
#include "model/wire_read.h"

// Reading what is one of several kinds of message, told apart by the number of its field: events
// and commands.

namespace throughline::wire {

constexpr uint32_t kPayloadLimit = 128;  // numbers stay below it; kMaxTagBytes is enough up to 2047

// The number of a variant's alternative: an event says it itself, a command's is its position.
template <class Variant, size_t kIndex>
constexpr uint32_t NumberOf() {
  using Alternative = std::variant_alternative_t<kIndex, Variant>;
  if constexpr (std::is_same_v<Alternative, std::monostate>) {
    return 0;
  } else if constexpr (requires { Alternative::kNumber; }) {
    return Alternative::kNumber;
  } else {
    return kFirstPayload + static_cast<uint32_t>(kIndex);
  }
}

// Reads into the alternative that is there already if it is the same, to reuse its memory.
template <class Variant, size_t kIndex>
void ReadAlternative(std::string_view bytes, Variant& payload) {
  auto* value = std::get_if<kIndex>(&payload);
  if (value != nullptr) {
    ClearValue(*value);
  } else {
    value = &payload.template emplace<kIndex>();
  }
  ReadMessage(bytes, *value);
}

template <class Variant>
using PayloadReader = void (*)(std::string_view, Variant&);

template <class Variant, size_t kIndex>
constexpr PayloadReader<Variant> ReaderOf() {
  if constexpr (NumberOf<Variant, kIndex>() == 0) {
    return nullptr;
  } else {
    return &ReadAlternative<Variant, kIndex>;
  }
}

// By number; null where there is no such payload.
template <class Variant>
constexpr auto MakePayloadReaders() {
  std::array<PayloadReader<Variant>, kPayloadLimit> readers{};
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    ((readers[NumberOf<Variant, kIndex>()] = ReaderOf<Variant, kIndex>()), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>());
  return readers;
}

// Reads what is behind `tag` as payload; false if its number is none's.
template <class Variant>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ReadPayload(Reader& reader, Tag tag, Variant& payload) {
  static constexpr auto kReaders = MakePayloadReaders<Variant>();
  if (tag.number >= kPayloadLimit || kReaders[tag.number] == nullptr) return false;
  if (tag.type != WireType::length_delimited) throw WrongType();
  kReaders[tag.number](reader.Bytes(), payload);
  return true;
}

// As ReadHeadAndPayload, from anywhere, with fields in any order.
template <class Head, class Variant>
ABSL_ATTRIBUTE_NOINLINE bool ReadInAnyOrder(Reader reader, Head& head, Variant& payload) {
  bool found = false;
  while (!reader.done()) {
    const Tag tag = reader.NextTag();
    if (ReadPayload(reader, tag, payload)) {
      found = true;
    } else if (!ReadKnownField(reader, tag, head)) {
      reader.SkipValue(tag.type);
    }
  }
  return found;
}

// A head and the payload behind it: an event, or a context and its command. True if there was a
// payload of a kind that is known.
template <class Head, class Variant>
bool ReadHeadAndPayload(std::string_view bytes, Head& head, Variant& payload) {
  ClearValue(head);
  Reader reader(bytes);
  ReadInOrder(reader, head);
  if (reader.done()) return false;
  // As our writer leaves it, the payload is next and last.
  const Reader rest = reader;
  if (!ReadPayload(reader, reader.NextTag(), payload)) return ReadInAnyOrder(rest, head, payload);
  if (!reader.done()) ReadInAnyOrder(reader, head, payload);
  return true;
}

// The next event behind fields of newer writers.
ABSL_ATTRIBUTE_NOINLINE inline std::optional<std::string_view> SkipToEvent(Reader& blob) {
  while (!blob.done()) {
    const Tag tag = blob.NextTag();
    if (tag.number != kEventsField) {
      blob.SkipValue(tag.type);
    } else if (tag.type != WireType::length_delimited) {
      throw WrongType();
    } else {
      return blob.Bytes();
    }
  }
  return std::nullopt;
}

// The bytes of the next event of a blob; empty at its end.
inline std::optional<std::string_view> NextEncoded(Reader& blob) {
  constexpr uint32_t kTag = TagOf(kEventsField, WireType::length_delimited);
  return blob.TakeTag(kTag) ? blob.Bytes() : SkipToEvent(blob);
}

}  // namespace throughline::wire

#endif  // THROUGHLINE_MODEL_PAYLOAD_READ_H_
