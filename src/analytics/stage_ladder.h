#ifndef THROUGHLINE_ANALYTICS_STAGE_LADDER_H_
#define THROUGHLINE_ANALYTICS_STAGE_LADDER_H_

#include <span>
#include <vector>

#include "analytics/snapshot/fact_snapshot.h"

namespace throughline {

// Which stages lie behind which. Leads climb the open stages of the marketing phase, then those of
// the lead phase, in the policy's order; then comes conversion. Opportunities climb the open stages
// of their phase; then comes winning. Parked, closed and lost stages are on no rung.
class StageLadder {
 public:
  static constexpr int kNoRung = -1;

  explicit StageLadder(std::span<const ReportedStage> stages);

  // From 0; leads and opportunities have a ladder each. All converted (all won) stages share one.
  int RungOf(uint32_t stage) const { return rungs_[stage]; }
  int TopOf(bool of_leads) const { return of_leads ? lead_top_ : opportunity_top_; }

 private:
  std::vector<int> rungs_;
  int lead_top_ = 0;
  int opportunity_top_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_STAGE_LADDER_H_
