#ifndef THROUGHLINE_ANALYTICS_AS_OF_H_
#define THROUGHLINE_ANALYTICS_AS_OF_H_

#include "absl/status/statusor.h"
#include "analytics/snapshot/fact_snapshot.h"
#include "throughline/read.h"

namespace throughline {

// What a report is made from: the request with its defaults filled in. INVALID_ARGUMENT if
// `through` is later than anything the snapshot knows of.
absl::StatusOr<AsOfAnswer> ResolveAsOf(const AsOfRequest& request, const SnapshotFacts& facts);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_AS_OF_H_
