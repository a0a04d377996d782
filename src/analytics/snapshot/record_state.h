#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "analytics/snapshot/facts.h"

namespace throughline {

// A lead or an opportunity as of (through, known_at).
struct RecordState {
  bool exists = false;
  uint32_t stage = 0;        // number
  uint32_t left_stage = 0;   // number: the one before it; the same if it never moved
  uint16_t detail = 0;       // number of the lead type; the opportunity type
  uint16_t reason = 0;       // number: of the last stage change
  uint32_t owner = 0;        // id
  uint32_t contact = 0;      // id
  uint32_t opportunity = 0;  // id: what a lead was converted into
  Time opened_at;
  Time stage_since;
  Time entered_at;  // of the stage, as its event says: when it closed, for one that is closed
  std::optional<Time> handed_off_at;
  EventId handed_off;              // the event
  std::optional<Date> close_date;  // expected
  const Money* amount = nullptr;   // null: not known
  const Money* booked = nullptr;
  const Origin* origin = nullptr;

  OpportunityType type() const { return static_cast<OpportunityType>(detail); }

  // Of an opportunity: what win rates and sourcing are about. Else it is a follow-on.
  bool IsNewBusiness() const {
    return type() != OpportunityType::kExpansion && type() != OpportunityType::kRenewal;
  }
};

// What a stage change was, for who follows a record's way.
struct StageEntry {
  const RecordFact& fact;
  uint32_t stage;  // number
};

// What the core's Evolve makes of these facts; the tests hold one against the other. Calls
// `entered(StageEntry)` whenever the record enters a stage.
template <class Entered>
RecordState StateOf(const Group& group, const FactRecord& record, const AsOf& as_of,
                    Entered&& entered) {
  const Block& block = group.block();
  RecordState state;
  for (const RecordFact& fact : group.FactsOf(record)) {
    if (!Counts(fact, block, as_of) || (!state.exists && fact.kind != FactKind::kOpened)) continue;
    switch (fact.kind) {
      case FactKind::kOpened:
        state = RecordState();
        state.exists = true;
        state.stage = state.left_stage = fact.value;
        state.detail = fact.detail;
        state.opened_at = state.stage_since = state.entered_at = fact.occurred_at;
        entered(StageEntry{fact, fact.value});
        break;
      case FactKind::kMoved:
        state.left_stage = state.stage;
        state.stage = fact.value;
        state.reason = fact.detail;
        state.opportunity = 0;
        state.entered_at = fact.occurred_at;
        state.stage_since = std::max(state.stage_since, fact.occurred_at);
        entered(StageEntry{fact, fact.value});
        break;
      case FactKind::kAssigned:
        state.owner = fact.value;
        break;
      case FactKind::kHandedOff:
        if (state.handed_off_at) break;
        state.handed_off_at = fact.occurred_at;
        state.handed_off = fact.event;
        break;
      case FactKind::kValued:
        state.amount = &block.amounts[fact.value];
        break;
      case FactKind::kBooked:
        state.booked = &block.amounts[fact.value];
        break;
      case FactKind::kExpected:
        state.close_date = Date{std::bit_cast<int32_t>(fact.value)};
        break;
      case FactKind::kLinked:
        state.origin = &block.origins[fact.value];
        break;
      case FactKind::kConcerns:
        state.contact = fact.value;
        break;
      case FactKind::kConverted:
        state.opportunity = fact.value;
        break;
      case FactKind::kFromLead:
      case FactKind::kTagged:
      case FactKind::kRole:
        break;
    }
  }
  return state;
}

inline RecordState StateOf(const Group& group, const FactRecord& record, const AsOf& as_of) {
  return StateOf(group, record, as_of, [](const StageEntry&) {});
}

// The account, by its place, and all that are merged with it for whoever asks then.
using AccountPlaces = absl::InlinedVector<size_t, 4>;
AccountPlaces MergedWith(const Group& group, size_t account, Time known_at);

// The record of a group with this id; null if there is none.
const FactRecord* FindRecord(const Group& group, EntityKind kind, int64_t id);

// The first lead or opportunity of the chain of episodes that a record is of: a follow-on of a won
// deal begins one.
struct ChainStart {
  Time opened_at;
  uint32_t first_owner = 0;  // id; 0: nobody
};
ChainStart StartOfChain(const Group& group, const FactRecord& record, const RecordState& state,
                        const AsOf& as_of);

// A touch of which only the day is known comes before all others of that day; those of one instant
// stand as they were recorded.
inline bool IsEarlier(const Touch& a, const Touch& b) {
  if (a.occurred_at != b.occurred_at) return a.occurred_at < b.occurred_at;
  const bool a_day = a.marks & kDayOnly, b_day = b.marks & kDayOnly;
  return a_day != b_day ? a_day : a.event < b.event;
}

// The first touch of the account, or of one merged with it by then; null if there is none.
const Touch* FirstTouchOf(const Group& group, size_t account, const AsOf& as_of);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_
