#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_DAY_STARTS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_DAY_STARTS_H_

#include "analytics/snapshot/facts.h"
#include "throughline/policy.h"

namespace throughline {

// What happened on a day of which no more is known stands at the day's beginning in UTC. West of
// there that is the evening before: such facts and touches move to where the day begins by the
// policy's time zone, so that days, months and quarters have what happened on their days. They stay
// on the same day in UTC. Before there are standings. The latest moment to which one moved;
// kMinTime if none did.
Time MoveToDayStarts(const Policy& policy, Block& block);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_DAY_STARTS_H_
