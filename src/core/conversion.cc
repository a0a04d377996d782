#include "core/conversion.h"

#include <utility>
#include <variant>

#include "model/codec.h"

namespace throughline {
namespace {

void AddVoid(const EffectiveEvent& event, const std::string& reason, Draft& draft) {
  draft.Add(Voided{event.event.id, reason});
}

// An opening that named the leads is amended: it names the others.
void Unlink(const EffectiveEvent& event, const OpportunityOpened& opened, const Parted& parted,
            const std::string& reason, Draft& draft) {
  OpportunityOpened without = opened;
  const auto removed =
      std::erase_if(without.leads, [&](LeadId lead) { return parted(lead, opened.opportunity); });
  if (removed == 0) return;
  Event replacement;
  replacement.payload = std::move(without);
  Amended amended;
  amended.event = event.event.id;
  amended.replacement = EncodeEvent(replacement);
  amended.reason = reason;
  draft.Add(std::move(amended));
}

}  // namespace

void UnlinkLeads(std::span<const EffectiveEvent> events, const Parted& parted,
                 const std::string& reason, Draft& draft) {
  for (const EffectiveEvent& e : events) {
    if (e.voided) continue;
    const EventPayload& payload = e.event.event.payload;
    if (const auto* opened = std::get_if<OpportunityOpened>(&payload)) {
      Unlink(e, *opened, parted, reason, draft);
    } else if (const auto* linked = std::get_if<OpportunityLinked>(&payload)) {
      if (parted(linked->lead, linked->opportunity)) AddVoid(e, reason, draft);
    }
  }
}

void UndoConversions(std::span<const EffectiveEvent> events, const Parted& parted,
                     const std::string& reason, Draft& draft) {
  for (const EffectiveEvent& e : events) {
    const auto* moved = e.voided ? nullptr : std::get_if<LeadMoved>(&e.event.event.payload);
    if (moved == nullptr || !moved->opportunity) continue;
    if (parted(moved->lead, moved->opportunity)) AddVoid(e, reason, draft);
  }
  UnlinkLeads(events, parted, reason, draft);
}

}  // namespace throughline
