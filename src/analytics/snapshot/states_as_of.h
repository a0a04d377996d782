#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_STATES_AS_OF_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_STATES_AS_OF_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "analytics/snapshot/facts.h"
#include "analytics/snapshot/record_in_group.h"

namespace throughline {

// What a stage change was, for who follows a record's way.
struct EnteredStage {
  const RecordFact& fact;
  uint32_t stage;  // number
};

// What the core's Evolve makes of these facts (they may have been moved within their day,
// day_starts.h); the tests hold one against the other. Calls
// `entered(EnteredStage)` whenever the record enters a stage.
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
        state.AddStage(fact.value);
        entered(EnteredStage{fact, fact.value});
        break;
      case FactKind::kMoved:
        state.left_stage = state.stage;
        state.stage = fact.value;
        state.reason = fact.detail;
        state.opportunity = 0;
        state.AddStage(fact.value);
        state.entered_at = fact.occurred_at;
        state.stage_since = std::max(state.stage_since, fact.occurred_at);
        entered(EnteredStage{fact, fact.value});
        break;
      case FactKind::kAssigned:
        state.owner = fact.value;
        if (state.first_owner == 0) state.first_owner = fact.value;
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

// Calls entered(EnteredStage) as StateOf does, for a record with a standing that is as of then.
template <class Entered>
void ForEachEntry(const RecordInGroup& record, Entered&& entered) {
  bool opened = false;
  for (const RecordFact& fact : record.group.FactsOf(record.record)) {
    const bool opens = fact.kind == FactKind::kOpened;
    const bool found_wrong = fact.marks & kEnds;  // by then: else the standing would not be so
    if (found_wrong || !(opens || (opened && fact.kind == FactKind::kMoved))) continue;
    opened = true;
    entered(EnteredStage{fact, fact.value});
  }
}

inline RecordState StateOf(const Group& group, const FactRecord& record, const AsOf& as_of) {
  return StateOf(group, record, as_of, [](const EnteredStage&) {});
}

// Calls visit(RecordInGroup) with each lead and opportunity that is there as of then.
template <class Visit>
void ForEachRecord(const Group& group, const AsOf& as_of, Visit&& visit) {
  for (const Standing& standing : group.standings()) {
    const FactRecord& record = group.block().records[standing.record];
    if (standing.IsAsOf(as_of)) {
      if (standing.state.exists) visit(RecordInGroup{group, record, standing.state, &standing});
      continue;
    }
    const RecordState state = StateOf(group, record, as_of);
    if (state.exists) visit(RecordInGroup{group, record, state});
  }
}

// The stages that a record was in whose numbers have no bit in its state, each once.
std::vector<uint32_t> HighStagesOf(const RecordInGroup& record, const AsOf& as_of);

// Calls visit(number) with each stage that the record was in by then, once, in no order.
template <class Visit>
void ForEachStage(const RecordInGroup& record, const AsOf& as_of, Visit&& visit) {
  uint64_t bits = record.state.stages;
  if (bits & RecordState::kManyStages) {
    bits &= ~RecordState::kManyStages;
    for (const uint32_t stage : HighStagesOf(record, as_of)) visit(stage);
  }
  for (; bits != 0; bits &= bits - 1) visit(static_cast<uint32_t>(std::countr_zero(bits)));
}

// The account, by its place, and all that are merged with it for whoever asks then.
using AccountPlaces = absl::InlinedVector<size_t, 4>;
AccountPlaces MergedWith(const Group& group, size_t account, Time known_at);

// A record that may not be there.
struct FoundRecord {
  const FactRecord* record = nullptr;  // null: there is none
  RecordState state;

  explicit operator bool() const { return state.exists; }
};

// The lead or opportunity of a group with this id, as of then.
FoundRecord FindRecord(const Group& group, EntityKind kind, int64_t id, const AsOf& as_of);

// The first lead or opportunity of the chain of episodes that a record is of: a follow-on of a won
// deal begins one.
struct ChainStart {
  Time opened_at;
  uint32_t first_owner = 0;  // id; 0: nobody
};
ChainStart StartOfChain(const Group& group, const RecordState& state, const AsOf& as_of);

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

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_STATES_AS_OF_H_
