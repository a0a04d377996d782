#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_MILESTONE_RULES_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_MILESTONE_RULES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "throughline/attribution.h"

// All models that give weights to places in a path are one: weights for milestones, and for the
// touches between them.

namespace throughline {

// A milestone between the first touch and the last, in the order in which a path passes them.
struct MilestoneWeight {
  uint16_t mark = 0;  // bit of PathView::milestones
  double weight = 0;
};

// Shares that add up to 1.
struct MilestoneRule {
  double first = 0;
  std::vector<MilestoneWeight> between;
  double close = 0;
  double middle = 0;
};

// The rule of a model that has fixed weights; kCustom's by `custom`, whose stages have the marks
// from kFirstStageMilestone on, `stages_of_leads` of them belonging before opportunity creation.
MilestoneRule RuleOf(AttributionModel model);
MilestoneRule RuleOf(const MilestoneWeights& custom, size_t stages_of_leads);

// Weighs the touches of one path after another by a rule.
class MilestoneWeigher {
 public:
  explicit MilestoneWeigher(MilestoneRule rule);

  // `marks` of the path's touches, or none. Writes a share for each touch, of which there are some.
  void Weigh(std::span<const uint16_t> marks, std::span<double> shares) const;

 private:
  // Touches that milestones belong to.
  struct Holders {
    size_t count = 0;
    std::array<size_t, kMaxStageWeights + 4> places;
    std::array<double, kMaxStageWeights + 4> weights;

    void Add(size_t place, double weight);
  };
  double PlaceBetween(std::span<const uint16_t> marks, Holders& holders) const;

  MilestoneRule rule_;
  bool between_ = false;  // whether a milestone between weighs anything
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_MILESTONE_RULES_H_
