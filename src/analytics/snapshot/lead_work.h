#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_LEAD_WORK_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_LEAD_WORK_H_

#include <optional>

#include "analytics/snapshot/states_as_of.h"

// What sales did with a lead that was handed over.

namespace throughline {

// The first follow-up after the hand-off: as the lead's row has it (LeadRow::followed_up_at), but
// for what day_starts.h moved. None if it was not handed over, or nobody followed up.
std::optional<Time> FollowedUpAt(const RecordInGroup& lead, const AsOf& as_of);

// The same, looked for among the touches.
std::optional<Time> FindFollowUp(const RecordInGroup& lead, const AsOf& as_of);

// What was done about a lead.
struct LeadWork {
  std::optional<Time> followed_up_at;  // as of FollowedUpAt
  Time
      last_action_at;  // a follow-up, a stage change or an assignment; else its hand-off or opening
};
LeadWork WorkOn(const RecordInGroup& lead, const AsOf& as_of);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_LEAD_WORK_H_
