#include "ledger/person_history.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "ledger/journal_stream.h"

namespace throughline {

namespace {

// Adds the accounts from which the contact came to that of the history, but for those there are.
void AddOrigins(ContactId contact, std::span<const RecordedEvent> history,
                std::vector<AccountId>& homes) {
  for (const RecordedEvent& event : history) {
    const auto* moved = std::get_if<ContactMoved>(&event.event.payload);
    if (moved == nullptr || moved->contact != contact) continue;
    if (std::find(homes.begin(), homes.end(), moved->from) == homes.end()) {
      homes.push_back(moved->from);
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<RecordedEvent>> ReadEarlierHomes(
    ReadTransaction& store, ContactId contact, std::span<const RecordedEvent> history) {
  std::vector<RecordedEvent> earlier;
  if (history.empty()) return earlier;
  std::vector<AccountId> homes = {history.front().stream};
  AddOrigins(contact, history, homes);
  for (size_t i = 1; i < homes.size(); ++i) {
    absl::StatusOr<std::vector<RecordedEvent>> events = ReadHistory(store, homes[i]);
    if (!events.ok()) return events;
    AddOrigins(contact, *events, homes);
    std::move(events->begin(), events->end(), std::back_inserter(earlier));
  }
  return earlier;
}

}  // namespace throughline
