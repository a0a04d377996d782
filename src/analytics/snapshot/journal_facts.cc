#include "analytics/snapshot/journal_facts.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "model/codec.h"

namespace throughline {
namespace {

absl::Status Damaged(int64_t seq, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("commit ", seq, ": ", status.message()));
}

bool Revises(const EventViewPayload& payload) {
  return std::holds_alternative<TouchRetracted>(payload) ||
         std::holds_alternative<Amended>(payload) || std::holds_alternative<Voided>(payload);
}

RecordedEvent RecordedIn(const JournalEntry& entry, EventId id, Event event) {
  const OwnerId actor = ActorOf(OwnerId{entry.actor}, event);
  return {id,    AccountId{entry.account}, entry.version, Time{entry.recorded_at},
          actor, std::move(event)};
}

absl::StatusOr<RecordedEvent> DecodeRecorded(const JournalEntry& entry, EventId id,
                                             std::string_view bytes) {
  absl::StatusOr<Event> event = DecodeEvent(bytes);
  if (!event.ok()) return Damaged(entry.seq, event.status());
  return RecordedIn(entry, id, *std::move(event));
}

}  // namespace

absl::Status JournalFacts::Add(const JournalEntry& entry) {
  if (entry.account == kNoAccount.value) return AddReference(entry);
  const Time recorded_at{entry.recorded_at};
  int64_t ordinal = 0;
  absl::Status damage;
  const absl::Status status = VisitEventViews(entry.events, [&](const EventView& view) {
    const EventId id = EventId::Of(entry.seq, ordinal++);
    extent_.newest_occurred_at = std::max(extent_.newest_occurred_at, view.occurred_at);
    if (Revises(view.payload)) damage.Update(AddRevision(entry, id, view.bytes));
    const Time known_at = std::min(view.entered_at.value_or(recorded_at), recorded_at);
    collector_.Add({view, id, entry.account, known_at});
  });
  extent_.events += ordinal;
  if (!status.ok()) return Damaged(entry.seq, status);
  if (collector_.overflowed()) {
    return absl::ResourceExhaustedError(
        absl::StrCat("commit ", entry.seq, ": an id of more than 32 bits: no snapshot holds it"));
  }
  return damage;
}

absl::Status JournalFacts::AddReference(const JournalEntry& entry) {
  int64_t ordinal = 0;
  const absl::Status status = VisitEvents(entry.events, [&](const Event& event) {
    extent_.newest_occurred_at = std::max(extent_.newest_occurred_at, event.occurred_at);
    extent_.reference.push_back(RecordedIn(entry, EventId::Of(entry.seq, ordinal++), event));
    return true;
  });
  extent_.events += ordinal;
  return status.ok() ? status : Damaged(entry.seq, status);
}

absl::Status JournalFacts::AddRevision(const JournalEntry& entry, EventId id,
                                       std::string_view bytes) {
  absl::StatusOr<RecordedEvent> revision = DecodeRecorded(entry, id, bytes);
  if (!revision.ok()) return revision.status();
  revisions_.Add(*std::move(revision));
  return absl::OkStatus();
}

absl::Status JournalFacts::Revise(ReadTransaction& transaction) {
  const RevisedEvents& revised = revisions_.revised();
  if (revised.empty()) return absl::OkStatus();
  std::vector<EventId> events;
  for (const auto& [event, chain] : revised) events.push_back(event);
  collector_.Drop(events);
  std::vector<EventVersion> versions;
  for (auto next = revised.begin(); next != revised.end();) {
    const int64_t seq = next->first.seq();
    if (absl::Status status = AddVersions(transaction, seq, versions); !status.ok()) return status;
    next = revised.lower_bound(EventId::Of(seq + 1, 0));
  }
  return absl::OkStatus();
}

// Of the events of one commit that were revised.
absl::Status JournalFacts::AddVersions(ReadTransaction& transaction, int64_t seq,
                                       std::vector<EventVersion>& versions) {
  versions.clear();
  absl::Status damage;
  const absl::StatusOr<bool> found = transaction.ReadEntry(seq, [&](const JournalEntry& entry) {
    int64_t ordinal = 0;
    absl::Status status = VisitEventViews(entry.events, [&](const EventView& view) {
      const auto at = revisions_.revised().find(EventId::Of(seq, ordinal++));
      if (at == revisions_.revised().end()) return;
      absl::StatusOr<RecordedEvent> recorded = DecodeRecorded(entry, at->first, view.bytes);
      if (!recorded.ok()) return damage.Update(recorded.status());
      std::vector<RecordedEvent> chain{*std::move(recorded)};
      std::ranges::copy_if(at->second, std::back_inserter(chain), [&](const RecordedEvent& each) {
        return each.stream == chain.front().stream;
      });
      std::ranges::move(VersionsOf(chain), std::back_inserter(versions));
    });
    if (!status.ok()) damage = Damaged(seq, status);
    return false;
  });
  if (!found.ok()) return found.status();
  for (const EventVersion& version : versions) {
    const RecordedEvent& recorded = version.event;
    extent_.newest_occurred_at = std::max(extent_.newest_occurred_at, recorded.event.occurred_at);
    // Encoded again, so that what events say is read in one way.
    std::string encoded;
    AppendEvents(std::span(&recorded.event, 1), encoded);
    const absl::Status status = VisitEventViews(encoded, [&](const EventView& view) {
      collector_.Add(
          {view, recorded.id, recorded.stream.value, version.known_at, version.known_until});
    });
    if (!status.ok()) return Damaged(seq, status);
  }
  return damage;
}

}  // namespace throughline
