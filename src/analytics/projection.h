#ifndef THROUGHLINE_ANALYTICS_PROJECTION_H_
#define THROUGHLINE_ANALYTICS_PROJECTION_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analytics/grouped.h"
#include "core/fold.h"
#include "throughline/event.h"
#include "throughline/policy.h"

// The journal as reports need it: what the events say of records, in few bytes, for any
// (through, known_at). What a revision does is settled when the projection is made, by the core's
// ApplyRevisions: an event that was amended becomes a change for each of its versions.

namespace throughline {

// An opening is several changes: opened, and then valued and linked.
enum class ChangeKind : uint8_t {
  kOpened,   // a record, in a stage
  kMoved,    // into a stage
  kValued,   // a new amount
  kLinked,   // where it came from
  kTouched,  // an account, through a channel
};

inline constexpr Time kForever{std::numeric_limits<int64_t>::max()};

// What an event says of a record; a touch says it of an account.
struct RecordChange {
  Time occurred_at;
  Time known_at;
  Time known_until = kForever;  // then it was found wrong: void, or another version counts
  uint32_t value = 0;           // number of the stage, amount, lineage or channel
  ChangeKind kind = ChangeKind::kOpened;
  OpportunityType type = OpportunityType::kNone;  // of an opportunity that opened
  bool day = false;                               // only the day is known
};
static_assert(sizeof(RecordChange) == 32);

inline bool Counts(const RecordChange& change, const AsOf& as_of) {
  return change.known_at <= as_of.known_at && as_of.known_at < change.known_until &&
         change.occurred_at <= as_of.through;
}

inline bool IsLeadPhase(Phase phase) { return phase == Phase::kMarketing || phase == Phase::kLead; }

// A stage of the policy, or one that only old events know.
struct ProjectedStage {
  std::string key;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;

  bool OfLeads() const { return IsLeadPhase(phase); }
};

// Channels, by number, of a record's original and latest source.
struct SourcePair {
  uint32_t original = 0;
  uint32_t latest = 0;
};

struct ProjectedRecord {
  EntityKind kind = EntityKind::kNone;  // lead or opportunity
  uint32_t account = 0;                 // by number
  int64_t id = 0;
};

struct ProjectedAccount {
  AccountId id;
  Time known_at = kForever;  // when the ledger knew that there is such an account
};

// An account that was one company with another for whoever asks with known_at <= his known_at <
// known_until.
struct ProjectedMerge {
  uint32_t other = 0;  // by number
  Time known_at;
  Time known_until = kForever;
};

// All events up to one seq.
struct Projection {
  int64_t seq = 0;
  Time recorded_at;
  int64_t events = 0;
  Time newest_occurred_at = kMinTime;
  std::shared_ptr<const Policy> policy;

  std::vector<ProjectedStage> stages;  // the policy's in their order, then others
  std::vector<Money> amounts;
  std::vector<SourcePair> lineages;   // 0: none known
  std::vector<std::string> channels;  // 0: ""
  std::vector<ProjectedAccount> accounts;
  std::vector<ProjectedRecord> records;  // those of an account together
  Grouped<RecordChange> changes;         // of each record, in the order of events
  Grouped<RecordChange> touches;         // of each account
  Grouped<ProjectedMerge> merges;        // of each account
};

// A record as of (through, known_at).
struct RecordState {
  bool exists = false;
  uint32_t stage = 0;
  Time stage_since;
  OpportunityType type = OpportunityType::kNone;
  const Money* amount = nullptr;  // null: not known
  SourcePair sources;
};

// What the core's Evolve makes of these changes; the tests hold one against the other. Calls
// `entered(stage)` whenever the record enters one.
template <class Entered>
RecordState StateOf(const Projection& projection, size_t record, const AsOf& as_of,
                    Entered&& entered) {
  RecordState state;
  for (const RecordChange& change : projection.changes[record]) {
    if (!Counts(change, as_of) || (!state.exists && change.kind != ChangeKind::kOpened)) continue;
    switch (change.kind) {
      case ChangeKind::kOpened:
        state = RecordState{true, change.value, change.occurred_at, change.type, nullptr, {}};
        entered(change.value);
        break;
      case ChangeKind::kMoved:
        state.stage = change.value;
        state.stage_since = std::max(state.stage_since, change.occurred_at);
        entered(change.value);
        break;
      case ChangeKind::kValued:
        state.amount = &projection.amounts[change.value];
        break;
      case ChangeKind::kLinked:
        state.sources = projection.lineages[change.value];
        break;
      case ChangeKind::kTouched:
        break;
    }
  }
  return state;
}

inline RecordState StateOf(const Projection& projection, size_t record, const AsOf& as_of) {
  return StateOf(projection, record, as_of, [](uint32_t) {});
}

// The channel of the first touch of the account, or of one merged with it; 0 if there is none.
uint32_t FirstChannelOf(const Projection& projection, uint32_t account, const AsOf& as_of);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_PROJECTION_H_
