#include "core/rows.h"

#include <gtest/gtest.h>

namespace throughline {
namespace {

int Changes(const RowSet<ExternalIdRow>& rows) {
  int changes = 0;
  rows.ForEachChange([&](const ExternalIdRow&, bool) { ++changes; });
  return changes;
}

// A claim that was looked up again hid from the store that it was new.
TEST(RowSetTest, LoadingDoesNotUndoAChange) {
  RowSet<ExternalIdRow> rows;
  rows.Put({EntityKind::kOwner, "crm", "1", 7});
  rows.Load({EntityKind::kOwner, "crm", "1", 6});
  EXPECT_EQ(Changes(rows), 1);
  EXPECT_EQ(rows.Find({EntityKind::kOwner, "crm", "1"})->id, 7);
}

TEST(RowSetTest, LoadingDoesNotBringBackWhatWasErased) {
  RowSet<ExternalIdRow> rows;
  rows.Erase({EntityKind::kOwner, "crm", "1", 7});
  rows.Load({EntityKind::kOwner, "crm", "1", 7});
  EXPECT_EQ(rows.Find({EntityKind::kOwner, "crm", "1"}), nullptr);
}

TEST(RowSetTest, LoadingAgainRefreshesWhatWasOnlyRead) {
  RowSet<ExternalIdRow> rows;
  rows.Load({EntityKind::kOwner, "crm", "1", 6});
  rows.Load({EntityKind::kOwner, "crm", "1", 7});
  EXPECT_EQ(rows.Find({EntityKind::kOwner, "crm", "1"})->id, 7);
  EXPECT_EQ(Changes(rows), 0);
}

}  // namespace
}  // namespace throughline
