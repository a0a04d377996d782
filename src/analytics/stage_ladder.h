#ifndef THROUGHLINE_ANALYTICS_STAGE_LADDER_H_
#define THROUGHLINE_ANALYTICS_STAGE_LADDER_H_

#include <cstdint>
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

  // The stages that stand on a rung, up to this one, from the lowest; kNoRung: none.
  std::span<const uint32_t> UpTo(bool of_leads, int rung) const {
    const Side& side = sides_[of_leads ? 1 : 0];
    return std::span(side.stages).first(rung < 0 ? 0 : side.ends[static_cast<size_t>(rung)]);
  }

 private:
  struct Side {
    std::vector<uint32_t> stages;
    std::vector<size_t> ends;  // of each rung
  };

  std::vector<int> rungs_;
  Side sides_[2];  // of opportunities, of leads
  int lead_top_ = 0;
  int opportunity_top_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_STAGE_LADDER_H_
