#include <algorithm>
#include <iostream>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/json.h"
#include "throughline/limits.h"
#include "throughline/time.h"
#include "words.h"

namespace throughline {
namespace {

std::string EventIdText(EventId id) {
  return std::to_string(id.seq()) + ":" + std::to_string(id.ordinal());
}

void PrintText(const TimelineEntry& entry, Words& words) {
  std::string line = FormatMoment(entry.event.occurred()).substr(0, 16);
  line.resize(18, ' ');
  line += EventIdText(entry.id);
  line.resize(std::max<size_t>(line.size() + 1, 30), ' ');
  line += words.Event(entry.event.payload) + BreachesText(entry.event.breaches);
  if (entry.voided) line += " [void]";
  if (entry.amended) line += " [amended]";
  if (entry.event.entered_at &&
      entry.event.entered_at->micros - entry.event.occurred_at.micros >= 7 * kMicrosPerDay) {
    line += " [entered " + FormatDate(DateOf(*entry.event.entered_at)) + "]";
  }
  std::cout << line << "\n";
}

}  // namespace

absl::StatusOr<ExitCode> RunTimeline(const TimelineArguments& arguments) {
  absl::StatusOr<AccountRef> account = ParseRef<AccountTag>(arguments.account);
  if (!account.ok()) return account.status();
  TimelineRequest request;
  request.newest_first = arguments.newest_first;
  absl::StatusOr<AsOfRequest> as_of = ParseAsOf(arguments.as_of);
  if (!as_of.ok()) return as_of.status();
  request.as_of = *as_of;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  Words words(**ledger);
  int64_t left = arguments.limit;
  do {
    request.page.size = static_cast<size_t>(std::min<int64_t>(left, kMaxPageSize));
    absl::StatusOr<TimelinePage> page = (*ledger)->Timeline(*account, request);
    if (!page.ok()) return page.status();
    for (const TimelineEntry& entry : page->items) {
      if (arguments.format == "json") {
        std::cout << ToJson(entry) << "\n";
      } else {
        PrintText(entry, words);
      }
    }
    left -= static_cast<int64_t>(page->items.size());
    request.page.cursor = page->next;
  } while (left > 0 && !request.page.cursor.empty());
  return kDone;
}

}  // namespace throughline
