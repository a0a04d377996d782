#include "model/json.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/fact_key.h"
#include "model/json_write.h"
#include "nlohmann/json.hpp"

namespace throughline {

namespace json {

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

Json ToJson(const EventId& id) {
  return std::to_string(id.seq()) + ":" + std::to_string(id.ordinal());
}

Json ToJson(const std::vector<Attribute>& attributes) {
  Json object = Json::object();
  for (const Attribute& attribute : attributes) object[attribute.name] = attribute.value;
  return object;
}

}  // namespace json

namespace {

using json::AddMembers;
using json::Json;
using json::ToJson;

Json BreachesToJson(uint32_t breaches) {
  Json names = Json::array();
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) != 0) names.push_back(std::string(name));
  }
  return names;
}

// What comes first of an event: which it is, and when it happened.
Json HeadOf(const Event& event, EventId id) {
  return {{"id", ToJson(id)},
          {"event", std::string(EventName(event.payload))},
          {"at", ToJson(event.occurred())}};
}

void AddClaims(const Event& event, OwnerId actor, Json& json) {
  if (event.entered_at) json["entered_at"] = ToJson(*event.entered_at);
  if (event.fact != 0) json["fact"] = FactKeyText(event.fact);
  if (actor) json["actor"] = actor.value;
  if (event.breaches != 0) json["breaches"] = BreachesToJson(event.breaches);
}

Json DataOf(const EventPayload& payload) { return std::move(EventToJson(payload)["data"]); }

Json EventOfCommit(const Event& event, EventId id) {
  Json json = HeadOf(event, id);
  AddClaims(event, event.actor, json);
  json["data"] = DataOf(event.payload);
  return json;
}

}  // namespace

Json EventToJson(const EventPayload& payload) {
  Json json = {{"event", std::string(EventName(payload))}};
  Json& data = json["data"] = Json::object();
  std::visit(
      [&]<class Kind>(const Kind& value) {
        if constexpr (HasFields<Kind>) AddMembers(value, data);
      },
      payload);
  return json;
}

Json CommitToJson(const Commit& commit) {
  const CommitHead& head = commit.head;
  Json json = {{"seq", head.seq},
               {"account", head.account.value},
               {"version", head.version},
               {"recorded_at", FormatTime(head.recorded_at)}};
  if (head.actor) json["actor"] = head.actor.value;
  if (head.policy != 0) json["policy"] = head.policy;
  if (!head.request.empty()) json["request"] = head.request;
  Json& events = json["events"] = Json::array();
  for (size_t i = 0; i < commit.events.size(); ++i) {
    const EventId id = EventId::Of(head.seq, static_cast<int64_t>(i));
    events.push_back(EventOfCommit(commit.events[i], id));
  }
  return json;
}

Json EntryToJson(const TimelineEntry& entry) {
  Json json = HeadOf(entry.event, entry.id);
  json["recorded_at"] = FormatTime(entry.recorded_at);
  json["known_at"] = FormatTime(entry.known_at);
  AddClaims(entry.event, entry.actor, json);
  if (entry.voided) json["voided"] = true;
  if (entry.amended) json["amended"] = true;
  json["data"] = DataOf(entry.event.payload);
  return json;
}

}  // namespace throughline
