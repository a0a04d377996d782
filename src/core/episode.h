#ifndef THROUGHLINE_CORE_EPISODE_H_
#define THROUGHLINE_CORE_EPISODE_H_

#include <span>
#include <string_view>
#include <vector>

#include "core/fold.h"
#include "core/rows.h"
#include "throughline/policy.h"

// Episodes and sources: what a record is to the past of its account
// (docs/episodes-and-sources.md).

namespace throughline {

// A record that is about to open.
struct Opening {
  Moment at;
  std::string_view claimed_source;
  std::span<const LeadId> converted_leads;  // an opportunity that comes from these
};

// The lineage of a new record, from the group's leads, opportunities and touches in `rows`
// (complete, touches included). Only if nothing opened or changed its stage later than it opens:
// else rows do not say what was true then, and RelinksOf has to be asked.
Lineage LineageOf(const Rows& rows, const Opening& opening, const Policy& policy);

// A record whose lineage is not what its group's history says.
struct Relink {
  AccountId account;  // whose stream the record is in
  LeadId lead;        // one of the two
  OpportunityId opportunity;
  Time opened_at;
  Lineage lineage;  // as it ought to be
};

// Works out the lineages of all records of a group anew, as if each had opened with everything
// known that had happened before: those that opened at or after `since` and differ from what the
// history says of them, in the order in which they opened. `group` has the events that count, in
// the order of their ids. Deciding each command, and appending these whenever something is recorded
// late, comes to the same.
std::vector<Relink> RelinksOf(std::span<const RecordedEvent* const> group, const Policy& policy,
                              Time since);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_EPISODE_H_
