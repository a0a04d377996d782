#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_PERSONS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_PERSONS_H_

#include <cstdint>
#include <limits>

#include "analytics/snapshot/facts.h"
#include "core/rows.h"

namespace throughline {

inline constexpr EventId kBehindAllEvents{std::numeric_limits<int64_t>::max()};

// Who a contact of the group is, as far as merges of persons were recorded before an event.
Aliases<uint32_t> PersonsOf(const Group& group, const AsOf& as_of,
                            EventId before = kBehindAllEvents);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_PERSONS_H_
