#include "analytics/attribution/milestone_rules.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "analytics/attribution/path_view.h"

namespace throughline {
namespace {

MilestoneRule Rule(double first, double lead, double opportunity, double close, double middle) {
  return {first, {{kLeadMilestone, lead}, {kOpportunityMilestone, opportunity}}, close, middle};
}

}  // namespace

MilestoneRule RuleOf(AttributionModel model) {
  switch (model) {
    case AttributionModel::kFirst:
      return Rule(1, 0, 0, 0, 0);
    case AttributionModel::kLast:
      return Rule(0, 0, 0, 1, 0);
    case AttributionModel::kPosition:
      return Rule(0.4, 0, 0, 0.4, 0.2);
    case AttributionModel::kU:
      return Rule(0.4, 0.4, 0, 0, 0.2);
    case AttributionModel::kW:
      return Rule(0.3, 0.3, 0.3, 0, 0.1);
    case AttributionModel::kFullPath:
      return Rule(0.225, 0.225, 0.225, 0.225, 0.1);
    case AttributionModel::kJ:
      return Rule(0.2, 0, 0, 0.6, 0.2);
    case AttributionModel::kInverseJ:
      return Rule(0.6, 0, 0, 0.2, 0.2);
    default:
      return Rule(0, 0, 0, 0, 1);
  }
}

MilestoneRule RuleOf(const MilestoneWeights& custom, size_t stages_of_leads) {
  MilestoneRule rule;
  rule.first = custom.first / 100;
  rule.close = custom.close / 100;
  rule.middle = custom.middle / 100;
  rule.between.push_back({kLeadMilestone, custom.lead / 100});
  for (size_t i = 0; i < custom.stages.size(); ++i) {
    if (i == stages_of_leads) {
      rule.between.push_back({kOpportunityMilestone, custom.opportunity / 100});
    }
    const auto mark = static_cast<uint16_t>(kFirstStageMilestone << i);
    rule.between.push_back({mark, custom.stages[i].second / 100});
  }
  if (stages_of_leads >= custom.stages.size()) {
    rule.between.push_back({kOpportunityMilestone, custom.opportunity / 100});
  }
  return rule;
}

MilestoneWeigher::MilestoneWeigher(MilestoneRule rule) : rule_(std::move(rule)) {
  between_ = std::ranges::any_of(rule_.between, [](auto& each) { return each.weight > 0; });
}

void MilestoneWeigher::Weigh(std::span<const uint16_t> marks, std::span<double> shares) const {
  Holders holders;
  holders.Add(0, rule_.first);
  const double carried = between_ ? PlaceBetween(marks, holders) : 0;
  holders.Add(shares.size() - 1, rule_.close + carried);
  const size_t touches = shares.size() - holders.count;
  // Without touches between them, the milestones share what those would have had.
  const double scale = touches == 0 ? 1 / (1 - rule_.middle) : 1;
  std::ranges::fill(shares, touches == 0 ? 0 : rule_.middle / static_cast<double>(touches));
  for (size_t i = 0; i < holders.count; ++i) {
    shares[holders.places[i]] = holders.weights[i] * scale;
  }
}

void MilestoneWeigher::Holders::Add(size_t place, double weight) {
  if (weight == 0) return;
  for (size_t i = 0; i < count; ++i) {
    if (places[i] != place) continue;
    weights[i] += weight;
    return;
  }
  places[count] = place;
  weights[count++] = weight;
}

// A milestone that no touch has passes its weight on to the next one: what is left for the close.
double MilestoneWeigher::PlaceBetween(std::span<const uint16_t> marks, Holders& holders) const {
  unsigned seen = 0;
  std::array<size_t, 16> places;  // NOLINT: read only where `seen` has the bit
  for (size_t i = 0; i < marks.size(); ++i) {
    for (unsigned left = marks[i]; left != 0; left &= left - 1) {
      places[static_cast<size_t>(std::countr_zero(left))] = i;
    }
    seen |= marks[i];
  }
  double carried = 0;
  for (const MilestoneWeight& each : rule_.between) {
    carried += each.weight;
    if ((seen & each.mark) == 0) continue;
    holders.Add(places[static_cast<size_t>(std::countr_zero(each.mark))], carried);
    carried = 0;
  }
  return carried;
}

}  // namespace throughline
