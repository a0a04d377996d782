#ifndef THROUGHLINE_MODEL_JSON_VALUES_H_
#define THROUGHLINE_MODEL_JSON_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/json_writer.h"
#include "throughline/command.h"
#include "throughline/event.h"

// How the types of members look in JSON, of facts and of events: one overload for each.

namespace throughline {

inline void WriteJson(const char* text, JsonWriter& json) = delete;  // or it would be true
inline void WriteJson(std::string_view text, JsonWriter& json) { json.Text(text); }
inline void WriteJson(const std::string& text, JsonWriter& json) { json.Text(text); }
inline void WriteJson(int64_t value, JsonWriter& json) { json.Integer(value); }
inline void WriteJson(bool value, JsonWriter& json) { json.Boolean(value); }
inline void WriteJson(Date date, JsonWriter& json) { json.Text(FormatDate(date)); }
inline void WriteJson(Time time, JsonWriter& json) { json.Text(FormatTime(time)); }
inline void WriteJson(const Moment& moment, JsonWriter& json) { json.Text(FormatMoment(moment)); }
inline void WriteJson(const Money& money, JsonWriter& json) { json.Text(FormatMoney(money)); }
inline void WriteJson(const Currency& currency, JsonWriter& json) { json.Text(currency.view()); }
void WriteJson(const ExternalId& id, JsonWriter& json);
void WriteJson(const ExternalKey& id, JsonWriter& json);
void WriteJson(EventId id, JsonWriter& json);
void WriteJson(const EventRef& ref, JsonWriter& json);
void WriteJson(const std::vector<Attribute>& attributes, JsonWriter& json);

std::string FormatEventId(EventId id);
std::string HexOf(std::string_view bytes);

// Digests in hex; what an amendment puts in place of an event's payload, as that event.
void WriteDigest(std::string_view bytes, JsonWriter& json);
void WriteReplacement(std::string_view bytes, JsonWriter& json);

template <NamedEnum Enum>
void WriteJson(Enum value, JsonWriter& json) {
  json.Text(NameOf(value));
}

template <class Tag>
void WriteJson(const Id<Tag>& id, JsonWriter& json) {
  json.Integer(id.value);
}

template <class Tag>
void WriteJson(const Ref<Tag>& ref, JsonWriter& json) {
  ref.id ? WriteJson(ref.id, json) : WriteJson(ref.external, json);
}

template <class T>
void WriteJson(const std::optional<T>& value, JsonWriter& json) {
  WriteJson(*value, json);
}

template <class T>
void WriteJson(const std::vector<T>& items, JsonWriter& json) {
  json.BeginList();
  for (const T& item : items) WriteJson(item, json);
  json.EndList();
}

template <class Value>
void WriteMember(std::string_view name, const Value& value, JsonWriter& json) {
  json.Key(name);
  WriteJson(value, json);
}

// Unless it has its default.
template <class Value>
void WriteIfGiven(std::string_view name, const Value& value, JsonWriter& json) {
  if (!(value == Value())) WriteMember(name, value, json);
}

template <class Field, HasFields Struct>
void WriteField(const Field& field, const Struct& value, JsonWriter& json) {
  const auto& member = value.*field.member;
  if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string>) {
    if (field.bytes && !member.empty()) {
      json.Key(field.name);
      return std::is_same_v<Struct, Amended> ? WriteReplacement(member, json)
                                             : WriteDigest(member, json);
    }
  }
  WriteIfGiven(field.name, member, json);
}

// The members of an event's payload, or of a part of one.
template <HasFields Struct>
void WriteJson(const Struct& value, JsonWriter& json) {
  json.BeginObject();
  ForEachField<Struct>([&](const auto& field) { WriteField(field, value, json); });
  json.EndObject();
}

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_JSON_VALUES_H_
