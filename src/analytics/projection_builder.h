#ifndef THROUGHLINE_ANALYTICS_PROJECTION_BUILDER_H_
#define THROUGHLINE_ANALYTICS_PROJECTION_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analytics/projection.h"
#include "analytics/revised_event.h"
#include "model/hash_map.h"
#include "throughline/store.h"

namespace throughline {

// Makes the projection of a journal.
class ProjectionBuilder {
 public:
  // Once: all of it, or what was committed up to a seq. INVALID_ARGUMENT for a seq that is not
  // there yet; DATA_LOSS names the commit that is damaged; store errors as they are.
  absl::Status Read(ReadTransaction& transaction, std::optional<int64_t> seq = std::nullopt);

  // DATA_LOSS if the policy cannot be read.
  absl::StatusOr<Projection> Finish() &&;

 private:
  struct Extractor;

  // A change on its way: of which event, about which record (or account, for a touch).
  struct Entry {
    RecordChange change;
    EventId event;
    uint32_t about = 0;
  };

  // An event with what its commit says of it, and from when to when it counts.
  struct Version {
    const Event& event;
    EventId id;
    AccountId stream;
    Time known_at;
    Time known_until = kForever;
  };

  absl::Status AddCommit(const JournalEntry& entry);
  void AddEvent(const JournalEntry& entry, EventId id, const Event& event);
  void AddVersion(const Version& version);
  absl::Status ReviseChanges(ReadTransaction& transaction);
  absl::Status ReviseCommit(ReadTransaction& transaction, RevisedEvents::const_iterator& next);
  void AddVersionsOf(RecordedEvent event, const std::vector<RecordedEvent>& revisions);
  absl::Status FindPolicy();
  void NumberStages();
  void GroupByAccount();

  uint32_t AccountOf(AccountId id);
  uint32_t RecordOf(EntityKind kind, int64_t id, AccountId stream);
  uint32_t StageOf(const StageRef& stage);
  uint32_t ChannelOf(const std::string& channel);
  uint32_t LineageOf(const Lineage& lineage);

  Projection projection_;
  std::vector<Entry> changes_;
  std::vector<Entry> touches_;
  RevisionLog revisions_;
  int64_t policy_version_ = 0;
  std::string policy_json_;

  std::vector<StageRef> stage_refs_;  // as they turned up
  HashMap<int64_t, uint32_t> stages_;
  HashMap<int64_t, uint32_t> accounts_;
  HashMap<int64_t, uint32_t> leads_;
  HashMap<int64_t, uint32_t> opportunities_;
  HashMap<std::string, uint32_t> channels_;
  HashMap<std::pair<uint32_t, uint32_t>, uint32_t> lineages_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_PROJECTION_BUILDER_H_
