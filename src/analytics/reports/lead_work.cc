#include "analytics/reports/lead_work.h"

#include <algorithm>

#include "core/rows.h"

namespace throughline {
namespace {

// Who a contact is, as far as merges of persons were recorded before an event.
class Persons {
 public:
  Persons(const Group& group, const AsOf& as_of) : group_(group), as_of_(as_of) {}

  uint32_t RootOf(uint32_t contact, EventId before) const {
    Aliases<uint32_t> aliases;
    for (const PersonFact& person : group_.persons()) {
      if (person.event >= before || !Counts(person, group_.block(), as_of_)) continue;
      if (person.parts) {
        aliases.Part(person.merged);
      } else {
        aliases.Merge(person.merged, person.contact);
      }
    }
    return aliases.RootOf(contact);
  }

 private:
  const Group& group_;
  const AsOf& as_of_;
};

// A touch that names a lead is about it; one that names only a person, about the person's leads.
bool IsAbout(const Touch& touch, const RecordInGroup& lead, const Persons& persons) {
  if (touch.of_lead) return touch.record == lead.record.id;
  if (touch.contact == 0 || lead.state.contact == 0) return false;
  if (touch.contact == lead.state.contact) return true;
  return persons.RootOf(touch.contact, touch.event) ==
         persons.RootOf(lead.state.contact, touch.event);
}

// Calls visit(touch) with each follow-up of a lead that was recorded behind its hand-off.
template <class Visit>
void ForEachFollowUp(const RecordInGroup& lead, const AsOf& as_of, Visit&& visit) {
  if (!lead.state.handed_off_at) return;
  const Group& group = lead.group;
  const Persons persons(group, as_of);
  for (const size_t account : MergedWith(group, lead.account(), as_of.known_at)) {
    for (const Touch& touch : group.TouchesOf(account, TouchClass::kBoth, TouchClass::kFollowUp)) {
      if (touch.event < lead.state.handed_off || touch.occurred_at < *lead.state.handed_off_at) {
        continue;
      }
      if (Counts(touch, group.block(), as_of) && IsAbout(touch, lead, persons)) visit(touch);
    }
  }
}

}  // namespace

std::optional<Time> FollowedUpAt(const RecordInGroup& lead, const AsOf& as_of) {
  std::optional<Time> first;
  ForEachFollowUp(lead, as_of, [&](const Touch& touch) {
    first = std::min(first.value_or(touch.occurred_at), touch.occurred_at);
  });
  return first;
}

Time LastActionAt(const RecordInGroup& lead, const AsOf& as_of) {
  Time last = lead.state.handed_off_at.value_or(lead.state.opened_at);
  for (const RecordFact& fact : lead.group.FactsOf(lead.record)) {
    const bool acts = fact.kind == FactKind::kMoved || fact.kind == FactKind::kAssigned;
    if (acts && Counts(fact, lead.group.block(), as_of)) last = std::max(last, fact.occurred_at);
  }
  ForEachFollowUp(lead, as_of,
                  [&](const Touch& touch) { last = std::max(last, touch.occurred_at); });
  return last;
}

}  // namespace throughline
