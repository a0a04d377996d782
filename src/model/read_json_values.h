#ifndef THROUGHLINE_MODEL_READ_JSON_VALUES_H_
#define THROUGHLINE_MODEL_READ_JSON_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "model/json_members.h"
#include "model/parsed_json.h"
#include "throughline/event.h"
#include "throughline/field.h"
#include "throughline/lifecycle.h"

// Values from JSON as json_values.h writes it, driven by the field lists. Members that are absent
// have their default; unknown ones are a fault. Each function answers false after a fault.

namespace throughline {

// The first thing that is wrong, and where: each level puts its own name before the path.
class JsonFault {
 public:
  bool Is(std::string why);
  bool In(std::string_view member);
  bool In(size_t item);

  // INVALID_ARGUMENT that names the path, or `whole` if it is the value itself.
  absl::Status ToStatus(std::string_view whole) const;

 private:
  std::string path_;
  std::string why_;
};

// "'12' is not text", "array is not text".
bool IsNot(std::string_view expected, const ParsedJson& json, JsonFault& fault);

bool ReadJson(const ParsedJson& json, std::string& text, JsonFault& fault);
bool ReadJson(const ParsedJson& json, bool& value, JsonFault& fault);
bool ReadJson(const ParsedJson& json, int64_t& value, JsonFault& fault);
bool ReadJson(const ParsedJson& json, Date& date, JsonFault& fault);
bool ReadJson(const ParsedJson& json, Time& time, JsonFault& fault);
bool ReadJson(const ParsedJson& json, Moment& moment, JsonFault& fault);
bool ReadJson(const ParsedJson& json, Money& money, JsonFault& fault);
bool ReadJson(const ParsedJson& json, Currency& currency, JsonFault& fault);
bool ReadJson(const ParsedJson& json, EventId& id, JsonFault& fault);
bool ReadJson(const ParsedJson& json, ExternalKey& id, JsonFault& fault);
bool ReadJson(const ParsedJson& json, std::vector<Attribute>& attributes, JsonFault& fault);

// Bytes: hex, or of an amendment an event.
bool ReadHex(const ParsedJson& json, std::string& bytes, JsonFault& fault);
bool ReadReplacement(const ParsedJson& json, std::string& bytes, JsonFault& fault);

// {"event", "data"}, whatever else is there.
bool ReadPayload(const ParsedJson& json, EventPayload& payload, JsonFault& fault);

template <class Tag>
bool ReadJson(const ParsedJson& json, Id<Tag>& id, JsonFault& fault) {
  return ReadJson(json, id.value, fault);
}

template <NamedEnum Enum>
bool ReadJson(const ParsedJson& json, Enum& value, JsonFault& fault) {
  const std::string* text = json.text();
  if (text != nullptr && !text->empty() && FromName(*text, value)) return true;
  return IsNot("one of: " + NamesOf<Enum>(), json, fault);
}

template <HasFields Struct>
bool ReadJson(const ParsedJson& json, Struct& value, JsonFault& fault);

template <class T>
bool ReadJson(const ParsedJson& json, std::optional<T>& value, JsonFault& fault) {
  return ReadJson(json, value.emplace(), fault);
}

template <class T>
bool ReadJson(const ParsedJson& json, std::vector<T>& items, JsonFault& fault) {
  const ParsedJson::List* list = json.list();
  if (list == nullptr) return IsNot("a list", json, fault);
  items.reserve(list->size());
  for (const ParsedJson& item : *list) {
    if (!ReadJson(item, items.emplace_back(), fault)) return fault.In(items.size() - 1);
  }
  return true;
}

template <class Struct, class Field>
bool ReadField(const ParsedJson& json, const Field& field, Struct& value, JsonFault& fault) {
  auto& member = value.*field.member;
  if constexpr (std::is_same_v<typename Field::MemberType, std::string>) {
    if (field.bytes) {
      return std::is_same_v<Struct, Amended> ? ReadReplacement(json, member, fault)
                                             : ReadHex(json, member, fault);
    }
  }
  return ReadJson(json, member, fault);
}

// Reads a member of the struct; `known` tells whether it has one of this name.
template <HasFields Struct>
bool ReadMember(std::string_view name, const ParsedJson& json, Struct& value, bool& known,
                JsonFault& fault) {
  bool good = true;
  known = std::apply(
      [&](const auto&... field) {
        return ((name == field.name && (good = ReadField(json, field, value, fault), true)) || ...);
      },
      kFieldsOf<Struct>);
  return good;
}

template <HasFields Struct>
bool ReadJson(const ParsedJson& json, Struct& value, JsonFault& fault) {
  const ParsedJson::Object* object = json.object();
  if (object == nullptr) return IsNot("an object", json, fault);
  for (const auto& [name, member] : *object) {
    bool known = false;
    if (!ReadMember(name, member, value, known, fault)) return fault.In(name);
    if (!known) return fault.Is("is not a known member") || fault.In(Shortened(name));
  }
  return true;
}

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_READ_JSON_VALUES_H_
