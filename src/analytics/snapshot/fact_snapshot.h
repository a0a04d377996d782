#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_SNAPSHOT_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analytics/snapshot/dictionaries.h"
#include "analytics/snapshot/layers.h"
#include "throughline/report.h"

namespace throughline {

inline bool IsLeadPhase(Phase phase) { return phase == Phase::kMarketing || phase == Phase::kLead; }

// A stage of the policy, or one that only old events know.
struct ReportedStage {
  std::string key;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;

  bool OfLeads() const { return IsLeadPhase(phase); }
};

// What belongs to no account.
struct Reference {
  std::vector<RecordedEvent> history;  // of account 0
  std::shared_ptr<const Policy> policy;
};

// What a snapshot holds. All of it is immutable but for the dictionaries, which only grow.
struct SnapshotFacts {
  int64_t seq = 0;
  Time recorded_at;
  int64_t events = 0;
  Time newest_occurred_at = kMinTime;
  std::shared_ptr<Dictionaries> dictionaries;
  std::shared_ptr<const Reference> reference;
  Layers layers;
  std::vector<ReportedStage> stages;   // the policy's in their order, then others
  std::vector<uint32_t> stage_places;  // among them, by the number that facts have

  const Policy& policy() const { return *reference->policy; }
};

class FactSnapshot final : public Snapshot, public std::enable_shared_from_this<FactSnapshot> {
 public:
  explicit FactSnapshot(SnapshotFacts facts) : facts_(std::move(facts)) {}

  int64_t seq() const override { return facts_.seq; }
  Time recorded_at() const override { return facts_.recorded_at; }
  int64_t events() const override { return facts_.events; }
  const Policy& policy() const override { return facts_.policy(); }
  SnapshotMemory memory() const override;
  absl::StatusOr<std::shared_ptr<const Snapshot>> Refresh(Store& store) const override;

  const SnapshotFacts& facts() const { return facts_; }

 private:
  const SnapshotFacts facts_;
};

inline const SnapshotFacts& FactsOf(const Snapshot& snapshot) {
  return static_cast<const FactSnapshot&>(snapshot).facts();  // the only kind there is
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_SNAPSHOT_H_
