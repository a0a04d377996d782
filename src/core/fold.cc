#include "core/fold.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "absl/strings/str_cat.h"
#include "model/codec.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// Where an event stands in a history ordered by event id; -1 if it is not in it.
ptrdiff_t PositionOf(const std::vector<EffectiveEvent>& events, EventId id) {
  const auto at =
      std::lower_bound(events.begin(), events.end(), id,
                       [](const EffectiveEvent& e, EventId wanted) { return e.event.id < wanted; });
  return at == events.end() || at->event.id != id ? -1 : std::distance(events.begin(), at);
}

EventId TargetOf(const EventPayload& payload) {
  if (const auto* amended = std::get_if<Amended>(&payload)) return amended->event;
  if (const auto* voided = std::get_if<Voided>(&payload)) return voided->event;
  if (const auto* retracted = std::get_if<TouchRetracted>(&payload)) return retracted->touch;
  return {};
}

void ApplyAmendment(const Amended& amendment, EffectiveEvent& target) {
  if (target.amended) return;  // a later amendment stands already
  target.amended = true;
  if (amendment.occurred_at) {
    target.event.event.occurred_at = *amendment.occurred_at;
    target.event.event.occurred_day = amendment.occurred_day;
  }
  if (amendment.replacement.empty()) return;
  absl::StatusOr<Event> replacement = DecodeEvent(amendment.replacement);
  if (replacement.ok()) target.event.event.payload = std::move(replacement->payload);
}

// Identity is not a matter of dates: an account entered late still had its earlier touches.
bool IsIdentity(const EventPayload& payload) {
  return std::holds_alternative<AccountOpened>(payload) ||
         std::holds_alternative<ContactAdded>(payload);
}

}  // namespace

absl::Status CheckSeq(const std::optional<int64_t>& seq, int64_t last) {
  if (!seq || (0 <= *seq && *seq <= last)) return absl::OkStatus();
  return InvalidField("seq", absl::StrCat(*seq, " is no commit of this ledger: there are ", last));
}

std::vector<EffectiveEvent> ApplyRevisions(std::span<const RecordedEvent> history, Time known_at) {
  std::vector<EffectiveEvent> events;
  events.reserve(history.size());
  for (const RecordedEvent& event : history) {
    if (event.known_at() <= known_at) events.push_back({event, false, false, {}});
  }
  // A revision only concerns events before it: from the newest on, each is settled when reached.
  for (ptrdiff_t i = std::ssize(events) - 1; i >= 0; --i) {
    const EffectiveEvent& revision = events[i];
    if (revision.voided || !RevisesHistory(revision.event.event.payload)) continue;
    const ptrdiff_t at = PositionOf(events, TargetOf(revision.event.event.payload));
    if (at < 0 || at >= i) continue;
    EffectiveEvent& target = events[at];
    if (!target.revised_by) target.revised_by = revision.event.id;
    if (const auto* amendment = std::get_if<Amended>(&revision.event.event.payload)) {
      ApplyAmendment(*amendment, target);
    } else {
      target.voided = true;
    }
  }
  return events;
}

Rows Fold(std::span<const RecordedEvent> history, const AsOf& as_of) {
  Rows rows;
  rows.touches_known = true;
  for (const EffectiveEvent& effective : ApplyRevisions(history, as_of.known_at)) {
    const Event& event = effective.event.event;
    if (effective.voided) {
      // It happened to the stream all the same: only its content does not count.
      RecordedEvent hollow = effective.event;
      hollow.event.payload = std::monostate{};
      Evolve(rows, hollow);
    } else if (event.occurred_at <= as_of.through || IsIdentity(event.payload)) {
      Evolve(rows, effective.event);
    }
  }
  // What went away again (a contact that moved on) may by now belong to somebody else: a fold says
  // what there is, not what has to be erased.
  Rows::ForEachDerived(rows, [](auto& set) { set.DropErased(); });
  return rows;
}

}  // namespace throughline
