#include "model/json_values.h"

#include "absl/status/statusor.h"
#include "model/codec.h"
#include "model/json.h"

namespace throughline {
namespace {

void WriteKey(std::string_view system, std::string_view key, JsonWriter& json) {
  std::string text;
  text.reserve(system.size() + 1 + key.size());
  json.Text(text.append(system).append(":").append(key));
}

}  // namespace

void WriteJson(const ExternalId& id, JsonWriter& json) { WriteKey(id.system, id.key, json); }
void WriteJson(const ExternalKey& id, JsonWriter& json) { WriteKey(id.system, id.key, json); }

std::string FormatEventId(EventId id) {
  return std::to_string(id.seq()) + ":" + std::to_string(id.ordinal());
}

void WriteJson(EventId id, JsonWriter& json) { json.Text(FormatEventId(id)); }

void WriteJson(const EventRef& ref, JsonWriter& json) {
  ref.id ? WriteJson(ref.id, json) : json.Text(ref.key);
}

void WriteJson(const std::vector<Attribute>& attributes, JsonWriter& json) {
  json.BeginObject();
  for (const Attribute& attribute : attributes) WriteMember(attribute.name, attribute.value, json);
  json.EndObject();
}

std::string HexOf(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

void WriteDigest(std::string_view bytes, JsonWriter& json) { json.Text(HexOf(bytes)); }

void WriteReplacement(std::string_view bytes, JsonWriter& json) {
  const absl::StatusOr<Event> event = DecodeEvent(bytes);
  event.ok() ? WriteJson(event->payload, json) : WriteDigest(bytes, json);
}

}  // namespace throughline
