#ifndef THROUGHLINE_ANALYTICS_REPORTS_LEAD_WORK_H_
#define THROUGHLINE_ANALYTICS_REPORTS_LEAD_WORK_H_

#include <optional>

#include "analytics/reports/dimensions.h"

// What sales did with a lead that was handed over.

namespace throughline {

// The first follow-up after the hand-off: as the lead's row has it (LeadRow::followed_up_at). None
// if it was not handed over, or nobody followed up.
std::optional<Time> FollowedUpAt(const RecordInGroup& lead, const AsOf& as_of);

// When anybody of sales did anything about it: a stage change, an assignment, a follow-up.
Time LastActionAt(const RecordInGroup& lead, const AsOf& as_of);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_LEAD_WORK_H_
