#include "event_list.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "model/fact_key.h"
#include "model/json.h"
#include "nlohmann/json.hpp"
#include "throughline/field.h"
#include "throughline/time.h"
#include "to_c.h"

namespace throughline::capi {
namespace {

using Json = nlohmann::ordered_json;

// Put(name, member of a payload, out): into the field of tl_event that stands for it, if there is
// one.
template <class T>
void Put(std::string_view, const T&, tl_event&) {}

void Put(std::string_view, ContactId id, tl_event& out) { out.contact = id.value; }
void Put(std::string_view, LeadId id, tl_event& out) { out.lead = id.value; }
void Put(std::string_view, OpportunityId id, tl_event& out) { out.opportunity = id.value; }
void Put(std::string_view, NoteId id, tl_event& out) { out.note = id.value; }
void Put(std::string_view, EventId id, tl_event& out) { out.event = id.packed; }
void Put(std::string_view, Direction value, tl_event& out) { Give(value, out.direction); }
void Put(std::string_view, const Money& value, tl_event& out) { Give(value, out.amount); }
void Put(std::string_view, Side value, tl_event& out) { Give(value, out.side); }

void Put(std::string_view name, OwnerId id, tl_event& out) {
  if (name == "owner") out.owner = id.value;  // not a team
}
void Put(std::string_view name, CampaignId id, tl_event& out) {
  if (name == "campaign") out.campaign = id.value;  // not a parent
}
void Put(std::string_view name, AccountId id, tl_event& out) {
  if (name == "from") out.from_account = id.value;
  if (name == "to") out.to_account = id.value;
}
void Put(std::string_view name, const StageRef& stage, tl_event& out) {
  Give(stage, name == "from" ? out.from : out.to);  // "to", or "stage" of an opening
}
void Put(std::string_view name, const std::string& text, tl_event& out) {
  if (name == "reason") out.reason = TextOf(text);
  if (name == "channel") out.channel = TextOf(text);
  if (name == "kind") out.touch_kind = TextOf(text);
}
void Put(std::string_view name, bool value, tl_event& out) {
  if (name == "response") Give(value, out.response);
  if (name == "follow_up") Give(value, out.follow_up);
}
void Put(std::string_view name, Date date, tl_event& out) {
  if (name == "return_on" && date != Date{}) out.return_on = {date.days, 1};
}
void Put(std::string_view name, const std::optional<Money>& amount, tl_event& out) {
  if (amount) Put(name, *amount, out);
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
      },
      payload);
}

// No stage that was ever used leaves the policy.
void NameStage(const Policy& policy, tl_stage_ref& ref) {
  const Stage* stage = policy.FindStage(ref.id);
  if (stage != nullptr) ref.key = TextOf(stage->key);
}

std::string IdText(EventId id) {
  return std::to_string(id.seq()) + ":" + std::to_string(id.ordinal());
}

Json BreachNames(uint32_t breaches) {
  Json names = Json::array();
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) != 0) names.push_back(std::string(name));
  }
  return names;
}

}  // namespace

void GiveEvent(const ListedEvent& listed, const Policy& policy, tl_event& out) {
  const auto& [id, head, known_at, event, voided, amended] = listed;
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
  const auto& [id, head, known_at, event, voided, amended] = listed;
  Json payload = EventToJson(event.payload);
  Json json = {{"id", IdText(id)}, {"seq", head.seq}};
  if (head.account) json["account"] = head.account.value;
  json["version"] = head.version;
  json["event"] = payload["event"];
  json["at"] = FormatMoment(event.occurred());
  json["recorded_at"] = FormatTime(head.recorded_at);
  json["known_at"] = FormatTime(known_at);
  if (event.entered_at) json["entered_at"] = FormatTime(*event.entered_at);
  const OwnerId actor = ActorOf(head.actor, event);
  if (actor) json["actor"] = actor.value;
  if (head.policy != 0) json["policy"] = head.policy;
  if (!head.request.empty()) json["request"] = head.request;
  if (event.fact != 0) json["fact"] = FactKeyText(event.fact);
  if (event.breaches != 0) json["breaches"] = BreachNames(event.breaches);
  if (voided) json["voided"] = true;
  if (amended) json["amended"] = true;
  json["data"] = std::move(payload["data"]);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::unique_ptr<tl_events> MakeEvents(AccountId account, TimelinePage page) {
  auto made = std::make_unique<tl_events>();
  made->as_of = page.as_of;
  made->next_cursor = std::move(page.next);
  made->events.reserve(page.items.size());
  for (TimelineEntry& entry : page.items) {
    ListedEvent& listed = made->events.emplace_back();
    listed.id = entry.id;
    listed.head.seq = entry.id.seq();
    listed.head.account = account;
    listed.head.version = entry.version;
    listed.head.recorded_at = entry.recorded_at;
    listed.head.actor = entry.actor;
    listed.known_at = entry.known_at;
    listed.event = std::move(entry.event);
    listed.voided = entry.voided;
    listed.amended = entry.amended;
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
