#include "model/json.h"

#include <variant>

#include "model/fact_key.h"
#include "model/json_values.h"

namespace throughline {
namespace {

// What comes first of an event: which it is, and when it happened.
void WriteHead(const Event& event, EventId id, JsonWriter& json) {
  WriteMember("id", id, json);
  WriteMember("event", EventName(event.payload), json);
  WriteMember("at", event.occurred(), json);
}

void WriteClaims(const Event& event, OwnerId actor, JsonWriter& json) {
  WriteIfGiven("entered_at", event.entered_at, json);
  if (event.fact != 0) WriteMember("fact", FactKeyText(event.fact), json);
  WriteIfGiven("actor", actor, json);
  WriteBreaches(event.breaches, json);
}

void WriteEventOfCommit(const Event& event, EventId id, JsonWriter& json) {
  json.BeginObject();
  WriteHead(event, id, json);
  WriteClaims(event, event.actor, json);
  WriteData(event.payload, json);
  json.EndObject();
}

}  // namespace

void WriteBreaches(uint32_t breaches, JsonWriter& json) {
  if (breaches == 0) return;
  json.Key("breaches");
  json.BeginList();
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) != 0) json.Text(name);
  }
  json.EndList();
}

void WriteData(const EventPayload& payload, JsonWriter& json) {
  json.Key("data");
  std::visit(
      [&]<class Kind>(const Kind& value) {
        if constexpr (HasFields<Kind>) {
          WriteJson(value, json);
        } else {
          json.BeginObject();
          json.EndObject();
        }
      },
      payload);
}

void WriteJson(const EventPayload& payload, JsonWriter& json) {
  json.BeginObject();
  WriteMember("event", EventName(payload), json);
  WriteData(payload, json);
  json.EndObject();
}

std::string EventToJson(const EventPayload& payload) {
  JsonWriter json;
  WriteJson(payload, json);
  return std::move(json).Take();
}

void WriteMembers(const CommitHead& head, JsonWriter& json) {
  WriteMember("seq", head.seq, json);
  WriteMember("account", head.account, json);
  WriteMember("version", head.version, json);
  WriteMember("recorded_at", head.recorded_at, json);
  WriteIfGiven("actor", head.actor, json);
  WriteIfGiven("policy", head.policy, json);
  WriteIfGiven("request", head.request, json);
}

void WriteEvents(const Commit& commit, JsonWriter& json) {
  json.Key("events");
  json.BeginList();
  for (size_t i = 0; i < commit.events.size(); ++i) {
    const EventId id = EventId::Of(commit.head.seq, static_cast<int64_t>(i));
    WriteEventOfCommit(commit.events[i], id, json);
  }
  json.EndList();
}

std::string CommitToJson(const Commit& commit) {
  JsonWriter json;
  json.BeginObject();
  WriteMembers(commit.head, json);
  WriteEvents(commit, json);
  json.EndObject();
  return std::move(json).Take();
}

namespace {

void WriteEntryMembers(const TimelineEntry& entry, JsonWriter& json) {
  WriteHead(entry.event, entry.id, json);
  WriteMember("recorded_at", entry.recorded_at, json);
  WriteMember("known_at", entry.known_at, json);
  WriteClaims(entry.event, entry.actor, json);
  WriteIfGiven("voided", entry.voided, json);
  WriteIfGiven("amended", entry.amended, json);
  WriteData(entry.event.payload, json);
}

}  // namespace

void WriteEntry(const TimelineEntry& entry, JsonWriter& json) {
  json.BeginObject();
  WriteEntryMembers(entry, json);
  json.EndObject();
}

void WriteLink(const TraceLink& link, JsonWriter& json) {
  json.Key("link");
  json.BeginObject();
  WriteIfGiven("lead", link.lead, json);
  WriteIfGiven("opportunity", link.opportunity, json);
  WriteIfGiven("acquaintance", link.acquaintance, json);
  WriteIfGiven("owner", link.owner, json);
  WriteMember("silent_days", link.silent_days, json);
  if (link.closed_by) {
    WriteMember("closed_by", link.closed_by, json);
    WriteMember("days_closed", link.days_closed, json);
  }
  json.EndObject();
}

std::string TraceToJson(const Trace& trace) {
  JsonWriter json;
  json.BeginObject();
  if (trace.lead) WriteMember("lead", trace.lead->lead, json);
  if (trace.opportunity) WriteMember("opportunity", trace.opportunity->opportunity, json);
  if (trace.as_of.through != kMaxTime) WriteMember("through", trace.as_of.through, json);
  WriteMember("known_at", trace.as_of.known_at, json);
  WriteMember("seq", trace.as_of.seq, json);
  WriteMember("sentence", trace.sentence, json);
  json.Key("steps");
  json.BeginList();
  for (const TraceStep& step : trace.steps) {
    json.BeginObject();
    WriteEntryMembers(step.entry, json);
    WriteMember("account", step.entry.stream, json);
    WriteLink(step.link, json);
    json.EndObject();
  }
  json.EndList();
  json.EndObject();
  return std::move(json).Take();
}

std::string EntryToJson(const TimelineEntry& entry) {
  JsonWriter json;
  WriteEntry(entry, json);
  return std::move(json).Take();
}

}  // namespace throughline
