#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/random_history.h"

// A snapshot that was refreshed is the one that would be taken.

namespace throughline {
namespace {

std::string AllReports(const Snapshot& snapshot, const AsOfRequest& as_of) {
  std::string all;
  for (const ReportInfo& info : Reports()) {
    ReportRequest request;
    request.as_of = as_of;
    const absl::StatusOr<Table> table = RunReport(snapshot, info.name, request);
    EXPECT_TRUE(table.ok()) << table.status();
    if (table.ok()) all += ToJson(*table);
  }
  return all;
}

TEST(RefreshTest, IsAsGoodAsTakingItAnew) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    RandomHistory history(seed);
    JournalStore store;
    history.ledger.WriteTo(store, 20);
    std::shared_ptr<const Snapshot> refreshed = *Snapshot::Take(store);
    for (int64_t last = 21;; last += 1 + history.Below(24)) {
      const int64_t before = store.last_seq();
      history.ledger.WriteTo(store, last);
      const auto next = refreshed->Refresh(store);
      ASSERT_TRUE(next.ok()) << next.status();
      EXPECT_EQ((*next == refreshed), store.last_seq() == before);
      refreshed = *next;
      const auto taken = *Snapshot::Take(store);
      ASSERT_EQ(refreshed->seq(), taken->seq());
      EXPECT_EQ(refreshed->events(), taken->events());
      for (const AsOfRequest& as_of :
           {AsOfRequest{}, AsOfRequest{std::nullopt, history.SomeTime(), std::nullopt}}) {
        ASSERT_EQ(AllReports(*refreshed, as_of), AllReports(*taken, as_of))
            << "seed " << seed << ", commit " << last;
      }
      if (last > 400) break;
    }
  }
}

TEST(RefreshTest, LeavesTheOldOneAsItWas) {
  RandomHistory history(3);
  JournalStore store;
  history.ledger.WriteTo(store, 100);
  const auto old = *Snapshot::Take(store);
  const std::string before = AllReports(*old, {});
  history.ledger.WriteTo(store);
  const auto next = *old->Refresh(store);
  EXPECT_GT(next->seq(), old->seq());
  EXPECT_EQ(AllReports(*old, {}), before);
}

TEST(RefreshTest, AStoreThatEndsBeforeIsRefused) {
  RandomHistory history(3);
  JournalStore store, shorter;
  history.ledger.WriteTo(store, 100);
  history.ledger.WriteTo(shorter, 50);
  const absl::Status status = (*Snapshot::Take(store))->Refresh(shorter).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(RefreshTest, AnotherLedgerIsRefused) {
  RandomHistory history(3), other(4);
  JournalStore store, longer;
  history.ledger.WriteTo(store, 50);
  other.ledger.WriteTo(longer, 100);
  const auto snapshot = *Snapshot::Take(store);
  const absl::Status status = snapshot->Refresh(longer).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("another ledger"));
}

}  // namespace
}  // namespace throughline
