#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_BLOCK_BUILDER_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_BLOCK_BUILDER_H_

#include <cstdint>
#include <vector>

#include "analytics/snapshot/fact_collector.h"
#include "analytics/snapshot/facts.h"

namespace throughline {

// Sorts what was collected by groups, accounts and records.
class BlockBuilder {
 public:
  explicit BlockBuilder(FactCollector& from) : from_(from) {}

  Block Build();

 private:
  void PlaceAccounts();
  void PlaceRecords();
  void PlaceFacts();
  void PlaceTouches();
  void PlaceMerges();

  FactCollector& from_;
  Block block_;
  std::vector<uint32_t> account_places_;  // by the collector's number
  std::vector<uint32_t> record_places_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_BLOCK_BUILDER_H_
