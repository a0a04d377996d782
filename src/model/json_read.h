#ifndef THROUGHLINE_MODEL_JSON_READ_H_
#define THROUGHLINE_MODEL_JSON_READ_H_

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
#include "nlohmann/json.hpp"
#include "throughline/event.h"
#include "throughline/field.h"
#include "throughline/lifecycle.h"

// Values from JSON as json_write.h leaves it, driven by the field lists. Members that are absent
// have their default; unknown ones are a fault. Each function answers false after a fault.

namespace throughline::json {

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

// "'12' is not text".
bool IsNot(std::string_view expected, const Json& json, JsonFault& fault);

bool Read(const Json& json, std::string& text, JsonFault& fault);
bool Read(const Json& json, bool& value, JsonFault& fault);
bool Read(const Json& json, int64_t& value, JsonFault& fault);
bool Read(const Json& json, Date& date, JsonFault& fault);
bool Read(const Json& json, Time& time, JsonFault& fault);
bool Read(const Json& json, Moment& moment, JsonFault& fault);
bool Read(const Json& json, Money& money, JsonFault& fault);
bool Read(const Json& json, Currency& currency, JsonFault& fault);
bool Read(const Json& json, EventId& id, JsonFault& fault);
bool Read(const Json& json, ExternalKey& id, JsonFault& fault);
bool Read(const Json& json, std::vector<Attribute>& attributes, JsonFault& fault);

// Bytes: hex, or of an amendment an event.
bool ReadHex(const Json& json, std::string& bytes, JsonFault& fault);
bool ReadReplacement(const Json& json, std::string& bytes, JsonFault& fault);

// {"event", "data"}, whatever else is there.
bool ReadPayload(const Json& json, EventPayload& payload, JsonFault& fault);

template <class Tag>
bool Read(const Json& json, Id<Tag>& id, JsonFault& fault) {
  return Read(json, id.value, fault);
}

template <NamedEnum Enum>
bool Read(const Json& json, Enum& value, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text != nullptr && !text->empty() && FromName(*text, value)) return true;
  return IsNot("one of: " + NamesOf<Enum>(), json, fault);
}

template <HasFields Struct>
bool Read(const Json& json, Struct& value, JsonFault& fault);

template <class T>
bool Read(const Json& json, std::optional<T>& value, JsonFault& fault) {
  return Read(json, value.emplace(), fault);
}

template <class T>
bool Read(const Json& json, std::vector<T>& items, JsonFault& fault) {
  if (!json.is_array()) return IsNot("a list", json, fault);
  items.reserve(json.size());
  for (const Json& item : json) {
    if (!Read(item, items.emplace_back(), fault)) return fault.In(items.size() - 1);
  }
  return true;
}

template <class Struct, class Field>
bool ReadField(const Json& json, const Field& field, Struct& value, JsonFault& fault) {
  auto& member = value.*field.member;
  if constexpr (std::is_same_v<typename Field::MemberType, std::string>) {
    if (field.bytes) {
      return std::is_same_v<Struct, Amended> ? ReadReplacement(json, member, fault)
                                             : ReadHex(json, member, fault);
    }
  }
  return Read(json, member, fault);
}

// Reads a member of the struct; `known` tells whether it has one of this name.
template <HasFields Struct>
bool ReadMember(std::string_view name, const Json& json, Struct& value, bool& known,
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
bool Read(const Json& json, Struct& value, JsonFault& fault) {
  const auto* object = json.get_ptr<const Json::object_t*>();
  if (object == nullptr) return IsNot("an object", json, fault);
  for (const auto& [name, member] : *object) {
    bool known = false;
    if (!ReadMember(name, member, value, known, fault)) return fault.In(name);
    if (!known) return fault.Is("is not a known member") || fault.In(Shortened(name));
  }
  return true;
}

}  // namespace throughline::json

#endif  // THROUGHLINE_MODEL_JSON_READ_H_
