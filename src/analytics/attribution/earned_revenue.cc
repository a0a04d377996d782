#include "analytics/attribution/earned_revenue.h"

#include <algorithm>

namespace throughline {

EarnedRevenue::EarnedRevenue(const ReportScope& scope)
    : scope_(scope),
      shapes_(ShapesOf(scope.dictionaries())),
      records_(scope, request_, {}),
      touches_(shapes_, scope.as_of(), request_.side, request_.collapse_minutes) {}

void EarnedRevenue::ForEachPart(const Group& group, Tally& tally, const Visit& visit) {
  const auto is_deal = [](const FactRecord& record) {
    return record.kind == EntityKind::kOpportunity;
  };
  if (std::ranges::none_of(group.records(), is_deal)) return;
  records_.Read(group);
  ForEachCompany(group, scope_.as_of().known_at, [&](const AccountPlaces& accounts) {
    std::optional<std::span<const Touch* const>> touches;  // read for those that won something
    for (const PathRecord& record : records_.records()) {
      if (std::ranges::find(accounts, record.account) == accounts.end()) continue;
      if (records_.OutcomeOf(record) != PathOutcome::kConversion) continue;
      const RecordInGroup deal{group, *record.record, record.state};
      if (!scope_.InPeriod(records_.SettledAt(record)) || !scope_.Passes(deal)) continue;
      if (!touches) touches = touches_.Of(group, accounts);
      SplitDeal(deal, TouchesWithin(records_.FrameOf(record), *touches), tally, visit);
    }
  });
}

void EarnedRevenue::SplitDeal(const RecordInGroup& deal, std::span<const Touch* const> touches,
                              Tally& tally, const Visit& visit) {
  Money kept;
  const Money* const amount = scope_.Convert(deal.state.amount, deal.state.entered_at, kept, tally);
  if (amount == nullptr) return;
  if (touches.empty()) return visit(deal, nullptr, *amount);
  shares_.assign(touches.size(), 1 / static_cast<double>(touches.size()));
  const std::span<const int64_t> parts =
      remainder_.SplitConverted(deal.state.amount->minor, amount->minor, shares_);
  for (size_t i = 0; i < touches.size(); ++i) {
    visit(deal, touches[i], {parts[i], amount->currency});
  }
}

}  // namespace throughline
