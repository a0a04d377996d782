#ifndef THROUGHLINE_TRACE_H_
#define THROUGHLINE_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "throughline/event.h"
#include "throughline/ids.h"
#include "throughline/lifecycle.h"
#include "throughline/read.h"
#include "throughline/row.h"

// The through line of a lead or a deal (docs/episodes-and-sources.md).

namespace throughline {

// What the person of a step is to the line.
enum class Acquaintance : uint8_t {
  kNone = 0,   // nobody is known
  kFirst = 1,  // the first person of the line
  kSame = 2,   // was in the line before
  kOther = 3,  // comes in with this step, from the same company
};
THROUGHLINE_ENUM_NAMES(Acquaintance, {Acquaintance::kNone, ""}, {Acquaintance::kFirst, "first"},
                       {Acquaintance::kSame, "same"}, {Acquaintance::kOther, "other"});

// What brought a step into its line.
struct TraceLink {
  // The record of the line that it is about; both 0: a touch of the account that names none.
  LeadId lead;
  OpportunityId opportunity;

  Acquaintance acquaintance = Acquaintance::kNone;  // a contact that was merged is who it became
  OwnerId owner;            // of that record, once this has happened; of a touch, who acted for us
  int64_t silent_days = 0;  // whole days since the step before

  // While every record of the line that had opened was closed: the newest closing, and how many
  // whole days ago it was. 0 and 0: something was open, or nothing had closed.
  EventId closed_by;
  int64_t days_closed = 0;

  friend bool operator==(const TraceLink&, const TraceLink&) = default;
};

// One event of a line.
struct TraceStep {
  TimelineEntry entry;
  TraceLink link;
};

// A line: the touches of the account, or of several that are merged, and the lives of the records
// that led to the one asked for: itself, the leads it was converted from, what its lineage links
// to, what theirs link to, and leads that joined those. In the order of a timeline, up to the close
// of the record. Left out is what is void, and what is about other records.
struct Trace {
  AsOfAnswer as_of;
  std::optional<LeadRow> lead;  // one of the two: the record asked for, as it was then
  std::optional<OpportunityRow> opportunity;
  std::string sentence;  // where it began, how often it died, how it came back and ended
  std::vector<TraceStep> steps;
};

}  // namespace throughline

#endif  // THROUGHLINE_TRACE_H_
