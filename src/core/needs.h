#ifndef THROUGHLINE_CORE_NEEDS_H_
#define THROUGHLINE_CORE_NEEDS_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/rows.h"
#include "throughline/command.h"

// What a command needs to have read before it can be decided. The shell works through it in order:
// ResolveReferences, NeedsOf (read those), AccountOf, ScopeOf (read that).

namespace throughline {

// The id of an external id, 0 if unknown.
using ExternalLookup =
    std::function<absl::StatusOr<int64_t>(EntityKind kind, const ExternalId& external)>;

// Fills in the ids of all references given as external ids, the context's actor included. NOT_FOUND
// names the member. An `owner.define` or `campaign.define` without reference takes the entity that
// one of its external ids is known to be.
absl::Status ResolveReferences(const ExternalLookup& lookup, Command& command, Context& context);

struct Needs {
  std::vector<std::pair<EntityKind, int64_t>> records;     // rows to read, by id
  std::vector<std::pair<EntityKind, ExternalId>> claimed;  // external ids that would be taken
  std::string_view email;  // that a new person would have; into the command
  EventId event;           // the event that is to be revised
};
void NeedsOf(const Command& command, const Context& context, Needs& needs);

// The account whose stream the command concerns, from the records read: kNoAccount for what belongs
// to no company, and for `account.open`. `event_stream` is the stream of Needs::event.
// Of accounts that are merged, as far as `rows` have their account rows, it is the first one named.
// INVALID_ARGUMENT if its references belong to different accounts; NOT_FOUND if one has no row.
absl::StatusOr<AccountId> AccountOf(const Command& command, const Rows& rows,
                                    AccountId event_stream);

// How much of the account must be read beside the records named. What was read may show that more
// is needed: ask again until the answer stays the same.
enum class Scope {
  kAccount,  // its account row, and those of the accounts merged with it
  kGroup,    // also all their leads and opportunities
  kTouches,  // also their history, for the touches
  kHistory,  // also their whole history: it is about to be revised, or added to in the past
  kPerson,   // the same, with those of the accounts that the contact was in before
};
Scope ScopeOf(const Command& command, const Context& context, const Rows& rows, AccountId account);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_NEEDS_H_
