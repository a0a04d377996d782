#ifndef THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_
#define THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "analytics/stage_ladder.h"
#include "throughline/policy.h"

namespace throughline {

// The rungs of leads that policies may call otherwise, or not have at all: kNoRung.
class Milestones {
 public:
  Milestones(const Policy& policy, const StageLadder& ladder)
      : accepted_stage(FindAny({"accepted", "sal", "sales accepted lead"}, policy)),
        mql(RungOf(FindAny({"mql", "marketing qualified lead"}, policy), ladder)),
        accepted(RungOf(accepted_stage, ladder)) {}

  std::optional<uint32_t> accepted_stage;  // its place
  int mql;
  int accepted;

 private:
  // The first of these stages that the policy has for leads.
  static std::optional<uint32_t> FindAny(std::initializer_list<std::string_view> names,
                                         const Policy& policy) {
    for (const std::string_view name : names) {
      const Stage* stage = policy.FindStageNamed(name);
      if (stage == nullptr || !IsLeadPhase(stage->phase)) continue;
      return static_cast<uint32_t>(stage - policy.stages().data());
    }
    return std::nullopt;
  }

  static int RungOf(std::optional<uint32_t> stage, const StageLadder& ladder) {
    return stage ? ladder.RungOf(*stage) : StageLadder::kNoRung;
  }
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_MILESTONES_H_
