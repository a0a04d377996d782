#ifndef THROUGHLINE_CORE_TRACE_H_
#define THROUGHLINE_CORE_TRACE_H_

#include <vector>

#include "core/rows.h"
#include "throughline/policy.h"
#include "throughline/trace.h"

namespace throughline {

// Whose line is wanted: one of the two.
struct TraceSubject {
  LeadId lead;
  OpportunityId opportunity;
};

// The line of a record that is in `rows`: those of a group, folded from `timeline`, which is in its
// own order. `as_of` is left to the caller. Pure.
Trace LineOf(const TraceSubject& subject, const Rows& rows, std::vector<TimelineEntry> timeline,
             const Policy& policy);

// The same in one sentence, from the steps.
std::string SentenceOf(const Trace& trace, const Policy& policy);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_TRACE_H_
