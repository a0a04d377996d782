#include "model/codec.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/base/attributes.h"
#include "model/event_shape.h"
#include "model/payload_read.h"
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
  if constexpr (wire::NumberOf<Variant, kIndex>() == 0) {
    return out;
  } else {
    return wire::WriteField<wire::Presence::kAlways>(out, wire::NumberOf<Variant, kIndex>(),
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

void ReadEvent(std::string_view bytes, Event& event) {
  if (!wire::ReadHeadAndPayload(bytes, event, event.payload))
    event.payload.emplace<std::monostate>();
}

bool NextEvent(wire::Reader& blob, Event& event) {
  const std::optional<std::string_view> bytes = wire::NextEncoded(blob);
  if (bytes.has_value()) ReadEvent(*bytes, event);
  return bytes.has_value();
}

size_t CountEvents(wire::Reader blob) {
  size_t count = 0;
  while (wire::NextEncoded(blob).has_value()) ++count;
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
      wire::CatchDamage([&] { found = wire::ReadHeadAndPayload(bytes, context, command); });
  if (status.ok() && !found) return absl::DataLossError("no command, or of an unknown kind");
  return status;
}

}  // namespace throughline
