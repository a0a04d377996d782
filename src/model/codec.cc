#include "model/codec.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/base/attributes.h"
#include "model/event_shape.h"
#include "model/wire_read.h"
#include "model/wire_write.h"
#include "throughline/limits.h"

namespace throughline {
namespace wire {

template <>
struct Shape<EventRef> {
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "id", &EventRef::id), MakeField(2, "key", &EventRef::key));
  }
};

template <>
struct Shape<Context> {
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "actor", &Context::actor), MakeField(2, "occurred_at", &Context::occurred_at),
        MakeField(3, "request_id", &Context::request_id),
        MakeField(4, "expected_version", &Context::expected_version),
        MakeField(5, "mode", &Context::mode), MakeField(6, "entered_at", &Context::entered_at),
        MakeField(7, "fact", &Context::fact));
  }
};

}  // namespace wire

namespace {

using wire::kEventsField;
using wire::kFirstPayload;  // of commands too

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

template <class Variant>
size_t PayloadBound(const Variant& payload) {
  return std::visit(
      []<class Payload>(const Payload& value) -> size_t {
        if constexpr (std::is_same_v<Payload, std::monostate>) {
          return 0;
        } else {
          return wire::FieldBound(value);
        }
      },
      payload);
}

template <class Variant, size_t kIndex>
char* WriteAlternative(char* out, const Variant& payload) {
  if constexpr (NumberOf<Variant, kIndex>() == 0) {
    return out;
  } else {
    return wire::WriteField<wire::Presence::kAlways>(out, NumberOf<Variant, kIndex>(),
                                                     *std::get_if<kIndex>(&payload));
  }
}

template <class Variant>
char* WritePayload(char* out, const Variant& payload) {
  using Writer = char* (*)(char*, const Variant&);
  static constexpr auto kWriters = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
    return std::array<Writer, sizeof...(kIndex)>{&WriteAlternative<Variant, kIndex>...};
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>());
  return kWriters[payload.index()](out, payload);
}

// Reads into the alternative that is there already if it is the same, to reuse its memory.
template <class Variant, size_t kIndex>
void ReadAlternative(std::string_view bytes, Variant& payload) {
  auto* value = std::get_if<kIndex>(&payload);
  if (value != nullptr) {
    wire::ClearValue(*value);
  } else {
    value = &payload.template emplace<kIndex>();
  }
  wire::ReadMessage(bytes, *value);
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
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ReadPayload(wire::Reader& reader, wire::Tag tag,
                                                     Variant& payload) {
  static constexpr auto kReaders = MakePayloadReaders<Variant>();
  if (tag.number >= kPayloadLimit || kReaders[tag.number] == nullptr) return false;
  if (tag.type != wire::WireType::length_delimited) throw wire::WrongType();
  kReaders[tag.number](reader.Bytes(), payload);
  return true;
}

// As ReadHeadAndPayload, from anywhere, with fields in any order.
template <class Head, class Variant>
ABSL_ATTRIBUTE_NOINLINE bool ReadInAnyOrder(wire::Reader reader, Head& head, Variant& payload) {
  bool found = false;
  while (!reader.done()) {
    const wire::Tag tag = reader.NextTag();
    if (ReadPayload(reader, tag, payload)) {
      found = true;
    } else if (!wire::ReadKnownField(reader, tag, head)) {
      reader.SkipValue(tag.type);
    }
  }
  return found;
}

// A head and the payload behind it: an event, or a context and its command. True if there was a
// payload of a kind that is known.
template <class Head, class Variant>
bool ReadHeadAndPayload(std::string_view bytes, Head& head, Variant& payload) {
  wire::ClearValue(head);
  wire::Reader reader(bytes);
  wire::ReadInOrder(reader, head);
  if (reader.done()) return false;
  // As our writer leaves it, the payload is next and last.
  const wire::Reader rest = reader;
  if (!ReadPayload(reader, reader.NextTag(), payload)) return ReadInAnyOrder(rest, head, payload);
  if (!reader.done()) ReadInAnyOrder(reader, head, payload);
  return true;
}

void ReadEvent(std::string_view bytes, Event& event) {
  if (!ReadHeadAndPayload(bytes, event, event.payload)) event.payload.emplace<std::monostate>();
}

// The next event behind fields of newer writers.
ABSL_ATTRIBUTE_NOINLINE std::optional<std::string_view> SkipToEvent(wire::Reader& blob) {
  while (!blob.done()) {
    const wire::Tag tag = blob.NextTag();
    if (tag.number != kEventsField) {
      blob.SkipValue(tag.type);
    } else if (tag.type != wire::WireType::length_delimited) {
      throw wire::WrongType();
    } else {
      return blob.Bytes();
    }
  }
  return std::nullopt;
}

// The bytes of the next event of a blob; empty at its end.
std::optional<std::string_view> NextEncoded(wire::Reader& blob) {
  constexpr uint32_t kTag = wire::TagOf(kEventsField, wire::WireType::length_delimited);
  return blob.TakeTag(kTag) ? blob.Bytes() : SkipToEvent(blob);
}

bool NextEvent(wire::Reader& blob, Event& event) {
  const std::optional<std::string_view> bytes = NextEncoded(blob);
  if (bytes.has_value()) ReadEvent(*bytes, event);
  return bytes.has_value();
}

size_t CountEvents(wire::Reader blob) {
  size_t count = 0;
  while (NextEncoded(blob).has_value()) ++count;
  return count;
}

size_t EventBound(const Event& event) {
  return wire::MessageBound(event) + PayloadBound(event.payload);
}

char* WriteEvent(char* out, const Event& event) {
  return WritePayload(wire::WriteMessage(out, event), event.payload);
}

}  // namespace

void AppendEvents(std::span<const Event> events, std::string& out) {
  for (const Event& event : events) {
    wire::AppendBounded(
        out, wire::kMaxTagBytes + wire::kMaxLengthBytes + EventBound(event), [&](char* begin) {
          return wire::WriteDelimited(begin, kEventsField, /*keep_empty=*/true,
                                      [&](char* body) { return WriteEvent(body, event); });
        });
  }
}

std::string EncodeEvents(std::span<const Event> events) {
  std::string out;
  AppendEvents(events, out);
  return out;
}

absl::StatusOr<std::vector<Event>> DecodeEvents(std::string_view blob) {
  std::vector<Event> events;
  absl::Status status = wire::CatchDamage([&] {
    wire::Reader reader(blob);
    const size_t count = CountEvents(reader);
    if (count > kMaxEventsPerCommit) throw wire::OutOfRange();
    events.resize(count);
    for (Event& event : events) NextEvent(reader, event);
  });
  if (!status.ok()) return status;
  return events;
}

absl::Status VisitEvents(std::string_view blob, const std::function<bool(const Event&)>& visit) {
  Event event;
  wire::Reader reader(blob);
  bool go_on = true;
  while (go_on) {
    bool found = false;
    absl::Status status = wire::CatchDamage([&] { found = NextEvent(reader, event); });
    if (!status.ok() || !found) return status;
    go_on = visit(event);
  }
  return absl::OkStatus();
}

std::string EncodeEvent(const Event& event) {
  std::string out;
  wire::AppendBounded(out, EventBound(event),
                      [&](char* begin) { return WriteEvent(begin, event); });
  return out;
}

absl::StatusOr<Event> DecodeEvent(std::string_view bytes) {
  Event event;
  absl::Status status = wire::CatchDamage([&] { ReadEvent(bytes, event); });
  if (!status.ok()) return status;
  return event;
}

void AppendCommand(const Command& command, const Context& context, std::string& out) {
  wire::AppendBounded(out, wire::MessageBound(context) + PayloadBound(command), [&](char* begin) {
    return WritePayload(wire::WriteMessage(begin, context), command);
  });
}

absl::Status DecodeCommand(std::string_view bytes, Command& command, Context& context) {
  bool found = false;
  absl::Status status =
      wire::CatchDamage([&] { found = ReadHeadAndPayload(bytes, context, command); });
  if (status.ok() && !found) return absl::DataLossError("no command, or of an unknown kind");
  return status;
}

}  // namespace throughline
