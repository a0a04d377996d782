#ifndef THROUGHLINE_CORE_EPISODE_H_
#define THROUGHLINE_CORE_EPISODE_H_

#include <span>
#include <string_view>
#include <vector>

#include "core/rows.h"
#include "throughline/policy.h"

// Episodes and sources: what a new record is to the past of its account
// (docs/episodes-and-sources.md).

namespace throughline {

// A record that is about to open.
struct Opening {
  Moment at;
  std::string_view claimed_source;
  std::span<const LeadId> converted_leads;  // an opportunity that comes from these
};

// The lineage of a new record, from the account's leads, opportunities and touches in `rows`
// (complete, touches included).
Lineage LineageOf(const Rows& rows, const Opening& opening, const Policy& policy);

// The lineages that are no longer what the account's touches say, after one was recorded late,
// retracted or amended: as relink events. Links and episodes stay; sources follow.
std::vector<EventPayload> RelinkSources(const Rows& rows, std::span<const TouchFact> touches);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_EPISODE_H_
