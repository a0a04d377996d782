#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDIT_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDIT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/attribution/largest_remainder.h"
#include "analytics/attribution/path_view.h"

namespace throughline {

// What rows have earned, so far: numbers by row, that of other paths can be added to.
struct Credit {
  std::vector<double> conversions;
  std::vector<double> values;                 // unless money
  std::vector<std::vector<int64_t>> amounts;  // if money: by currency, in minor units

  Credit() = default;
  Credit(size_t rows, bool money, size_t currencies)
      : amounts(money ? currencies : 0), money_(money) {
    Resize(rows);
  }

  size_t rows() const { return conversions.size(); }
  void Resize(size_t rows) {
    conversions.resize(rows);
    if (!money_) values.resize(rows);
    for (std::vector<int64_t>& each : amounts) each.resize(rows);
  }

 private:
  bool money_ = false;
};

// Gives what a path earned to rows, by shares that add up to 1. A path's money is split to the last
// minor unit.
class CreditGiver {
 public:
  explicit CreditGiver(const PathView& view, size_t rows)
      : credit_(rows, view.money, view.currencies.size()), view_(view) {}

  Credit& credit() { return credit_; }

  void Give(size_t path, std::span<const uint32_t> rows, std::span<const double> shares) {
    const double conversions = view_.conversions[path];
    for (size_t i = 0; i < rows.size(); ++i) {
      credit_.conversions[rows[i]] += conversions * shares[i];
    }
    if (view_.money) {
      GiveMoney(path, rows, shares);
    } else if (!view_.values.empty()) {
      const double value = view_.values[path];
      for (size_t i = 0; i < rows.size(); ++i) credit_.values[rows[i]] += value * shares[i];
    }
  }

  void GiveAll(size_t path, uint32_t row) {
    credit_.conversions[row] += view_.conversions[path];
    if (!view_.money) {
      if (!view_.values.empty()) credit_.values[row] += view_.values[path];
    } else if (view_.amount_currencies[path] != kNoCurrency) {
      credit_.amounts[view_.amount_currencies[path]][row] += view_.amounts[path];
    }
  }

 private:
  void GiveMoney(size_t path, std::span<const uint32_t> rows, std::span<const double> shares);

  Credit credit_;
  const PathView& view_;
  LargestRemainder remainder_;
};

// Credit of a model that goes by rules, and of kShapley; rows are keys, and one more for paths
// without touches. The request has been checked.
Credit CreditByRule(const PathView& view, const AttributionRequest& request,
                    size_t stages_of_leads = 0);

// A row of kShapleyOrdered.
struct KeyPosition {
  uint32_t key = 0;       // the number of keys: no touch
  uint32_t position = 0;  // from 1; 0: no touch
};

// Credit of kShapleyOrdered; `rows` tells what its rows are.
Credit CreditByPosition(const PathView& view, std::vector<KeyPosition>& rows);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_CREDIT_H_
