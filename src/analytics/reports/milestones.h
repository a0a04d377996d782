#ifndef THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_
#define THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_

#include <initializer_list>
#include <string_view>

#include "analytics/stage_ladder.h"
#include "throughline/policy.h"

namespace throughline {

// The rungs of leads that policies may call otherwise, or not have at all: kNoRung.
class Milestones {
 public:
  Milestones(const Policy& policy, const StageLadder& ladder)
      : mql(RungOfAny({"mql", "marketing qualified lead"}, policy, ladder)),
        accepted(RungOfAny({"accepted", "sal", "sales accepted lead"}, policy, ladder)) {}

  int mql;
  int accepted;

 private:
  // That of the first of these stages that the policy has for leads.
  static int RungOfAny(std::initializer_list<std::string_view> names, const Policy& policy,
                       const StageLadder& ladder) {
    for (const std::string_view name : names) {
      const Stage* stage = policy.FindStageNamed(name);
      if (stage == nullptr || !IsLeadPhase(stage->phase)) continue;
      return ladder.RungOf(static_cast<uint32_t>(stage - policy.stages().data()));
    }
    return StageLadder::kNoRung;
  }
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_
