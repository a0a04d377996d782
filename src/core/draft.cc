#include <algorithm>
#include <iterator>
#include <utility>

#include "core/digest.h"
#include "core/episode.h"
#include "core/fold.h"
#include "core/rules.h"
#include "model/text.h"

namespace throughline {
namespace {

// The account that a record is in; `otherwise` if it is only about to be opened.
template <class Row, class Key>
AccountId HomeIn(const RowSet<Row>& rows, Key id, AccountId otherwise) {
  const Row* row = rows.Find(id);
  return row == nullptr ? otherwise : row->account;
}

// Whose stream an event belongs in: that of the record it is about, which in a group may be another
// than the command's.
struct StreamFinder {
  const Situation& s;

  template <class Other>
  AccountId operator()(const Other&) const {
    return s.account;
  }
  AccountId operator()(const LeadMoved& e) const { return OfLead(e.lead); }
  AccountId operator()(const LeadAssigned& e) const { return OfLead(e.lead); }
  AccountId operator()(const LeadHandedOff& e) const { return OfLead(e.lead); }
  AccountId operator()(const OpportunityMoved& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const OpportunityValued& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const OpportunityAssigned& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const OpportunityRoleSet& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const OpportunityBooked& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const OpportunityLinked& e) const { return OfDeal(e.opportunity); }
  AccountId operator()(const ContactUpdated& e) const { return OfContact(e.contact); }
  AccountId operator()(const ContactErased& e) const { return OfContact(e.contact); }
  AccountId operator()(const ContactMerged& e) const { return OfContact(e.merged); }
  AccountId operator()(const ContactUnmerged& e) const { return OfContact(e.merged); }
  AccountId operator()(const Amended& e) const { return OfEvent(e.event); }
  AccountId operator()(const Voided& e) const { return OfEvent(e.event); }
  AccountId operator()(const TouchRetracted& e) const { return OfEvent(e.touch); }

 private:
  AccountId OfLead(LeadId id) const { return HomeIn(s.rows.leads, id, s.account); }
  AccountId OfDeal(OpportunityId id) const { return HomeIn(s.rows.opportunities, id, s.account); }
  AccountId OfContact(ContactId id) const { return HomeIn(s.rows.contacts, id, s.account); }
  AccountId OfEvent(EventId id) const {
    const auto at = std::lower_bound(
        s.history.begin(), s.history.end(), id,
        [](const RecordedEvent& event, EventId wanted) { return event.id < wanted; });
    return at == s.history.end() ? s.account : at->stream;
  }
};

}  // namespace

void Draft::Add(EventPayload payload, uint32_t breaches) {
  const AccountId stream = std::visit(StreamFinder{s_}, payload);
  AddTo(stream, std::move(payload), breaches);
}

Event& Draft::AddTo(AccountId stream, EventPayload payload, uint32_t breaches) {
  std::vector<StreamEvents>& streams = decision_.streams;
  // A fact that became several events is found again by its first.
  const uint64_t fact = streams.empty() || streams.front().events.empty() ? s_.context.fact : 0;
  auto at = std::ranges::find(streams, stream, &StreamEvents::account);
  if (at == streams.end()) at = streams.insert(at, StreamEvents{stream, {}});
  const Moment moment = OccurredAt(s_);
  return at->events.emplace_back(Event{moment.at, moment.day, s_.context.entered_at, fact, breaches,
                                       s_.context.actor.id, std::move(payload)});
}

std::vector<RecordedEvent> Draft::Added() const {
  std::vector<RecordedEvent> added;
  EventId next = s_.next_event;
  for (const StreamEvents& stream : decision_.streams) {
    for (const Event& event : stream.events) {
      RecordedEvent& recorded = added.emplace_back();
      recorded.id = next;
      recorded.stream = stream.account;
      recorded.recorded_at = s_.now;
      recorded.event = event;
      ++next.packed;
    }
  }
  return added;
}

std::vector<RecordedEvent> Draft::History() const {
  std::vector<RecordedEvent> history(s_.history.begin(), s_.history.end());
  std::ranges::move(Added(), std::back_inserter(history));
  return history;
}

// What was decided with the whole history at hand may have changed what others come from. A
// lineage speaks of the moment in which its record opened.
void Draft::AddRelinks() {
  const Time since = decision_.refold ? kMinTime : OccurredAt(s_).at;
  const std::vector<RecordedEvent> added = Added();
  const EffectiveHistory effective(s_.history, added);
  for (const auto& group : effective.Groups()) {
    for (const Relink& relink : RelinksOf(group, s_.policy, since)) {
      Event& event =
          relink.lead
              ? AddTo(relink.account, LeadRelinked{relink.lead, relink.lineage}, 0)
              : AddTo(relink.account, OpportunityRelinked{relink.opportunity, relink.lineage}, 0);
      event.occurred_at = relink.opened_at;
      event.occurred_day = false;
    }
  }
}

Decision Draft::Finish() && {
  // Of a person who is erased the history has only parts of other groups; what they did stays.
  if (!s_.history.empty() && !decision_.erasure) AddRelinks();
  return std::move(decision_);
}

void Draft::Opened(EntityKind entity, int64_t id) {
  decision_.entity = entity;
  decision_.id = id;
}

VaultRef Draft::KeepProfile(ContactProfileRow profile) {
  profile.salt = s_.supply.Salt();
  const std::string key = EmailKey(profile.email);
  profile.email_key = key.empty() ? std::nullopt : std::optional(key);
  VaultRef ref{profile.revision, ProfileDigest(profile)};
  decision_.profiles.push_back(std::move(profile));
  return ref;
}

VaultRef Draft::KeepNote(NoteRow note) {
  note.salt = s_.supply.Salt();
  VaultRef ref{note.revision, NoteDigest(note)};
  decision_.notes.push_back(std::move(note));
  return ref;
}

void Draft::KeepExternalIds(ContactId contact, const std::vector<ExternalId>& external_ids) {
  for (const ExternalId& id : external_ids) {
    decision_.contact_external_ids.push_back({id.system, id.key, contact});
  }
}

}  // namespace throughline
