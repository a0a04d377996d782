#ifndef THROUGHLINE_ANALYTICS_FACTS_H_
#define THROUGHLINE_ANALYTICS_FACTS_H_

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
// (through, known_at). What a revision changes is settled when the facts are made, by the core's
// ApplyRevisions: an event that was amended becomes one fact for each of its versions.

namespace throughline {

// An opening is several facts: opened, and then valued and linked.
enum class FactKind : uint8_t {
  kOpened,   // a record, in a stage
  kMoved,    // into a stage
  kValued,   // a new amount
  kLinked,   // where it came from
  kTouched,  // an account, through a channel
};

inline constexpr Time kForever{std::numeric_limits<int64_t>::max()};

// One statement about a record; a touch about an account.
struct Fact {
  Time occurred_at;
  Time known_at;
  Time known_until = kForever;  // then it was found wrong: void, or another version counts
  uint32_t value = 0;           // number of the stage, amount, lineage or channel
  FactKind kind = FactKind::kOpened;
  OpportunityType type = OpportunityType::kNone;  // of an opportunity that opened
  bool day = false;                               // only the day is known
};
static_assert(sizeof(Fact) == 32);

inline bool Counts(const Fact& fact, const AsOf& as_of) {
  return fact.known_at <= as_of.known_at && as_of.known_at < fact.known_until &&
         fact.occurred_at <= as_of.through;
}

inline bool IsLeadPhase(Phase phase) { return phase == Phase::kMarketing || phase == Phase::kLead; }

// A stage of the policy, or one that only old events know.
struct FactStage {
  std::string key;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;

  bool OfLeads() const { return IsLeadPhase(phase); }
};

// Channels, by number, of a record's original and latest source.
struct FactSources {
  uint32_t original = 0;
  uint32_t latest = 0;
};

struct FactRecord {
  EntityKind kind = EntityKind::kNone;  // lead or opportunity
  uint32_t account = 0;                 // by number
  int64_t id = 0;
};

struct FactAccount {
  AccountId id;
  Time known_at = kForever;  // when the ledger knew that there is such an account
};

struct Facts {
  int64_t seq = 0;
  Time recorded_at;
  int64_t events = 0;
  Time newest_occurred_at = kMinTime;
  Time newest_known_at = kMinTime;
  std::shared_ptr<const Policy> policy;

  std::vector<FactStage> stages;  // the policy's in their order, then others
  std::vector<Money> amounts;
  std::vector<FactSources> lineages;  // 0: none known
  std::vector<std::string> channels;  // 0: ""
  std::vector<FactAccount> accounts;
  std::vector<FactRecord> records;  // those of an account together
  Grouped<Fact> record_facts;       // of each record, in the order of events
  Grouped<Fact> touches;            // of each account
};

// A record as of (through, known_at).
struct RecordState {
  bool exists = false;
  uint32_t stage = 0;
  Time stage_since;
  OpportunityType type = OpportunityType::kNone;
  const Money* amount = nullptr;  // null: not known
  FactSources sources;
};

// What the core's Evolve makes of these facts; the tests hold one against the other. Calls
// `entered(stage)` whenever the record enters one.
template <class Entered>
RecordState StateOf(const Facts& facts, size_t record, const AsOf& as_of, Entered&& entered) {
  RecordState state;
  for (const Fact& fact : facts.record_facts[record]) {
    if (!Counts(fact, as_of) || (!state.exists && fact.kind != FactKind::kOpened)) continue;
    switch (fact.kind) {
      case FactKind::kOpened:
        state = RecordState{true, fact.value, fact.occurred_at, fact.type, nullptr, {}};
        entered(fact.value);
        break;
      case FactKind::kMoved:
        state.stage = fact.value;
        state.stage_since = std::max(state.stage_since, fact.occurred_at);
        entered(fact.value);
        break;
      case FactKind::kValued:
        state.amount = &facts.amounts[fact.value];
        break;
      case FactKind::kLinked:
        state.sources = facts.lineages[fact.value];
        break;
      case FactKind::kTouched:
        break;
    }
  }
  return state;
}

inline RecordState StateOf(const Facts& facts, size_t record, const AsOf& as_of) {
  return StateOf(facts, record, as_of, [](uint32_t) {});
}

// The channel of the account's first touch; 0 if it has none.
uint32_t FirstChannelOf(const Facts& facts, uint32_t account, const AsOf& as_of);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_FACTS_H_
