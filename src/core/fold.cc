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
ptrdiff_t PositionOf(const std::vector<EffectiveHistory::Item>& items, EventId id) {
  const auto at =
      std::ranges::lower_bound(items, id, {}, [](const auto& item) { return item.event->id; });
  return at == items.end() || at->event->id != id ? -1 : std::distance(items.begin(), at);
}

EventId TargetOf(const EventPayload& payload) {
  if (const auto* amended = std::get_if<Amended>(&payload)) return amended->event;
  if (const auto* voided = std::get_if<Voided>(&payload)) return voided->event;
  if (const auto* retracted = std::get_if<TouchRetracted>(&payload)) return retracted->touch;
  return {};
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

EffectiveHistory::EffectiveHistory(std::span<const RecordedEvent> history,
                                   std::span<const RecordedEvent> added, Time known_at) {
  items_.reserve(history.size() + added.size());
  Add(history, known_at);
  Add(added, known_at);
  // A revision only concerns events before it: from the newest on, each is settled when reached.
  for (ptrdiff_t i = std::ssize(items_) - 1; i >= 0; --i) {
    const Item& revision = items_[i];
    if (revision.voided || !RevisesHistory(revision.event->event.payload)) continue;
    const ptrdiff_t at = PositionOf(items_, TargetOf(revision.event->event.payload));
    if (at >= 0 && at < i) Apply(revision, items_[at]);
  }
}

void EffectiveHistory::Add(std::span<const RecordedEvent> events, Time known_at) {
  for (const RecordedEvent& event : events) {
    if (event.known_at() <= known_at) items_.push_back({&event, false, false, {}});
  }
}

void EffectiveHistory::Apply(const Item& revision, Item& target) {
  if (!target.revised_by) target.revised_by = revision.event->id;
  if (const auto* amendment = std::get_if<Amended>(&revision.event->event.payload)) {
    Amend(*amendment, target);
  } else {
    target.voided = true;
  }
}

void EffectiveHistory::Amend(const Amended& amendment, Item& target) {
  if (target.amended) return;  // a later amendment stands already
  target.amended = true;
  RecordedEvent& amended = amended_.emplace_back(*target.event);
  target.event = &amended;
  if (amendment.occurred_at) {
    amended.event.occurred_at = *amendment.occurred_at;
    amended.event.occurred_day = amendment.occurred_day;
  }
  if (amendment.replacement.empty()) return;
  absl::StatusOr<Event> replacement = DecodeEvent(amendment.replacement);
  if (replacement.ok()) amended.event.payload = std::move(replacement->payload);
}

std::vector<EffectiveEvent> ApplyRevisions(std::span<const RecordedEvent> history, Time known_at) {
  const EffectiveHistory effective(history, {}, known_at);
  std::vector<EffectiveEvent> events;
  events.reserve(effective.items().size());
  for (const auto& [event, voided, amended, revised_by] : effective.items()) {
    events.push_back({*event, voided, amended, revised_by});
  }
  return events;
}

MergedGroups::MergedGroups(std::span<const EffectiveEvent> events) {
  for (const EffectiveEvent& e : events) Add(e.event.event.payload);
}

void MergedGroups::Add(const EventPayload& payload) {
  if (const auto* merged = std::get_if<AccountMerged>(&payload)) {
    aliases_.Merge(merged->merged, merged->account);
  } else if (const auto* unmerged = std::get_if<AccountUnmerged>(&payload)) {
    aliases_.Part(unmerged->merged);
  }
}

namespace {

// `stream_of(item)` is whose event it is.
template <class Item, class StreamOf>
std::vector<std::vector<Item>> Split(std::vector<Item> items, const MergedGroups& groups,
                                     StreamOf&& stream_of) {
  const auto root_of = [&](const Item& item) { return groups.RootOf(stream_of(item)); };
  const bool one = std::ranges::all_of(items, [&](const Item& item) {
    return stream_of(item) == stream_of(items.front()) || root_of(item) == root_of(items.front());
  });
  std::vector<std::vector<Item>> split;
  if (one) {
    split.push_back(std::move(items));
    return split;
  }
  std::map<AccountId, std::vector<Item>> by_root;
  for (Item& item : items) by_root[root_of(item)].push_back(std::move(item));
  for (auto& [root, group] : by_root) split.push_back(std::move(group));
  return split;
}

}  // namespace

std::vector<std::vector<const RecordedEvent*>> EffectiveHistory::Groups() const {
  MergedGroups groups;
  std::vector<const RecordedEvent*> events;
  events.reserve(items_.size());
  for (const Item& item : items_) {
    groups.Add(item.event->event.payload);
    if (!item.voided) events.push_back(item.event);
  }
  return Split(std::move(events), groups, [](const RecordedEvent* event) { return event->stream; });
}

std::vector<std::vector<EffectiveEvent>> SplitByGroup(std::vector<EffectiveEvent> events) {
  const MergedGroups groups(events);
  return Split(std::move(events), groups, [](const EffectiveEvent& e) { return e.event.stream; });
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
