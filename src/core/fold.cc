#include "core/fold.h"

#include <algorithm>
#include <iterator>
#include <map>
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
         std::holds_alternative<ContactAdded>(payload) ||
         std::holds_alternative<AccountMerged>(payload) ||
         std::holds_alternative<AccountUnmerged>(payload) ||
         std::holds_alternative<ContactMerged>(payload) ||
         std::holds_alternative<ContactUnmerged>(payload);
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

MergedGroups::MergedGroups(std::span<const EffectiveEvent> events) {
  for (const EffectiveEvent& e : events) {
    const EventPayload& payload = e.event.event.payload;
    if (const auto* merged = std::get_if<AccountMerged>(&payload)) {
      aliases_.Merge(merged->merged, merged->account);
    } else if (const auto* unmerged = std::get_if<AccountUnmerged>(&payload)) {
      aliases_.Part(unmerged->merged);
    }
  }
}

std::vector<std::vector<EffectiveEvent>> SplitByGroup(std::vector<EffectiveEvent> events) {
  const MergedGroups groups(events);
  const auto root_of = [&](const EffectiveEvent& e) { return groups.RootOf(e.event.stream); };
  const bool one = std::ranges::all_of(events, [&](const EffectiveEvent& e) {
    return e.event.stream == events.front().event.stream || root_of(e) == root_of(events.front());
  });
  std::vector<std::vector<EffectiveEvent>> split;
  if (one) {
    split.push_back(std::move(events));
    return split;
  }
  std::map<AccountId, std::vector<EffectiveEvent>> by_root;
  for (EffectiveEvent& e : events) by_root[root_of(e)].push_back(std::move(e));
  for (auto& [root, group] : by_root) split.push_back(std::move(group));
  return split;
}

namespace {

// Merged contacts are one person for the whole of their history.
Aliases<ContactId> PersonsOf(std::span<const EffectiveEvent> group) {
  Aliases<ContactId> persons;
  for (const EffectiveEvent& e : group) {
    if (e.voided) continue;
    if (const auto* merged = std::get_if<ContactMerged>(&e.event.event.payload)) {
      persons.Merge(merged->merged, merged->contact);
    } else if (const auto* unmerged = std::get_if<ContactUnmerged>(&e.event.event.payload)) {
      persons.Part(unmerged->merged);
    }
  }
  return persons;
}

}  // namespace

Rows FoldGroup(std::span<const EffectiveEvent> group, Time through) {
  Rows rows;
  rows.touches_known = true;
  rows.persons = PersonsOf(group);
  for (const EffectiveEvent& effective : group) {
    const Event& event = effective.event.event;
    if (effective.voided) {
      // It happened to the stream all the same: only its content does not count.
      RecordedEvent hollow = effective.event;
      hollow.event.payload = std::monostate{};
      Evolve(rows, hollow);
    } else if (event.occurred_at <= through || IsIdentity(event.payload)) {
      Evolve(rows, effective.event);
    }
  }
  // What went away again (a contact that moved on) may by now belong to somebody else: a fold says
  // what there is, not what has to be erased.
  Rows::ForEachDerived(rows, [](auto& set) { set.DropErased(); });
  rows.persons.reset();
  return rows;
}

Rows Fold(std::span<const RecordedEvent> history, const AsOf& as_of) {
  const auto groups = SplitByGroup(ApplyRevisions(history, as_of.known_at));
  Rows rows = FoldGroup(groups.front(), as_of.through);
  for (const auto& group : std::span(groups).subspan(1)) {
    // What a group's history says of a record of another one, of before they parted, is not its
    // business: each is folded by itself.
    Rows others = FoldGroup(group, as_of.through);
    Rows::ForEachDerivedPair(others, rows,
                             [](auto& some, auto& all) { all.Join(std::move(some)); });
    std::ranges::move(others.touches, std::back_inserter(rows.touches));
  }
  return rows;
}

}  // namespace throughline
