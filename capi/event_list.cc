#include "event_list.h"

#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/fact_key.h"
#include "model/json.h"
#include "model/json_values.h"
#include "throughline/field.h"
#include "throughline/time.h"
#include "to_c.h"

namespace throughline::capi {
namespace {

// Put(name, member of a payload, out): into the field of tl_event that stands for it, if there is
// one.
template <class T>
void Put(std::string_view, const T&, tl_event&) {}

void Put(std::string_view name, ContactId id, tl_event& out) {
  (name == "merged" ? out.merged : out.contact) = id.value;
}
void Put(std::string_view, LeadId id, tl_event& out) { out.lead = id.value; }
void Put(std::string_view, OpportunityId id, tl_event& out) { out.opportunity = id.value; }
void Put(std::string_view, NoteId id, tl_event& out) { out.note = id.value; }
void Put(std::string_view, EventId id, tl_event& out) { out.event = id.packed; }
void Put(std::string_view, Direction value, tl_event& out) { Give(value, out.direction); }
void Put(std::string_view, const Money& value, tl_event& out) { Give(value, out.amount); }
void Put(std::string_view, Side value, tl_event& out) { Give(value, out.side); }

void Put(std::string_view, MatchRule value, tl_event& out) { Give(value, out.match_rule); }
void Put(std::string_view, const Lineage& value, tl_event& out) { Give(value, out.lineage); }

void Put(std::string_view name, OwnerId id, tl_event& out) {
  if (name == "owner") out.owner = id.value;  // not a team
}
void Put(std::string_view name, CampaignId id, tl_event& out) {
  if (name == "campaign") out.campaign = id.value;  // not a parent
}
void Put(std::string_view name, AccountId id, tl_event& out) {
  if (name == "from") out.from_account = id.value;
  if (name == "to") out.to_account = id.value;
  if (name == "merged") out.merged = id.value;
  if (name == "other") out.other_account = id.value;
}
void Put(std::string_view name, const StageRef& stage, tl_event& out) {
  Give(stage, name == "from" ? out.from : out.to);  // "to", or "stage" of an opening
}
void Put(std::string_view name, const std::string& text, tl_event& out) {
  if (name == "reason") out.reason = TextOf(text);
  if (name == "channel") out.channel = TextOf(text);
  if (name == "kind") out.touch_kind = TextOf(text);
  if (name == "role") out.role = TextOf(text);
  if (name == "value") out.match_value = TextOf(text);
}
void Put(std::string_view name, int64_t value, tl_event& out) {
  if (name == "candidates") out.match_candidates = value;
}
void Put(std::string_view name, bool value, tl_event& out) {
  if (name == "response") Give(value, out.response);
  if (name == "follow_up") Give(value, out.follow_up);
  if (name == "opened_account") Give(value, out.opened_account);
  if (name == "opened_contact") Give(value, out.opened_contact);
}
void Put(std::string_view name, Date date, tl_event& out) {
  if (name == "return_on" && date != Date{}) out.return_on = {date.days, 1};
}
void Put(std::string_view name, const std::optional<Money>& amount, tl_event& out) {
  if (amount) Put(name, *amount, out);
}

void Put(std::string_view, const std::vector<EventId>& crossing, tl_event& out) {
  static_assert(sizeof(EventId) == sizeof(int64_t));
  if (crossing.empty()) return;
  out.crossing = &crossing.front().packed;
  out.crossing_count = std::ssize(crossing);
}

void PutNoteSubject(const NoteAdded& note, tl_event& out) {
  if (note.about == EntityKind::kContact) out.contact = note.about_id;
  if (note.about == EntityKind::kLead) out.lead = note.about_id;
  if (note.about == EntityKind::kOpportunity) out.opportunity = note.about_id;
}

void GivePayload(const EventPayload& payload, tl_event& out) {
  std::visit(
      [&]<class Kind>(const Kind& value) {
        if constexpr (HasFields<Kind>) {
          out.kind = static_cast<int32_t>(Kind::kNumber);
          ForEachField<Kind>([&](const auto& field) { Put(field.name, value.*field.member, out); });
        }
        if constexpr (std::is_same_v<Kind, NoteAdded>) PutNoteSubject(value, out);
        if constexpr (requires { AccountId(value.merged); }) out.to_account = value.account.value;
      },
      payload);
}

// No stage that was ever used leaves the policy.
void NameStage(const Policy& policy, tl_stage_ref& ref) {
  const Stage* stage = policy.FindStage(ref.id);
  if (stage != nullptr) ref.key = TextOf(stage->key);
}

}  // namespace

void GiveEvent(const ListedEvent& listed, const Policy& policy, tl_event& out) {
  const auto& [id, head, known_at, event, voided, amended, link] = listed;
  out = {};
  out.id = id.packed;
  out.seq = head.seq;
  out.account = head.account.value;
  out.version = head.version;
  out.occurred_at = event.occurred_at.micros;
  out.recorded_at = head.recorded_at.micros;
  out.known_at = known_at.micros;
  out.occurred_day = event.occurred_day ? 1 : 0;
  out.breaches = event.breaches;
  out.actor = ActorOf(head.actor, event).value;
  out.policy = head.policy;
  out.request_id = TextOf(head.request);
  out.fact_key = event.fact;
  out.voided = voided ? 1 : 0;
  out.amended = amended ? 1 : 0;
  GivePayload(event.payload, out);
  NameStage(policy, out.from);
  NameStage(policy, out.to);
}

std::string EventJson(const ListedEvent& listed) {
  const auto& [id, head, known_at, event, voided, amended, link] = listed;
  JsonWriter json;
  json.BeginObject();
  WriteMember("id", id, json);
  WriteMember("seq", head.seq, json);
  WriteIfGiven("account", head.account, json);
  WriteMember("version", head.version, json);
  WriteMember("event", EventName(event.payload), json);
  WriteMember("at", event.occurred(), json);
  WriteMember("recorded_at", head.recorded_at, json);
  WriteMember("known_at", known_at, json);
  WriteIfGiven("entered_at", event.entered_at, json);
  WriteIfGiven("actor", ActorOf(head.actor, event), json);
  WriteIfGiven("policy", head.policy, json);
  WriteIfGiven("request", head.request, json);
  if (event.fact != 0) WriteMember("fact", FactKeyText(event.fact), json);
  WriteBreaches(event.breaches, json);
  WriteIfGiven("voided", voided, json);
  WriteIfGiven("amended", amended, json);
  if (link) WriteLink(*link, json);
  WriteData(event.payload, json);
  json.EndObject();
  return std::move(json).Take();
}

namespace {

void Add(TimelineEntry&& entry, tl_events& list) {
  ListedEvent& listed = list.events.emplace_back();
  listed.id = entry.id;
  listed.head.seq = entry.id.seq();
  listed.head.account = entry.stream;
  listed.head.version = entry.version;
  listed.head.recorded_at = entry.recorded_at;
  listed.head.actor = entry.actor;
  listed.known_at = entry.known_at;
  listed.event = std::move(entry.event);
  listed.voided = entry.voided;
  listed.amended = entry.amended;
}

}  // namespace

std::unique_ptr<tl_events> MakeEvents(TimelinePage page) {
  auto made = std::make_unique<tl_events>();
  made->as_of = page.as_of;
  made->next_cursor = std::move(page.next);
  made->events.reserve(page.items.size());
  for (TimelineEntry& entry : page.items) Add(std::move(entry), *made);
  return made;
}

std::unique_ptr<tl_events> MakeEvents(Trace trace) {
  auto made = std::make_unique<tl_events>();
  made->as_of = trace.as_of;
  made->events.reserve(trace.steps.size());
  for (TraceStep& step : trace.steps) {
    Add(std::move(step.entry), *made);
    made->events.back().link = step.link;
  }
  return made;
}

std::unique_ptr<tl_events> MakeEvents(std::vector<Commit> commits) {
  auto made = std::make_unique<tl_events>();
  for (Commit& commit : commits) {
    for (size_t i = 0; i < commit.events.size(); ++i) {
      ListedEvent& listed = made->events.emplace_back();
      listed.id = EventId::Of(commit.head.seq, static_cast<int64_t>(i));
      listed.head = commit.head;
      listed.event = std::move(commit.events[i]);
      listed.known_at = KnownAt(listed.event, commit.head.recorded_at);
    }
  }
  return made;
}

}  // namespace throughline::capi
