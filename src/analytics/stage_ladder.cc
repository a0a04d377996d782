#include "analytics/stage_ladder.h"

namespace throughline {

StageLadder::StageLadder(std::span<const ReportedStage> stages) : rungs_(stages.size(), kNoRung) {
  const auto climb = [&](Phase phase, int rung) {
    for (size_t i = 0; i < stages.size(); ++i) {
      if (stages[i].phase == phase && stages[i].kind == StageKind::kOpen) rungs_[i] = rung++;
    }
    return rung;
  };
  lead_top_ = climb(Phase::kLead, climb(Phase::kMarketing, 0));
  opportunity_top_ = climb(Phase::kOpportunity, 0);
  for (size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].kind == StageKind::kConverted) rungs_[i] = lead_top_;
    if (stages[i].phase == Phase::kWon) rungs_[i] = opportunity_top_;
  }
  for (const bool of_leads : {false, true}) {
    Side& side = sides_[of_leads ? 1 : 0];
    for (int rung = 0; rung <= TopOf(of_leads); ++rung) {
      for (uint32_t i = 0; i < stages.size(); ++i) {
        if (rungs_[i] == rung && stages[i].OfLeads() == of_leads) side.stages.push_back(i);
      }
      side.ends.push_back(side.stages.size());
    }
  }
}

}  // namespace throughline
