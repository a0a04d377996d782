#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_EARNED_REVENUE_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_EARNED_REVENUE_H_

#include <functional>
#include <span>
#include <vector>

#include "analytics/attribution/company_touches.h"
#include "analytics/attribution/credited_records.h"
#include "analytics/attribution/largest_remainder.h"
#include "analytics/reports/report_scope.h"
#include "analytics/reports/tally.h"

namespace throughline {

// What touches earned of the deals won in the period, for reports that set it beside other numbers:
// the model "linear", with all rules of paths at their defaults. So it is what AttributePaths
// gives.
class EarnedRevenue {
 public:
  // `touch`: which one earned; null: the deal had none.
  using Visit = std::function<void(const RecordInGroup& deal, const Touch* touch, const Money&)>;

  // The scope outlives it.
  explicit EarnedRevenue(const ReportScope& scope);
  // `records_` refers to `request_`.
  EarnedRevenue(const EarnedRevenue&) = delete;
  EarnedRevenue& operator=(const EarnedRevenue&) = delete;

  // Each part of each deal won by the group; of unknown amounts there are none. An amount that
  // cannot be converted fails the tally.
  void ForEachPart(const Group& group, Tally& tally, const Visit& visit);

 private:
  void SplitDeal(const RecordInGroup& deal, std::span<const Touch* const> touches, Tally& tally,
                 const Visit& visit);

  const ReportScope& scope_;
  const PathRequest request_;
  const std::vector<TouchShape> shapes_;
  CreditedRecords records_;
  CompanyTouches touches_;
  LargestRemainder remainder_;
  std::vector<double> shares_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_EARNED_REVENUE_H_
