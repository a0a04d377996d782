#ifndef THROUGHLINE_READ_H_
#define THROUGHLINE_READ_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "throughline/event.h"
#include "throughline/row.h"

// What reads take and give.

namespace throughline {

// One page of an answer, in a stable order. `next` continues behind it; empty after the last page.
// A cursor stays good across commits and restarts; it is opaque text, at most 2 KiB. It belongs to
// its request: with another filter or order it is INVALID_ARGUMENT.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::string next;
};

// Which part of a long answer.
struct PageRequest {
  size_t size = 100;   // 1..kMaxPageSize
  std::string cursor;  // `next` of the page before; empty: the first page
};

// What to list: all conditions must hold. The order is that of ids, or, if `due_from` or `due_to`
// is given, that of due dates and then ids.
struct RecordFilter {
  std::optional<std::string> stage;  // key; INVALID_ARGUMENT if the policy has none such
  Phase phase = Phase::kNone;
  OwnerId owner;
  AccountId account;                  // it alone, not those merged with it
  std::optional<std::string> source;  // channel of the original source; "" for none known
  std::optional<Date> due_from;       // leads: return date; opportunities: expected close date
  std::optional<Date> due_to;         // inclusive
};

// Which history a read takes: what happened by `through`, as far as it was known by `known_at`.
// Absent: everything. `known_at` is capped at the last commit that counts. With a `seq`, commits
// after it do not count: INVALID_ARGUMENT if there is no such commit yet.
struct AsOfRequest {
  std::optional<Time> through;
  std::optional<Time> known_at;
  std::optional<int64_t> seq;  // of a commit; 0: before the first
};

// What an answer was made from; asked for again with these three, it is the same for ever. Without
// the `seq` it may not be: facts that are imported later may claim to have been known earlier.
struct AsOfAnswer {
  Time through;
  Time known_at;
  int64_t seq = 0;
  friend bool operator==(const AsOfAnswer&, const AsOfAnswer&) = default;
};

// An account with all that belongs to it; of accounts that are merged, whichever is asked for, all
// of them as one. `account` is then the one that the others are aliases of: with its own name and
// attributes, those that it lacks from an alias, and counts and times of all.
struct AccountState {
  AsOfAnswer as_of;
  AccountRow account;
  std::vector<AccountRow> aliases;  // as they are by themselves
  std::vector<std::string> domains;
  std::vector<ContactRow> contacts;
  std::vector<LeadRow> leads;
  std::vector<OpportunityRow> opportunities;
  std::vector<OpportunityLeadRow> opportunity_leads;
  std::vector<OpportunityRoleRow> opportunity_roles;
};

// One event of the history of an account, or of several that are merged, with its current standing.
struct TimelineEntry {
  EventId id;
  AccountId stream;  // of accounts that are merged, the one that it was recorded of
  int64_t version = 0;
  Time recorded_at;
  Time known_at;  // entered_at as claimed, or else recorded_at; never after recorded_at
  OwnerId actor;
  Event event;  // as it counts now: amended dates and values in place
  bool voided = false;
  bool amended = false;
};

// Entries come in the order in which things happened (as amended), those of one moment in the order
// of their recording; what is known only by its day comes first on that day.
struct TimelineRequest {
  bool newest_first = false;
  AsOfRequest as_of;
  PageRequest page;
};

// A page of a timeline, with what it was made from. `next` reads on in the same history: what is
// recorded in between is in none of its pages.
struct TimelinePage {
  AsOfAnswer as_of;
  std::vector<TimelineEntry> items;
  std::string next;  // as in Page
};

// The state of the journal against the rows derived from it.
struct VerifyReport {
  int64_t commits = 0;
  int64_t events = 0;
  int64_t rows = 0;         // compared
  int64_t differences = 0;  // rows, gaps and disorders found wrong, vault entries without a match
  std::vector<std::string> samples;  // the first 20, in words
};

}  // namespace throughline

#endif  // THROUGHLINE_READ_H_
