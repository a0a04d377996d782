#include <algorithm>
#include <array>
#include <utility>

#include "model/fact_key.h"
#include "model/json.h"
#include "model/read_json_values.h"

namespace throughline {
namespace {

constexpr size_t kPayloads = std::variant_size_v<EventPayload>;

struct PayloadKind {
  std::string_view name;
  bool (*read)(const ParsedJson& data, EventPayload& payload, JsonFault& fault);
};

template <size_t kIndex>
constexpr PayloadKind KindAt() {
  using Kind = std::variant_alternative_t<kIndex, EventPayload>;
  return {Kind::kName, [](const ParsedJson& data, EventPayload& payload, JsonFault& fault) {
            return ReadJson(data, payload.emplace<Kind>(), fault);
          }};
}

// Without the first, which is no event.
constexpr auto kPayloadKinds = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{KindAt<kIndex + 1>()...};
}
(std::make_index_sequence<kPayloads - 1>());

// --- The members of an event, but for its kind and what that says. ---

bool ReadAt(const ParsedJson& json, Event& event, JsonFault& fault) {
  Moment moment;
  if (!ReadJson(json, moment, fault)) return false;
  event.occurred_at = moment.at;
  event.occurred_day = moment.day;
  return true;
}

bool ReadFactKey(const ParsedJson& json, Event& event, JsonFault& fault) {
  const std::string* text = json.text();
  const uint64_t key = text == nullptr ? 0 : FactKeyOf(*text);
  if (text == nullptr || FactKeyText(key) != *text) return IsNot("a key", json, fault);
  event.fact = key;
  return true;
}

bool ReadBreaches(const ParsedJson& json, Event& event, JsonFault& fault) {
  std::vector<Breach> breaches;
  if (!ReadJson(json, breaches, fault)) return false;
  for (const Breach breach : breaches) event.breaches |= BreachBit(breach);
  return true;
}

struct EventMember {
  std::string_view name;
  bool (*read)(const ParsedJson& json, Event& event, JsonFault& fault);
};

constexpr EventMember kEventMembers[] = {
    {"id", [](const ParsedJson&, Event&, JsonFault&) { return true; }},
    {"event", [](const ParsedJson&, Event&, JsonFault&) { return true; }},
    {"data", [](const ParsedJson&, Event&, JsonFault&) { return true; }},
    {"at", ReadAt},
    {"entered_at", [](const ParsedJson& json, Event& event,
                      JsonFault& fault) { return ReadJson(json, event.entered_at, fault); }},
    {"fact", ReadFactKey},
    {"actor", [](const ParsedJson& json, Event& event,
                 JsonFault& fault) { return ReadJson(json, event.actor, fault); }},
    {"breaches", ReadBreaches},
};

// Tells of the first of these members that an object lacks; false then, or if it is no object.
bool HasAll(const ParsedJson& json, std::initializer_list<const char*> names, JsonFault& fault) {
  if (json.object() == nullptr) return IsNot("an object", json, fault);
  for (const char* name : names) {
    if (json.Find(name) == nullptr) return fault.Is("is missing") || fault.In(name);
  }
  return true;
}

bool ReadEvent(const ParsedJson& json, EventId expected, Event& event, JsonFault& fault) {
  if (!HasAll(json, {"id", "event", "at", "data"}, fault)) return false;
  EventId id;
  const ParsedJson& written = *json.Find("id");
  if (!ReadJson(written, id, fault)) return fault.In("id");
  if (id != expected) return IsNot("its place", written, fault) || fault.In("id");
  for (const auto& [name, value] : *json.object()) {
    const std::string_view sought = name;
    const auto* const member =
        std::find_if(std::begin(kEventMembers), std::end(kEventMembers),
                     [&](const EventMember& candidate) { return candidate.name == sought; });
    if (member == std::end(kEventMembers)) {
      return fault.Is("is not a known member") || fault.In(Shortened(name));
    }
    if (!member->read(value, event, fault)) return fault.In(name);
  }
  return ReadPayload(json, event.payload, fault);
}

bool ReadEvents(const ParsedJson& json, int64_t seq, std::vector<Event>& events, JsonFault& fault) {
  const ParsedJson::List* list = json.list();
  if (list == nullptr) return IsNot("a list", json, fault);
  events.resize(list->size());
  for (size_t i = 0; i < events.size(); ++i) {
    const EventId id = EventId::Of(seq, static_cast<int64_t>(i));
    if (!ReadEvent((*list)[i], id, events[i], fault)) return fault.In(i);
  }
  return true;
}

// What the journal says of a commit, as members.
struct HeadMembers {
  int64_t seq = 0;
  AccountId account;
  int64_t version = 0;
  Time recorded_at;
  OwnerId actor;
  int64_t policy = 0;
  std::string request;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "seq", &HeadMembers::seq), MakeField(2, "account", &HeadMembers::account),
        MakeField(3, "version", &HeadMembers::version),
        MakeField(4, "recorded_at", &HeadMembers::recorded_at),
        MakeField(5, "actor", &HeadMembers::actor), MakeField(6, "policy", &HeadMembers::policy),
        MakeField(7, "request", &HeadMembers::request));
  }
};

bool ReadCommit(const ParsedJson& json, Commit& commit, JsonFault& fault) {
  if (!HasAll(json, {"seq", "account", "version", "recorded_at"}, fault)) return false;
  HeadMembers head;
  for (const auto& [name, value] : *json.object()) {
    if (name == "events") continue;
    bool known = false;
    if (!ReadMember(name, value, head, known, fault)) return fault.In(name);
    if (!known) return fault.Is("is not a known member") || fault.In(Shortened(name));
  }
  commit.head = {head.seq,   head.account, head.version,           head.recorded_at,
                 head.actor, head.policy,  std::move(head.request)};
  const ParsedJson* events = json.Find("events");
  if (events == nullptr) return true;
  return ReadEvents(*events, head.seq, commit.events, fault) || fault.In("events");
}

}  // namespace

bool ReadPayload(const ParsedJson& json, EventPayload& payload, JsonFault& fault) {
  if (!HasAll(json, {"event", "data"}, fault)) return false;
  const ParsedJson& event = *json.Find("event");
  const std::string* name = event.text();
  const auto kind = std::find_if(
      kPayloadKinds.begin(), kPayloadKinds.end(),
      [&](const PayloadKind& candidate) { return name != nullptr && candidate.name == *name; });
  if (kind == kPayloadKinds.end()) {
    return IsNot("a known event", event, fault) || fault.In("event");
  }
  return kind->read(*json.Find("data"), payload, fault) || fault.In("data");
}

absl::Status CommitFromJson(const ParsedJson& json, Commit& commit) {
  JsonFault fault;
  commit = Commit();
  return ReadCommit(json, commit, fault) ? absl::OkStatus() : fault.ToStatus("commit");
}

}  // namespace throughline
