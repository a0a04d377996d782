#include "model/json.h"

#include <optional>
#include <variant>
#include <vector>

#include "model/codec.h"
#include "model/fact_key.h"
#include "nlohmann/json.hpp"

namespace throughline {
namespace {

using Json = nlohmann::ordered_json;

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

std::string TextOf(const EventId& id) {
  return std::to_string(id.seq()) + ":" + std::to_string(id.ordinal());
}

template <HasFields Struct>
Json ToJson(const Struct& value);

Json ToJson(const std::string& text) { return text; }
Json ToJson(bool value) { return value; }
Json ToJson(int64_t value) { return value; }
Json ToJson(const EventId& id) { return TextOf(id); }
Json ToJson(const ExternalKey& id) { return id.system + ":" + id.key; }
Json ToJson(Date date) { return FormatDate(date); }
Json ToJson(Time time) { return FormatTime(time); }
Json ToJson(const Moment& moment) { return FormatMoment(moment); }
Json ToJson(const Money& money) { return FormatMoney(money); }
Json ToJson(const Currency& currency) { return std::string(currency.view()); }

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

Json ToJson(const std::vector<Attribute>& attributes) {
  Json object = Json::object();
  for (const Attribute& attribute : attributes) object[attribute.name] = attribute.value;
  return object;
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

Json BreachesToJson(uint32_t breaches) {
  Json names = Json::array();
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) != 0) names.push_back(std::string(name));
  }
  return names;
}

// What comes first of an event: which it is, and when it happened.
Json HeadOf(const Event& event, EventId id) {
  return {{"id", TextOf(id)},
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
