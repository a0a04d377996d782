#include "ledger/person_history.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "ledger/journal_stream.h"

namespace throughline {

namespace {

void AddOnce(AccountId account, std::vector<AccountId>& homes) {
  if (std::find(homes.begin(), homes.end(), account) == homes.end()) homes.push_back(account);
}

// Adds the accounts from which the contact came to that of the history, and those that were ever
// merged with it: what the contact did may be recorded of them.
void AddOthers(ContactId contact, std::span<const RecordedEvent> history,
               std::vector<AccountId>& homes) {
  for (const RecordedEvent& event : history) {
    if (const auto* moved = std::get_if<ContactMoved>(&event.event.payload)) {
      if (moved->contact == contact) AddOnce(moved->from, homes);
    } else if (const auto* merged = std::get_if<AccountMerged>(&event.event.payload)) {
      AddOnce(merged->account, homes);
      AddOnce(merged->merged, homes);
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<RecordedEvent>> ReadOtherHomes(ReadTransaction& store, ContactId contact,
                                                          std::span<const RecordedEvent> history) {
  std::vector<RecordedEvent> earlier;
  if (history.empty()) return earlier;
  std::vector<AccountId> homes;
  for (const RecordedEvent& event : history) AddOnce(event.stream, homes);
  size_t next = homes.size();
  AddOthers(contact, history, homes);
  for (; next < homes.size(); ++next) {
    absl::StatusOr<std::vector<RecordedEvent>> events = ReadHistory(store, homes[next]);
    if (!events.ok()) return events;
    AddOthers(contact, *events, homes);
    std::move(events->begin(), events->end(), std::back_inserter(earlier));
  }
  return earlier;
}

}  // namespace throughline
