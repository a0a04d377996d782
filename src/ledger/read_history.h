#ifndef THROUGHLINE_LEDGER_READ_HISTORY_H_
#define THROUGHLINE_LEDGER_READ_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fold.h"
#include "throughline/event.h"
#include "throughline/ids.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/store.h"
#include "throughline/trace.h"

// Reads of what happened, in one read transaction each.

namespace throughline {

// An event as it counts now, for a timeline.
TimelineEntry EntryOf(EffectiveEvent&& e);

absl::StatusOr<AccountState> ReadState(ReadTransaction& transaction, const AccountRef& ref,
                                       const AsOfRequest& as_of);

absl::StatusOr<TimelinePage> ReadTimeline(ReadTransaction& transaction, const AccountRef& ref,
                                          const TimelineRequest& request);

// NOT_FOUND also if the record was not known then.
absl::StatusOr<Trace> ReadTrace(ReadTransaction& transaction, const LeadRef& ref,
                                const AsOfRequest& as_of, const Policy& policy);
absl::StatusOr<Trace> ReadTrace(ReadTransaction& transaction, const OpportunityRef& ref,
                                const AsOfRequest& as_of, const Policy& policy);

absl::StatusOr<std::vector<Commit>> ReadCommitsAfter(ReadTransaction& transaction, int64_t after,
                                                     size_t limit);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_READ_HISTORY_H_
