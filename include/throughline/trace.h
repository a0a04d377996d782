#ifndef THROUGHLINE_TRACE_H_
#define THROUGHLINE_TRACE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "throughline/ledger.h"
#include "throughline/read.h"
#include "throughline/row.h"

namespace throughline {

// The whole line of a deal, from the first touch on its account to its close.
struct Trace {
  OpportunityRow deal;
  std::string sentence;             // where it began, how often it died, how it came back and ended
  std::vector<TimelineEntry> line;  // in the order in which things happened
};

// Traces an opportunity. What is void, and changes of contact data, are left out. NOT_FOUND if
// there is none; store errors as they are.
absl::StatusOr<Trace> TraceOf(Ledger& ledger, const OpportunityRef& opportunity);

}  // namespace throughline

#endif  // THROUGHLINE_TRACE_H_
