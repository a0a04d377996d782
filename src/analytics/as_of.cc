#include "analytics/as_of.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "throughline/error.h"

namespace throughline {

absl::StatusOr<AsOfAnswer> ResolveAsOf(const AsOfRequest& request, const SnapshotFacts& facts) {
  const Time newest = std::max(facts.recorded_at, facts.newest_occurred_at);
  const Time through = request.through.value_or(newest);
  if (through > newest) {
    return InvalidField("through", absl::StrCat(FormatTime(through), " is later than all that is ",
                                                "known: the last moment is ", FormatTime(newest)));
  }
  if (request.seq.value_or(facts.seq) != facts.seq) {
    return InvalidField("seq",
                        absl::StrCat(*request.seq, " is not the snapshot's, which is ", facts.seq));
  }
  const Time last = facts.recorded_at;
  return AsOfAnswer{through, std::min(request.known_at.value_or(last), last), facts.seq};
}

}  // namespace throughline
