#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDITED_RECORDS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDITED_RECORDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analytics/reports/report_scope.h"
#include "analytics/snapshot/states_as_of.h"
#include "throughline/ledger_paths.h"

namespace throughline {

// A record that may be credited, in its state.
struct PathRecord {
  const FactRecord* record = nullptr;
  size_t account = 0;  // place in the block
  RecordState state;
  std::array<Time, kMaxStageWeights> reached;  // the stages that are weighed; kForever: never

  bool IsLead() const { return record->kind == EntityKind::kLead; }
};

// When the touches of a record's path happened, and when the record passed its milestones.
struct PathFrame {
  Time begin = kMinTime;
  Time anchor = kForever;
  Time lead = kForever;  // kForever: never
  Time opportunity = kForever;
  std::array<Time, kMaxStageWeights> stages;
};

// Of touches in the order in which they happened, those of a path.
std::span<const Touch* const> TouchesWithin(const PathFrame& frame,
                                            std::span<const Touch* const> touches);

// What became of a record, as the credit asked for sees it.
enum class PathOutcome : uint8_t { kNone, kConversion, kNull };

// The records of one group after another.
class CreditedRecords {
 public:
  // The scope outlives it. `stages`: keys of the stages that are weighed.
  CreditedRecords(const ReportScope& scope, const PathRequest& request,
                  const std::vector<std::string>& stages);

  // Reads the group: views of it are good until the next call.
  void Read(const Group& group);
  std::span<const PathRecord> records() const { return records_; }

  PathOutcome OutcomeOf(const PathRecord& record) const;
  // When that came to be.
  Time SettledAt(const PathRecord& record) const;
  PathFrame FrameOf(const PathRecord& record) const;
  // Of a company that aged out: it has no record.
  PathFrame FrameOfAgedOut(Time last_touch) const;
  // Contacts of those touches that may earn; absent: of any.
  std::optional<std::vector<uint32_t>> ContactsOf(const PathRecord& record) const;

 private:
  uint32_t WeighedStage(uint32_t number) const;
  const PathRecord* Find(EntityKind kind, int64_t id) const;
  template <class Visit>
  void ForEachLead(const PathRecord& record, Visit&& visit) const;
  bool IsOf(Phase phase, const PathRecord& record) const {
    return scope_.StageOf(record.state.stage).phase == phase;
  }
  Time EarlierLead(const PathRecord& record) const;
  Time ChainBegin(const PathRecord& record) const;
  Time EpisodeBegin(const PathRecord& record) const;
  Time WindowBegin(const PathRecord& record, Time anchor) const;

  const ReportScope& scope_;
  const PathRequest& request_;
  int64_t sourcing_micros_;
  std::vector<uint32_t> weighed_;  // by number of the stage: its place among those weighed
  const Group* group_ = nullptr;
  std::vector<PathRecord> records_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDITED_RECORDS_H_
