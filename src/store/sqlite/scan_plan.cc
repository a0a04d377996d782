#include "store/sqlite/scan_plan.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "store/row_check.h"
#include "store/sqlite/layout.h"
#include "store/value_order.h"
#include "throughline/store.h"

namespace throughline {
namespace {

// Builds the ranges of one scan. Works on positions without repeated columns.
class Planner {
 public:
  Planner(const Layout& layout, const Scan& scan)
      : scan_(scan),
        table_(layout.table(scan.table)),
        order_(layout.Order(scan.table, scan.index)),
        lower_(BoundOrNull(scan.lower)),
        upper_(BoundOrNull(scan.upper)) {
    const std::vector<int> columns = PositionColumns(table_, scan.index);
    for (size_t i = 0; i < columns.size(); ++i) {
      const bool repeated = Repeated(columns, i);
      if (!repeated && i < scan.prefix.size()) prefix_.push_back(&scan.prefix[i]);
      if (!repeated && !scan.after.empty()) after_.push_back(&scan.after[i]);
    }
    // The bounded column may be one that the prefix fixes already.
    const size_t bounded = scan.prefix.size();
    if (bounded >= columns.size() || !Repeated(columns, bounded)) return;
    const auto first = std::find(columns.begin(), columns.end(), columns[bounded]);
    const Value& value = scan.prefix[static_cast<size_t>(first - columns.begin())];
    out_of_bounds_ = !WithinBounds(value);
    lower_ = upper_ = nullptr;
  }

  std::vector<Range> Plan() {
    if (out_of_bounds_) return {};
    if (!prefix_.empty() && IsNull(*prefix_[0])) return {};  // not in the index
    // Negative: `after` stands before the whole range.
    const int side = after_.empty() ? -1 : AfterAgainstPrefix();
    if (side > 0) return {};
    if (side < 0) {
      AddWhole();
      return std::move(ranges_);
    }
    if ((lower_ == nullptr && upper_ == nullptr) || WithinBounds(*after_[prefix_.size()])) {
      for (size_t column = order_.size() - 1; column > prefix_.size(); --column) {
        AddBehind(column, nullptr, nullptr);
      }
    }
    if (prefix_.size() < order_.size()) {
      AddBehind(prefix_.size(), lower_, upper_);
    }
    return std::move(ranges_);
  }

 private:
  static bool Repeated(const std::vector<int>& columns, size_t i) {
    for (size_t before = 0; before < i; ++before) {
      if (columns[before] == columns[i]) return true;
    }
    return false;
  }

  static const Value* BoundOrNull(const Value& value) { return IsNull(value) ? nullptr : &value; }

  bool Nullable(size_t column) const {
    return table_.columns[static_cast<size_t>(order_[column])].nullable;
  }

  // Rows with a null there are not in the index, or there are none.
  bool NeverNull(size_t column) const { return column == 0 || !Nullable(column); }

  int AfterAgainstPrefix() const {
    for (size_t i = 0; i < prefix_.size(); ++i) {
      const int side = CompareValues(*after_[i], *prefix_[i]);
      if (side != 0) return scan_.descending ? -side : side;
    }
    return 0;
  }

  bool WithinBounds(const Value& value) const {
    if (IsNull(scan_.lower) && IsNull(scan_.upper)) return true;
    return !IsNull(value) && (IsNull(scan_.lower) || CompareValues(value, scan_.lower) >= 0) &&
           (IsNull(scan_.upper) || CompareValues(value, scan_.upper) <= 0);
  }

  Range NewRange(const std::vector<const Value*>& fixed, size_t count) const {
    Range range;
    range.form.table = scan_.table;
    range.form.index = scan_.index;
    range.form.descending = scan_.descending;
    range.form.fixed = static_cast<int>(count);
    range.values.assign(fixed.begin(), fixed.begin() + static_cast<std::ptrdiff_t>(count));
    return range;
  }

  void AddWhole() {
    Range range = NewRange(prefix_, prefix_.size());
    if (lower_ != nullptr) SetBound(range.form.lower, Bound::kInclusive, *lower_, range);
    if (upper_ != nullptr) SetBound(range.form.upper, Bound::kInclusive, *upper_, range);
    const bool partial = prefix_.empty() && scan_.index != kPrimaryKey && Nullable(0);
    if (partial) range.form.nulls = Nulls::kNone;
    ranges_.push_back(std::move(range));
  }

  // The rows that share `after` up to `column` and stand behind it there, within the bounds.
  void AddBehind(size_t column, const Value* lower, const Value* upper) {
    const Value& edge = *after_[column];
    const bool bounded = lower != nullptr || upper != nullptr;
    if (scan_.descending && IsNull(edge)) return;
    Range range = NewRange(after_, column);
    Bound lower_kind = Bound::kInclusive;
    Bound upper_kind = Bound::kInclusive;
    if (scan_.descending && (upper == nullptr || CompareValues(*upper, edge) >= 0)) {
      upper = &edge;
      upper_kind = Bound::kExclusive;
    }
    if (!scan_.descending && (lower == nullptr || CompareValues(*lower, edge) <= 0)) {
      lower = &edge;
      lower_kind = Bound::kExclusive;
    }
    if (lower != nullptr && IsNull(*lower)) {  // everything stands behind null
      lower = nullptr;
      range.form.nulls = Nulls::kNone;
    }
    if (lower != nullptr) SetBound(range.form.lower, lower_kind, *lower, range);
    if (upper != nullptr) SetBound(range.form.upper, upper_kind, *upper, range);
    ranges_.push_back(std::move(range));
    if (scan_.descending && !bounded && !NeverNull(column)) {
      Range nulls = NewRange(after_, column);
      nulls.form.nulls = Nulls::kOnly;
      ranges_.push_back(std::move(nulls));
    }
  }

  static void SetBound(Bound& bound, Bound kind, const Value& value, Range& range) {
    bound = kind;
    range.values.push_back(&value);
  }

  const Scan& scan_;
  const TableSchema& table_;
  const std::vector<int>& order_;
  std::vector<const Value*> prefix_;
  std::vector<const Value*> after_;
  const Value* lower_;  // null: no bound
  const Value* upper_;
  bool out_of_bounds_ = false;
  std::vector<Range> ranges_;
};

}  // namespace

std::vector<Range> PlanScan(const Layout& layout, const Scan& scan) {
  return Planner(layout, scan).Plan();
}

}  // namespace throughline
