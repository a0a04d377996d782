#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "analytics/random_history.h"

namespace throughline {
namespace {

// Snapshots share dictionaries that grow while others are read: numbers that reports have seen
// stay.
TEST(SnapshotThreadsTest, OldOnesAreReadWhileNewOnesAreMade) {
  RandomHistory history(7);
  std::vector<JournalStore> stores(8);
  for (size_t i = 0; i < stores.size(); ++i) {
    history.ledger.WriteTo(stores[i], 40 + 45 * static_cast<int64_t>(i));
  }
  const auto first = *Snapshot::Take(stores[0]);
  const std::string expected = ToJson(*RunReport(*first, "sources", {}));
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      do {
        EXPECT_EQ(ToJson(*RunReport(*first, "sources", {})), expected);
      } while (!done);
    });
  }
  std::shared_ptr<const Snapshot> newest = first;
  for (size_t i = 1; i < stores.size(); ++i) {
    newest = *newest->Refresh(stores[i]);
    EXPECT_TRUE(RunReport(*newest, "pipeline", {}).ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(newest->seq(), stores.back().last_seq());
}

}  // namespace
}  // namespace throughline
