#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_JOURNAL_FACTS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_JOURNAL_FACTS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "analytics/snapshot/fact_collector.h"
#include "analytics/snapshot/revised_event.h"
#include "throughline/store.h"

namespace throughline {

// What was read of a journal, beside the facts of accounts.
struct JournalExtent {
  int64_t events = 0;
  Time newest_occurred_at = kMinTime;
  std::vector<RecordedEvent> reference;  // the stream of account 0
};

// Makes facts of commits. Errors: DATA_LOSS names the commit that is damaged; RESOURCE_EXHAUSTED
// for ids of more than 32 bits; the store's as they are.
class JournalFacts {
 public:
  explicit JournalFacts(Dictionaries& dictionaries) : collector_(dictionaries) {}

  // A commit of any stream. Those of one account come in order.
  absl::Status Add(const JournalEntry& entry);

  // Once all are added: gives revised events their versions. Reads them again: they were not kept.
  absl::Status Revise(ReadTransaction& transaction);

  JournalExtent& extent() { return extent_; }
  const FactCollector& collected() const { return collector_; }
  Block Finish() && { return std::move(collector_).Finish(); }

 private:
  absl::Status AddReference(const JournalEntry& entry);
  absl::Status AddRevision(const JournalEntry& entry, EventId id, std::string_view bytes);
  absl::Status AddVersions(ReadTransaction& transaction, int64_t seq,
                           std::vector<EventVersion>& versions);

  FactCollector collector_;
  JournalExtent extent_;
  RevisionLog revisions_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_JOURNAL_FACTS_H_
