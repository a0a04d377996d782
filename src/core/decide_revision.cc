#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/conversion.h"
#include "core/fold.h"
#include "core/rules.h"
#include "model/codec.h"
#include "model/fact_key.h"
#include "model/json.h"
#include "model/text.h"
#include "throughline/error.h"

// Corrections: retract, amend, void. They add events; what they concern stays in the journal.

namespace throughline {
namespace {

absl::StatusOr<const RecordedEvent*> FindEvent(const Situation& s, std::string_view field,
                                               const EventRef& ref) {
  if (!ref) return InvalidField(field, "is needed");
  const uint64_t fact = ref.id ? 0 : FactKeyOf(ref.key);
  for (const RecordedEvent& event : s.history) {
    if (ref.id ? event.id == ref.id : event.event.fact == fact) return &event;
  }
  return NotFoundField(field, "the account has no such event");
}

// What nothing else would make sense without.
bool IsIrrevocable(const EventPayload& payload) {
  return std::holds_alternative<AccountOpened>(payload) ||
         std::holds_alternative<ContactAdded>(payload) ||
         std::holds_alternative<ContactMoved>(payload) ||
         std::holds_alternative<AccountMerged>(payload) ||
         std::holds_alternative<AccountUnmerged>(payload) ||
         std::holds_alternative<ContactMerged>(payload) ||
         std::holds_alternative<ContactUnmerged>(payload) ||
         std::holds_alternative<ContactErased>(payload) ||
         std::holds_alternative<PolicySet>(payload) ||
         std::holds_alternative<OwnerDefined>(payload) ||
         std::holds_alternative<CampaignDefined>(payload);
}

// The undoing of a merge parts contacts for good: to merge them again is a new decision.
bool VoidsIrrevocable(const Situation& s, const EventPayload& payload) {
  const auto* voided = std::get_if<Voided>(&payload);
  if (voided == nullptr) return false;
  const auto target = std::ranges::find(s.history, voided->event, &RecordedEvent::id);
  return target != s.history.end() && IsIrrevocable(target->event.payload);
}

// Events that would be left without their record if `payload` had never happened.
bool BelongsTo(const EventPayload& payload, const EventPayload& opening) {
  if (const auto* lead = std::get_if<LeadOpened>(&opening)) {
    if (const auto* moved = std::get_if<LeadMoved>(&payload)) return moved->lead == lead->lead;
    return false;
  }
  if (const auto* deal = std::get_if<OpportunityOpened>(&opening)) {
    if (const auto* moved = std::get_if<OpportunityMoved>(&payload)) {
      return moved->opportunity == deal->opportunity;
    }
    if (const auto* moved = std::get_if<LeadMoved>(&payload)) {
      return moved->opportunity == deal->opportunity;
    }
  }
  return false;
}

struct StandsIn {
  int64_t stage = 0;
  Time since;
};

// Enforce: the moves that stay must still follow from one another in stage and in time.
template <class Moved, class Opened, class KeyOfRecord>
absl::Status CheckMoves(const std::vector<EffectiveEvent>& events, KeyOfRecord key) {
  std::map<int64_t, StandsIn> standing;
  for (const EffectiveEvent& e : events) {
    if (e.voided) continue;
    const Time at = e.event.event.occurred_at;
    if (const auto* opened = std::get_if<Opened>(&e.event.event.payload)) {
      standing[key(*opened).value] = {opened->stage.id, at};
    } else if (const auto* moved = std::get_if<Moved>(&e.event.event.payload)) {
      StandsIn& now = standing[key(*moved).value];
      if (e.event.event.breaches == 0 && now.stage != moved->from.id) {
        return RefusedByRule("transition",
                             absl::StrCat("event ", e.event.id.seq(), ":", e.event.id.ordinal(),
                                          " moves from a stage that would no longer "
                                          "be the one before"));
      }
      if (e.event.event.breaches == 0 && at < now.since) {
        return RefusedByRule("out_of_order",
                             absl::StrCat("event ", e.event.id.seq(), ":", e.event.id.ordinal(),
                                          " would be earlier than the stage change "
                                          "before it"));
      }
      now = {moved->to.id, at};
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRevised(std::span<const RecordedEvent> history) {
  const std::vector<EffectiveEvent> events = ApplyRevisions(history, kMaxTime);
  THROUGHLINE_RETURN_IF_ERROR(
      (CheckMoves<LeadMoved, LeadOpened>(events, [](const auto& e) { return e.lead; })));
  return CheckMoves<OpportunityMoved, OpportunityOpened>(
      events, [](const auto& e) { return e.opportunity; });
}

// The revision of a person's profile that counts; 0: they are in another account by now.
int64_t CurrentRevision(std::span<const EffectiveEvent> events, ContactId contact) {
  int64_t revision = 0;
  for (const EffectiveEvent& e : events) {
    if (e.voided) continue;
    const EventPayload& payload = e.event.event.payload;
    if (const auto* added = std::get_if<ContactAdded>(&payload)) {
      if (added->contact == contact) revision = added->profile.revision;
    } else if (const auto* updated = std::get_if<ContactUpdated>(&payload)) {
      if (updated->contact == contact) revision = updated->profile.revision;
    } else if (const auto* moved = std::get_if<ContactMoved>(&payload)) {
      const bool arrives = moved->to == e.event.stream;
      if (moved->contact == contact) revision = arrives ? moved->profile.revision : 0;
    }
  }
  return revision;
}

// A person is found by the email of the profile that counts, which may be another one now.
void RestoreProfiles(const Situation& s, ContactId contact, Draft& draft) {
  const int64_t current = CurrentRevision(ApplyRevisions(draft.History(), kMaxTime), contact);
  if (current == 0) return;
  s.rows.contact_profiles.ForEach([&](const ContactProfileRow& row) {
    if (row.contact != contact) return;
    const std::string email = row.revision == current ? EmailKey(row.email) : "";
    std::optional<std::string> key;
    if (!email.empty()) key = email;
    if (key == row.email_key) return;
    ContactProfileRow changed = row;
    changed.email_key = std::move(key);
    draft.decision().profiles.push_back(std::move(changed));
  });
}

// Checks what is left of the history, and settles what follows.
Outcome Finished(const Situation& s, Draft draft) {
  draft.decision().refold = true;
  if (s.context.mode != Mode::kObserve) {
    THROUGHLINE_RETURN_IF_ERROR(CheckRevised(draft.History()));
  }
  return std::move(draft).Finish();
}

Outcome Revise(const Situation& s, EventPayload revision) {
  Draft draft(s);
  draft.Add(std::move(revision));
  return Finished(s, std::move(draft));
}

bool IsVoided(const Situation& s, EventId id) {
  for (const EffectiveEvent& e : ApplyRevisions(s.history, kMaxTime)) {
    if (e.event.id == id) return e.voided;
  }
  return false;
}

// What builds on an opening goes with it, or is in the way.
absl::Status VoidDependents(std::span<const EffectiveEvent> events, const EventPayload& opening,
                            const Void& c, Draft& draft) {
  for (const EffectiveEvent& e : events) {
    if (e.voided || !BelongsTo(e.event.event.payload, opening)) continue;
    if (!c.dependents.value_or(false)) {
      return RefusedByRule("dependents",
                           absl::StrCat("event ", e.event.id.seq(), ":", e.event.id.ordinal(),
                                        " builds on it: void that first, or both with dependents"));
    }
    draft.Add(Voided{e.event.id, c.reason});
  }
  return absl::OkStatus();
}

// The payload as it counts now, with the changes made.
absl::StatusOr<std::string> Replacement(const Situation& s, const RecordedEvent& target,
                                        const Amend& c) {
  if (c.changes.empty()) return std::string();
  Event current;
  for (const EffectiveEvent& e : ApplyRevisions(s.history, kMaxTime)) {
    if (e.event.id == target.id) current.payload = e.event.event.payload;
  }
  auto changed = ChangePayload(current.payload, c.changes);
  if (!changed.ok()) return changed.status();
  current.payload = *std::move(changed);
  if (auto* opened = std::get_if<AccountOpened>(&current.payload)) {
    opened->name_key = NameKeyBeside(s, opened->name);
  } else if (auto* updated = std::get_if<AccountUpdated>(&current.payload)) {
    updated->name_key = updated->name ? NameKeyBeside(s, *updated->name) : "";
  }
  return EncodeEvent(current);
}

}  // namespace

ContactId PersonWhoseProfileIsVoid(std::span<const RecordedEvent> history, const EventRef& event) {
  const uint64_t fact = event.id ? 0 : FactKeyOf(event.key);
  EventId id = event.id;
  // From the undoing to what was undone: they are newest first.
  for (size_t i = history.size(); i-- > 0;) {
    const Event& recorded = history[i].event;
    if (id ? history[i].id != id : fact == 0 || recorded.fact != fact) continue;
    if (const auto* update = std::get_if<ContactUpdated>(&recorded.payload)) return update->contact;
    const auto* undone = std::get_if<Voided>(&recorded.payload);
    if (undone == nullptr) return {};
    id = undone->event;
  }
  return {};
}

Outcome DecideOn(const TouchRetract& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  auto target = FindEvent(s, "touch", c.touch);
  if (!target.ok()) return target.status();
  if (!std::holds_alternative<TouchRecorded>((*target)->event.payload)) {
    return InvalidField("touch", "is not a touch");
  }
  if (IsVoided(s, (*target)->id)) return RefusedByRule("voided", "it is retracted already");
  return Revise(s, TouchRetracted{(*target)->id, c.reason});
}

Outcome DecideOn(const Amend& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckKey("reason", c.reason));
  auto target = FindEvent(s, "event", c.event);
  if (!target.ok()) return target.status();
  if (RevisesHistory((*target)->event.payload)) {
    return InvalidField("event", "a correction is not amended: void it");
  }
  if (IsVoided(s, (*target)->id)) return RefusedByRule("voided", "the event is void");
  if (!c.occurred_at && c.changes.empty()) {
    return InvalidField("changes", "nothing is changed");
  }
  if (c.occurred_at && !IsValid(c.occurred_at->at)) {
    return InvalidField("occurred_at", "is not within 1900..2199");
  }
  auto replacement = Replacement(s, **target, c);
  if (!replacement.ok()) return replacement.status();
  Amended amended;
  amended.event = (*target)->id;
  if (c.occurred_at) amended.occurred_at = c.occurred_at->at;
  amended.occurred_day = c.occurred_at && c.occurred_at->day;
  amended.replacement = *std::move(replacement);
  amended.reason = c.reason;
  return Revise(s, std::move(amended));
}

Outcome DecideOn(const Void& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckKey("reason", c.reason));
  auto target = FindEvent(s, "event", c.event);
  if (!target.ok()) return target.status();
  const EventPayload& payload = (*target)->event.payload;
  if (IsIrrevocable(payload) || VoidsIrrevocable(s, payload)) {
    return RefusedByRule("irrevocable", "what others refer to cannot be void");
  }
  if (IsVoided(s, (*target)->id)) return RefusedByRule("voided", "the event is void already");
  const std::vector<EffectiveEvent> events = ApplyRevisions(s.history, kMaxTime);
  Draft draft(s);
  draft.Add(Voided{(*target)->id, c.reason});
  THROUGHLINE_RETURN_IF_ERROR(VoidDependents(events, payload, c, draft));
  if (const auto* moved = std::get_if<LeadMoved>(&payload);
      moved != nullptr && moved->opportunity) {
    UnlinkLeads(
        events,
        [&](LeadId lead, OpportunityId deal) {
          return lead == moved->lead && deal == moved->opportunity;
        },
        c.reason, draft);
  }
  if (const ContactId person = PersonWhoseProfileIsVoid(s.history, c.event)) {
    RestoreProfiles(s, person, draft);
  }
  return Finished(s, std::move(draft));
}

}  // namespace throughline
