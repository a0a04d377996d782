#ifndef THROUGHLINE_MODEL_FACT_VALUES_H_
#define THROUGHLINE_MODEL_FACT_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/abseil_text.h"
#include "simdjson.h"
#include "throughline/command.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// One function per type of member: reads a JSON value into it. Errors are INVALID_ARGUMENT and name
// the place.

namespace throughline {

using JsonValue = simdjson::ondemand::value;

// What may stand in a text member; docs/fact-format.md.
enum class TextKind : uint8_t { kKey, kName, kNote, kAnything };

// By the member's name: it means the same in every command.
constexpr TextKind TextKindOf(std::string_view member) {
  for (std::string_view name :
       {"name", "email", "phone", "title", "domains", "removed_domains", "company", "domain"}) {
    if (member == name) return TextKind::kName;
  }
  if (member == "text") return TextKind::kNote;
  return member == "json" ? TextKind::kAnything : TextKind::kKey;
}

// Where a value stands: a member, an item of its list, or a member of its object. The path is put
// together only for an error.
struct Place {
  std::string_view member;
  TextKind kind = TextKind::kKey;
  int64_t item = -1;
  std::string_view inner;
  std::string_view outer = {};  // the member in whose object it stands

  std::string Path() const;
};

absl::Status Fault(const Place& place, std::string_view why);
absl::Status ReadText(const Place& place, JsonValue& json, std::string_view& text);
absl::Status CheckValue(const Place& place, std::string_view text);
absl::Status ReadReference(const Place& place, JsonValue& json, int64_t& id, ExternalId& external);
absl::Status NotOneOf(const Place& place, std::string_view text, std::string_view names);

// "seq:ordinal", both in their ranges; else false.
bool ParseEventId(std::string_view text, EventId& id);

// What the model's own parser of a day, a time or an amount makes of the text. No such text is
// long, and a long one would be cut in the middle of a character by the parser's message.
template <class T>
absl::Status ParseWith(absl::StatusOr<T> (*parse)(std::string_view), const Place& place,
                       std::string_view text, T& value) {
  constexpr size_t kMaxBytes = 64;
  if (text.size() > kMaxBytes) return Fault(place, "is longer than 64 bytes");
  absl::StatusOr<T> parsed = parse(text);
  if (!parsed.ok()) return Fault(place, FromAbsl(parsed.status().message()));
  value = *std::move(parsed);
  return absl::OkStatus();
}

absl::Status ReadValue(const Place& place, JsonValue& json, std::string& value);
absl::Status ReadValue(const Place& place, JsonValue& json, bool& value);
absl::Status ReadValue(const Place& place, JsonValue& json, int64_t& value);
absl::Status ReadValue(const Place& place, JsonValue& json, EventRef& value);
absl::Status ReadValue(const Place& place, JsonValue& json, ExternalId& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Date& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Time& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Moment& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Money& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Currency& value);
absl::Status ReadValue(const Place& place, JsonValue& json, std::vector<Attribute>& value);
absl::Status ReadValue(const Place& place, JsonValue& json, Identity& value);

template <class Tag>
absl::Status ReadValue(const Place& place, JsonValue& json, Ref<Tag>& value) {
  return ReadReference(place, json, value.id.value, value.external);
}

template <NamedEnum Enum>
absl::Status ReadValue(const Place& place, JsonValue& json, Enum& value) {
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  if (!text.empty() && FromName(text, value)) return absl::OkStatus();
  std::string names;
  for (const auto& [known, name] : EnumNames<Enum>::kValues) {
    if (!name.empty()) names.append(names.empty() ? "" : ", ").append(name);
  }
  return NotOneOf(place, text, names);
}

template <class T>
absl::Status ReadValue(const Place& place, JsonValue& json, std::optional<T>& value) {
  return ReadValue(place, json, value.emplace());
}

template <class T>
absl::Status ReadValue(const Place& place, JsonValue& json, std::vector<T>& value) {
  simdjson::ondemand::array list;
  if (json.get_array().get(list) != simdjson::SUCCESS) return Fault(place, "is not a list");
  Place item_place = place;
  for (auto item : list) {
    if (item.error() != simdjson::SUCCESS) return Fault(place, "is not JSON");
    JsonValue item_json = item.value_unsafe();
    if (value.size() == kMaxListItems) return Fault(place, "has more than 1000 items");
    item_place.item = static_cast<int64_t>(value.size());
    T read;
    if (absl::Status status = ReadValue(item_place, item_json, read); !status.ok()) return status;
    if (read == T()) return Fault(item_place, "is empty");
    value.push_back(std::move(read));
  }
  return absl::OkStatus();
}

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_FACT_VALUES_H_
