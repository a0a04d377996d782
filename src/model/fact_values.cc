#include "model/fact_values.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "model/json_members.h"
#include "model/text.h"

namespace throughline {
namespace {

using simdjson::ondemand::json_type;

// A short text of printable ASCII needs no further look, and no path to name it by.
bool IsPlain(std::string_view text) {
  if (text.empty() || text.size() > kMaxKeyBytes) return false;
  if (text.front() == ' ' || text.back() == ' ') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

template <class T>
absl::Status ReadParsed(const Place& place, JsonValue& json,
                        absl::StatusOr<T> (*parse)(std::string_view), T& value) {
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  return ParseWith(parse, place, text, value);
}

absl::Status ReadExternal(const Place& place, std::string_view text, ExternalId& value) {
  const size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size()) {
    return Fault(place, Quoted(text) + " is not written as \"system:key\"");
  }
  const std::string_view system = text.substr(0, colon);
  const std::string_view key = text.substr(colon + 1);
  if (!IsPlain(system) || !IsPlain(key)) {
    Place part = place;
    part.inner = "system";
    if (absl::Status status = CheckKey(part.Path(), system); !status.ok()) return status;
    part.inner = "key";
    if (absl::Status status = CheckKey(part.Path(), key); !status.ok()) return status;
  }
  value.system = system;
  value.key = key;
  return absl::OkStatus();
}

absl::Status ReadAttribute(const Place& place, std::string_view name, JsonValue& json,
                           std::vector<Attribute>& attributes) {
  if (attributes.size() == kMaxListItems) return Fault(place, "has more than 1000 members");
  if (!IsPlain(name)) {
    if (absl::Status status = CheckKey(place.Path(), name); !status.ok()) return status;
  }
  const auto has_name = [&](const Attribute& attribute) { return attribute.name == name; };
  if (std::any_of(attributes.begin(), attributes.end(), has_name)) {
    return Fault(place, "is given twice");
  }
  std::string value;
  if (absl::Status status = ReadValue(place, json, value); !status.ok()) return status;
  attributes.push_back({std::string(name), std::move(value)});
  return absl::OkStatus();
}

}  // namespace

bool ParseEventId(std::string_view text, EventId& id) {
  const size_t colon = text.find(':');
  if (colon == text.npos) return false;
  int64_t seq = 0, ordinal = 0;
  const char* const end = text.data() + text.size();
  const auto [seq_end, seq_error] = std::from_chars(text.data(), end, seq);
  if (seq_error != std::errc() || seq_end != text.data() + colon) return false;
  const auto [ordinal_end, ordinal_error] = std::from_chars(seq_end + 1, end, ordinal);
  if (ordinal_error != std::errc() || ordinal_end != end) return false;
  if (seq <= 0 || seq > INT64_MAX >> EventId::kOrdinalBits) return false;
  if (ordinal < 0 || ordinal >= int64_t{1} << EventId::kOrdinalBits) return false;
  id = EventId::Of(seq, ordinal);
  return true;
}

std::string Place::Path() const {
  std::string path(outer);
  if (!outer.empty()) path += '.';
  path.append(member);
  if (item >= 0) path.append("[").append(std::to_string(item)).append("]");
  if (!inner.empty()) path.append(".").append(inner);
  return path;
}

absl::Status Fault(const Place& place, std::string_view why) {
  return InvalidField(place.Path(), why);
}

absl::Status NotOneOf(const Place& place, std::string_view text, std::string_view names) {
  return Fault(place, Quoted(text) + " is not one of: " + std::string(names));
}

absl::Status ReadText(const Place& place, JsonValue& json, std::string_view& text) {
  switch (json.get_string().get(text)) {
    case simdjson::SUCCESS:
      return absl::OkStatus();
    case simdjson::INCORRECT_TYPE:
      return Fault(place, "is not text");
    default:
      return Fault(place, "is not a JSON string");
  }
}

absl::Status CheckValue(const Place& place, std::string_view text) {
  if (text.empty() || IsPlain(text)) return absl::OkStatus();
  switch (place.kind) {
    case TextKind::kKey:
      return CheckKey(place.Path(), text);
    case TextKind::kName:
      return CheckText(place.Path(), text, kMaxNameBytes);
    case TextKind::kNote:
      return CheckNote(place.Path(), text);
    case TextKind::kAnything:
      break;
  }
  if (text.size() <= kMaxPolicyBytes) return absl::OkStatus();
  return Fault(place, "has more than " + std::to_string(kMaxPolicyBytes) + " bytes");
}

absl::Status ReadReference(const Place& place, JsonValue& json, int64_t& id, ExternalId& external) {
  json_type type;
  if (json.type().get(type) != simdjson::SUCCESS) return Fault(place, "is not JSON");
  if (type == json_type::number) {
    if (absl::Status status = ReadValue(place, json, id); !status.ok()) return status;
    return id > 0 ? absl::OkStatus() : Fault(place, "ids are greater than 0");
  }
  if (type != json_type::string) {
    return Fault(place, "is neither a number nor \"system:key\"");
  }
  return ReadValue(place, json, external);
}

absl::Status ReadValue(const Place& place, JsonValue& json, std::string& value) {
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  if (absl::Status status = CheckValue(place, text); !status.ok()) return status;
  value = text;
  return absl::OkStatus();
}

absl::Status ReadValue(const Place& place, JsonValue& json, bool& value) {
  if (json.get_bool().get(value) == simdjson::SUCCESS) return absl::OkStatus();
  return Fault(place, "is neither true nor false");
}

absl::Status ReadValue(const Place& place, JsonValue& json, int64_t& value) {
  if (json.get_int64().get(value) == simdjson::SUCCESS) return absl::OkStatus();
  return Fault(place, "is not a whole number of at most 63 bits");
}

absl::Status ReadValue(const Place& place, JsonValue& json, EventRef& value) {
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  if (ParseEventId(text, value.id)) return absl::OkStatus();
  if (absl::Status status = CheckValue(place, text); !status.ok()) return status;
  value.key = text;
  return absl::OkStatus();
}

absl::Status ReadValue(const Place& place, JsonValue& json, ExternalId& value) {
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  return ReadExternal(place, text, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, Date& value) {
  return ReadParsed(place, json, ParseDate, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, Time& value) {
  return ReadParsed(place, json, ParseTime, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, Moment& value) {
  return ReadParsed(place, json, ParseMoment, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, Money& value) {
  return ReadParsed(place, json, ParseMoney, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, Currency& value) {
  return ReadParsed(place, json, ParseCurrency, value);
}

absl::Status ReadValue(const Place& place, JsonValue& json, std::vector<Attribute>& value) {
  simdjson::ondemand::object object;
  if (json.get_object().get(object) != simdjson::SUCCESS) return Fault(place, "is not an object");
  Place member = place;
  member.kind = TextKind::kName;
  for (auto field : object) {
    std::string_view name;
    JsonValue field_json;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
        field.value().get(field_json) != simdjson::SUCCESS) {
      return Fault(place, "is not a JSON object");
    }
    member.inner = name;
    if (absl::Status status = ReadAttribute(member, name, field_json, value); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status ReadValue(const Place& place, JsonValue& json, Identity& value) {
  simdjson::ondemand::object object;
  if (json.get_object().get(object) != simdjson::SUCCESS) return Fault(place, "is not an object");
  const Identity nobody;
  for (auto member : object) {
    std::string_view name;
    JsonValue inner;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS ||
        member.value().get(inner) != simdjson::SUCCESS) {
      return Fault(place, "is not JSON");
    }
    absl::Status status = Fault(place, "has no member " + Quoted(name));
    ForEachField<Identity>([&](const auto& field) {
      if (field.name != name) return;
      const Place at{field.name, TextKindOf(field.name), -1, {}, place.member};
      auto& target = value.*field.member;
      const bool again = !(target == nobody.*field.member);
      status = again ? Fault(at, "is given twice") : ReadValue(at, inner, target);
    });
    if (!status.ok()) return status;
  }
  return value ? absl::OkStatus() : Fault(place, "is empty");
}

}  // namespace throughline
