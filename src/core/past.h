#ifndef THROUGHLINE_CORE_PAST_H_
#define THROUGHLINE_CORE_PAST_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "core/fold.h"
#include "core/rows.h"

// The leads and opportunities of a group as episodes see them: when each opened, and in what kind
// of stage it was when.

namespace throughline {

// A place in a history: what was recorded by `event` and happened by `at` is before it.
struct PlaceInHistory {
  Time at;
  EventId event;
};
bool Before(const PlaceInHistory& a, const PlaceInHistory& b);

// From when on a record stood in a kind of stage.
struct Standing {
  PlaceInHistory since;  // as stages are ordered: never before the one before it
  StageKind kind = StageKind::kNone;
  Phase phase = Phase::kNone;
  Time entered_at;  // as the event says
};

// A lead or an opportunity. It points into the row or the events that it was made of.
struct Past {
  LeadId lead;  // one of the two
  OpportunityId opportunity;
  AccountId account;
  PlaceInHistory opened;
  bool counts_as_open_work = true;  // expansions and renewals do not
  std::string_view claimed_source;
  std::span<const LeadId> converted_leads;
  absl::InlinedVector<Standing, 1> standings;
  const Lineage* lineage = nullptr;  // RelinksOf has it point to what it works out

  // Where it stood then; null: it was not there.
  const Standing* At(const PlaceInHistory& place) const;
  bool OpenAt(const PlaceInHistory& place) const;
  std::optional<Time> ClosedAt(const PlaceInHistory& place) const;
};

// Leads by id, then opportunities by id. From rows only the newest standing is known. `group` has
// the events that count.
std::vector<Past> PastOf(const Rows& rows);
std::vector<Past> PastOf(std::span<const RecordedEvent* const> group);

// The lead, in such a list; null if it is not there.
const Past* FindLead(std::span<const Past> past, LeadId lead);

std::vector<TouchFact> TouchesOf(std::span<const RecordedEvent* const> group);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_PAST_H_
