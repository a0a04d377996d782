#include "throughline/error.h"

#include <gtest/gtest.h>

namespace throughline {
namespace {

TEST(Error, CarriesItsDetail) {
  const ErrorDetail detail{.field = "external_ids[2].key",
                           .rule = "transition",
                           .account = 17,
                           .version = -1,
                           .id = int64_t{1} << 62};
  const absl::Status status = WithDetail(absl::AbortedError("version is 4"), detail);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(DetailOf(status), detail);
}

TEST(Error, IsEmptyWithoutDetail) {
  EXPECT_EQ(DetailOf(absl::OkStatus()), ErrorDetail{});
  EXPECT_EQ(DetailOf(absl::InternalError("disk")), ErrorDetail{});
  EXPECT_TRUE(WithDetail(absl::OkStatus(), ErrorDetail{.field = "x"}).ok());
}

TEST(Error, NamesFieldAndRule) {
  const absl::Status invalid = InvalidField("stage", "'mlq' is no stage of the policy");
  EXPECT_EQ(invalid.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(invalid.message(), "stage: 'mlq' is no stage of the policy");
  EXPECT_EQ(DetailOf(invalid).field, "stage");

  const absl::Status missing = NotFoundField("lead", "no lead crm:L-17");
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DetailOf(missing).field, "lead");

  const absl::Status refused = RefusedByRule("missing_reason", "dead needs a reason");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailOf(refused).rule, "missing_reason");
}

}  // namespace
}  // namespace throughline
