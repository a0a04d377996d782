#ifndef THROUGHLINE_MODEL_JSON_WRITE_H_
#define THROUGHLINE_MODEL_JSON_WRITE_H_

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/codec.h"
#include "model/json.h"
#include "nlohmann/json.hpp"
#include "throughline/event.h"
#include "throughline/field.h"

// Values as JSON, driven by the field lists; json_read.h is the way back. model/json.h tells how
// each type is written.

namespace throughline::json {

using Json = nlohmann::ordered_json;

std::string HexOf(std::string_view bytes);

template <HasFields Struct>
Json ToJson(const Struct& value);

inline Json ToJson(const std::string& text) { return text; }
inline Json ToJson(bool value) { return value; }
inline Json ToJson(int64_t value) { return value; }
inline Json ToJson(const ExternalKey& id) { return id.system + ":" + id.key; }
inline Json ToJson(Date date) { return FormatDate(date); }
inline Json ToJson(Time time) { return FormatTime(time); }
inline Json ToJson(const Moment& moment) { return FormatMoment(moment); }
inline Json ToJson(const Money& money) { return FormatMoney(money); }
inline Json ToJson(const Currency& currency) { return std::string(currency.view()); }
Json ToJson(const EventId& id);
Json ToJson(const std::vector<Attribute>& attributes);

template <NamedEnum Enum>
Json ToJson(Enum value) {
  return std::string(NameOf(value));
}

template <class Tag>
Json ToJson(const Id<Tag>& id) {
  return id.value;
}

template <class T>
Json ToJson(const std::optional<T>& value) {
  return ToJson(*value);
}

template <class T>
Json ToJson(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(ToJson(item));
  return list;
}

// Digests in hex; what an amendment puts in place of an event's payload, as that event.
template <HasFields Struct>
Json BytesToJson(const std::string& bytes) {
  if constexpr (std::is_same_v<Struct, Amended>) {
    const absl::StatusOr<Event> event = DecodeEvent(bytes);
    if (event.ok()) return EventToJson(event->payload);
  }
  return HexOf(bytes);
}

// Adds the members of `value` that do not have their default.
template <HasFields Struct>
void AddMembers(const Struct& value, Json& object) {
  ForEachField<Struct>([&](const auto& field) {
    const auto& member = value.*field.member;
    using Member = std::decay_t<decltype(member)>;
    if (member == Member()) return;
    Json& json = object[std::string(field.name)];
    if constexpr (std::is_same_v<Member, std::string>) {
      json = field.bytes ? BytesToJson<Struct>(member) : ToJson(member);
    } else {
      json = ToJson(member);
    }
  });
}

template <HasFields Struct>
Json ToJson(const Struct& value) {
  Json object = Json::object();
  AddMembers(value, object);
  return object;
}

}  // namespace throughline::json

#endif  // THROUGHLINE_MODEL_JSON_WRITE_H_
