#include "core/person.h"

#include <type_traits>
#include <variant>

#include "throughline/field.h"

namespace throughline {
namespace {

// Whether a member of an event is the contact, or one of the leads.
bool Is(ContactId member, ContactId contact, const std::set<LeadId>&) { return member == contact; }
bool Is(LeadId member, ContactId, const std::set<LeadId>& leads) { return leads.contains(member); }
template <class T>
bool Is(const T&, ContactId, const std::set<LeadId>&) {
  return false;
}

}  // namespace

bool Person::IsNamedBy(const EventPayload& payload) {
  const auto* opened = std::get_if<LeadOpened>(&payload);
  if (opened != nullptr && opened->contact == contact_) leads_.insert(opened->lead);
  if (const auto* note = std::get_if<NoteAdded>(&payload)) {
    return (note->about == EntityKind::kContact && note->about_id == contact_.value) ||
           (note->about == EntityKind::kLead && leads_.contains(LeadId{note->about_id}));
  }
  return std::visit(
      [&]<class Kind>(const Kind& event) {
        bool named = false;
        if constexpr (HasFields<Kind>) {
          ForEachField<Kind>(
              [&](const auto& field) { named |= Is(event.*field.member, contact_, leads_); });
        }
        return named;
      },
      payload);
}

}  // namespace throughline
