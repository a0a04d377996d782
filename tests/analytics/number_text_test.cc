#include "analytics/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace throughline {
namespace {

TEST(NumberTextTest, ReadsAsPeopleWriteIt) {
  EXPECT_EQ(GroupedInteger(0), "0");
  EXPECT_EQ(GroupedInteger(999), "999");
  EXPECT_EQ(GroupedInteger(-1000), "-1,000");
  EXPECT_EQ(GroupedInteger(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(GroupedReal(1234567.891, 2), "1,234,567.89");
  EXPECT_EQ(GroupedReal(999.5, 0), "1,000");
  EXPECT_EQ(Percent(1, 3), "33.3%");
  EXPECT_EQ(Counted(1, "lead", "leads"), "1 lead");
  EXPECT_EQ(Counted(0, "lead", "leads"), "0 leads");
}

}  // namespace
}  // namespace throughline
