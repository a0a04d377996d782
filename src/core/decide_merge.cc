#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/conversion.h"
#include "core/fold.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"

// One company, or one person, known twice. A merge is an edge; every event stays where it is.

namespace throughline {
namespace {

// Both are there, neither is the other, and the edge closes no circle.
template <class Row>
absl::Status CheckMerge(const RowSet<Row>& rows, typename RowSet<Row>::Key to_id,
                        typename RowSet<Row>::Key merged_id, std::string_view kind) {
  if (!to_id || rows.Find(to_id) == nullptr) return InvalidField(kind, "is needed");
  const Row* merged = merged_id ? rows.Find(merged_id) : nullptr;
  if (merged == nullptr) return InvalidField("merged", "is needed");
  if (to_id == merged_id) return InvalidField("merged", "is merged with itself");
  if (merged->merged_into) {
    return RefusedByRule("merged", absl::StrCat(std::string(kind), " ", merged_id.value,
                                                " is an alias of ", merged->merged_into.value,
                                                " already: merge that, or undo it first"));
  }
  if (RootOf(rows, to_id) == merged_id) {
    return RefusedByRule("merged", absl::StrCat(std::string(kind), " ", to_id.value,
                                                " is an alias of ", merged_id.value, " already"));
  }
  return absl::OkStatus();
}

absl::Status NotMerged(std::string_view kind, int64_t id) {
  return RefusedByRule("merged",
                       absl::StrCat(std::string(kind), " ", id, " is no alias of another"));
}

// The newest merge of an account that stands.
EventId MergeThatStands(std::span<const RecordedEvent> history, AccountId merged) {
  EventId id;
  for (const RecordedEvent& event : history) {
    const auto* merge = std::get_if<AccountMerged>(&event.event.payload);
    if (merge != nullptr && merge->merged == merged) id = event.id;
  }
  return id;
}

// To which side of a merge that is undone a record belongs.
class Sides {
 public:
  Sides(const Rows& rows, std::span<const EffectiveEvent> events) : rows_(rows), groups_(events) {}

  template <class Set, class Id>
  bool Differ(AccountId stream, const Set& set, Id id) const {
    const auto* row = id ? set.Find(id) : nullptr;
    return row != nullptr && groups_.RootOf(row->account) != groups_.RootOf(stream);
  }
  bool Parts(LeadId lead, OpportunityId opportunity) const {
    const LeadRow* row = rows_.leads.Find(lead);
    return row != nullptr && Differ(row->account, rows_.opportunities, opportunity);
  }
  bool Crosses(AccountId stream, const EventPayload& payload) const {
    if (const auto* touch = std::get_if<TouchRecorded>(&payload)) {
      return Differ(stream, rows_.contacts, touch->contact) ||
             Differ(stream, rows_.leads, touch->lead) ||
             Differ(stream, rows_.opportunities, touch->opportunity);
    }
    if (const auto* role = std::get_if<OpportunityRoleSet>(&payload)) {
      return Differ(stream, rows_.contacts, role->contact);
    }
    const auto* lead = std::get_if<LeadOpened>(&payload);
    return lead != nullptr && Differ(stream, rows_.contacts, lead->contact);
  }
  bool Crosses(const ContactMerged& merge) const {
    const ContactRow* merged = rows_.contacts.Find(merge.merged);
    return merged != nullptr && Differ(merged->account, rows_.contacts, merge.contact);
  }

 private:
  const Rows& rows_;
  MergedGroups groups_;
};

AccountUnmerged UnmergeOf(const AccountUnmerge& c, const AccountRow& alias) {
  AccountUnmerged unmerged;
  unmerged.account = alias.merged_into;
  unmerged.merged = alias.account;
  unmerged.reason = c.reason;
  return unmerged;
}

// The history as it counts once the merge is undone.
std::vector<EffectiveEvent> PartedHistory(const Situation& s, const AccountUnmerged& unmerged) {
  Draft draft(s);
  draft.AddTo(unmerged.merged, unmerged);
  return ApplyRevisions(draft.History(), kMaxTime);
}

// What names records of both sides since they were merged, and stays.
std::vector<EventId> CrossingEvents(const Sides& sides, std::span<const EffectiveEvent> events,
                                    EventId since) {
  std::vector<EventId> crossing;
  for (const EffectiveEvent& e : events) {
    if (e.voided || e.event.id < since) continue;
    if (sides.Crosses(e.event.stream, e.event.event.payload)) crossing.push_back(e.event.id);
  }
  return crossing;
}

void PartContacts(const Sides& sides, std::span<const EffectiveEvent> events,
                  const std::string& reason, Draft& draft) {
  for (const EffectiveEvent& e : events) {
    const auto* merge = e.voided ? nullptr : std::get_if<ContactMerged>(&e.event.event.payload);
    if (merge != nullptr && sides.Crosses(*merge)) draft.Add(Voided{e.event.id, reason});
  }
}

}  // namespace

Outcome DecideOn(const AccountMerge& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  THROUGHLINE_RETURN_IF_ERROR(CheckMerge(s.rows.accounts, c.account.id, c.merged.id, "account"));
  Draft draft(s);
  draft.decision().refold = true;
  const AccountMerged merged{c.account.id, c.merged.id, c.reason};
  draft.AddTo(c.account.id, merged);
  draft.AddTo(c.merged.id, merged);
  return std::move(draft).Finish();
}

Outcome DecideOn(const AccountUnmerge& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  const AccountRow* alias = s.rows.accounts.Find(c.account.id);
  if (alias == nullptr) return InvalidField("account", "is needed");
  if (!alias->merged_into) return NotMerged("account", alias->account.value);
  AccountUnmerged unmerged = UnmergeOf(c, *alias);
  const std::vector<EffectiveEvent> events = PartedHistory(s, unmerged);
  const Sides sides(s.rows, events);
  Draft draft(s);
  draft.decision().refold = true;
  unmerged.crossing = CrossingEvents(sides, events, MergeThatStands(s.history, unmerged.merged));
  draft.AddTo(unmerged.merged, unmerged);
  draft.AddTo(unmerged.account, unmerged);
  PartContacts(sides, events, c.reason, draft);
  UndoConversions(
      events, [&](LeadId lead, OpportunityId deal) { return sides.Parts(lead, deal); }, c.reason,
      draft);
  return std::move(draft).Finish();
}

Outcome DecideOn(const ContactMerge& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  THROUGHLINE_RETURN_IF_ERROR(CheckMerge(s.rows.contacts, c.contact.id, c.merged.id, "contact"));
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, c.contact.id));
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, c.merged.id));
  Draft draft(s);
  draft.decision().refold = true;
  draft.Add(ContactMerged{c.contact.id, c.merged.id, c.reason});
  return std::move(draft).Finish();
}

Outcome DecideOn(const ContactUnmerge& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  const ContactRow* alias = s.rows.contacts.Find(c.contact.id);
  if (alias == nullptr) return InvalidField("contact", "is needed");
  if (!alias->merged_into) return NotMerged("contact", alias->contact.value);
  Draft draft(s);
  draft.decision().refold = true;
  draft.Add(ContactUnmerged{alias->merged_into, alias->contact, c.reason});
  return std::move(draft).Finish();
}

}  // namespace throughline
