#include "analytics/snapshot/lead_work.h"

#include <algorithm>

#include "analytics/snapshot/persons.h"

namespace throughline {
namespace {

// A touch that names a lead is about it; one that names only a person, about the person's leads.
bool IsAbout(const Touch& touch, const RecordInGroup& lead, const AsOf& as_of) {
  if (touch.of_lead) return touch.record == lead.record.id;
  if (touch.contact == 0 || lead.state.contact == 0) return false;
  if (touch.contact == lead.state.contact) return true;
  const Aliases<uint32_t> persons = PersonsOf(lead.group, as_of, touch.event);
  return persons.RootOf(touch.contact) == persons.RootOf(lead.state.contact);
}

// Calls visit(touch) with each follow-up of a lead that was recorded behind its hand-off.
template <class Visit>
void ForEachFollowUp(const RecordInGroup& lead, const AsOf& as_of, Visit&& visit) {
  if (!lead.state.handed_off_at) return;
  const Group& group = lead.group;
  for (const size_t account : MergedWith(group, lead.account(), as_of.known_at)) {
    for (const Touch& touch : group.TouchesOf(account, TouchClass::kBoth, TouchClass::kFollowUp)) {
      if (touch.event < lead.state.handed_off || touch.occurred_at < *lead.state.handed_off_at) {
        continue;
      }
      if (Counts(touch, group.block(), as_of) && IsAbout(touch, lead, as_of)) visit(touch);
    }
  }
}

}  // namespace

std::optional<Time> FollowedUpAt(const RecordInGroup& lead, const AsOf& as_of) {
  if (lead.standing != nullptr && lead.standing->sought_work) return lead.standing->followed_up_at;
  return FindFollowUp(lead, as_of);
}

std::optional<Time> FindFollowUp(const RecordInGroup& lead, const AsOf& as_of) {
  std::optional<Time> first;
  ForEachFollowUp(lead, as_of, [&](const Touch& touch) {
    first = std::min(first.value_or(touch.occurred_at), touch.occurred_at);
  });
  return first;
}

LeadWork WorkOn(const RecordInGroup& lead, const AsOf& as_of) {
  LeadWork work;
  Time& last = work.last_action_at;
  last = lead.state.handed_off_at.value_or(lead.state.opened_at);
  for (const RecordFact& fact : lead.group.FactsOf(lead.record)) {
    const bool acts = fact.kind == FactKind::kMoved || fact.kind == FactKind::kAssigned;
    if (acts && Counts(fact, lead.group.block(), as_of)) last = std::max(last, fact.occurred_at);
  }
  ForEachFollowUp(lead, as_of, [&](const Touch& touch) {
    const Time at = touch.occurred_at;
    work.followed_up_at = std::min(work.followed_up_at.value_or(at), at);
    last = std::max(last, at);
  });
  return work;
}

}  // namespace throughline
