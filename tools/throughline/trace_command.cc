#include <iostream>
#include <optional>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/time.h"
#include "throughline/trace.h"
#include "words.h"

namespace throughline {

absl::StatusOr<ExitCode> RunTrace(const TraceArguments& arguments) {
  absl::StatusOr<OpportunityRef> ref = ParseRef<OpportunityTag>(arguments.opportunity);
  if (!ref.ok()) return ref.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<Trace> trace = TraceOf(**ledger, *ref);
  if (!trace.ok()) return trace.status();

  Words words(**ledger);
  std::cout << trace->sentence << "\n\n";
  std::optional<Time> last;
  for (const TimelineEntry& entry : trace->line) {
    const Event& event = entry.event;
    const int64_t silence = last ? (event.occurred_at.micros - last->micros) / kMicrosPerDay : 0;
    if (silence >= 60) std::cout << "            ... " << silence << " days of silence ...\n";
    std::cout << FormatDate(DateOf(event.occurred_at)) << "  " << words.Event(event.payload)
              << "\n";
    last = event.occurred_at;
  }
  return kDone;
}

}  // namespace throughline
