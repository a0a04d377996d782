#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_VIEW_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analytics/counted_shards.h"
#include "throughline/attribution.h"
#include "throughline/money.h"

// Paths as models read them, whoever keeps the columns.

namespace throughline {

// Bits of PathView::milestones: what belongs to a touch. The first touch and the last one need no
// mark.
inline constexpr uint16_t kLeadMilestone = 1;
inline constexpr uint16_t kOpportunityMilestone = 2;
inline constexpr uint16_t kFirstStageMilestone = 4;  // then one bit for each stage

// The touch is direct or unknown traffic, whatever key it goes by.
inline constexpr uint16_t kDirectMark = 1 << 15;

inline constexpr uint8_t kNoCurrency = std::numeric_limits<uint8_t>::max();

struct PathView {
  std::span<const std::string> keys;     // labels
  std::span<const uint8_t> direct;       // by key: whether it is direct traffic
  std::span<const uint64_t> begins;      // paths + 1
  std::span<const uint32_t> touches;     // keys
  std::span<const double> days;          // of touches; empty: not known
  std::span<const uint16_t> milestones;  // of touches; empty: none is known
  std::span<const double> conversions;   // of paths
  std::span<const double> nulls;         // of paths; empty: 0

  // What conversions are worth: real values, or amounts of money.
  bool money = false;
  std::span<const double> values;              // of paths; empty: 0
  std::span<const int64_t> amounts;            // of paths, in minor units
  std::span<const uint8_t> amount_currencies;  // of paths: places in `currencies`, or kNoCurrency
  // If set: the amounts are split in the currency that they are of, and the converted ones, which
  // are of one currency, in the proportion of these parts.
  std::span<const int64_t> own_amounts;
  std::vector<Currency> currencies;

  size_t paths() const { return begins.size() - 1; }
  size_t LengthOf(size_t path) const { return begins[path + 1] - begins[path]; }
  double NullsOf(size_t path) const { return nulls.empty() ? 0 : nulls[path]; }
  bool Earns(size_t path) const {
    return conversions[path] != 0 || (!values.empty() && values[path] != 0);
  }
};

inline double SumOf(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

// The most touches that a path has.
size_t LongestPath(const PathView& view);

// What the paths are, as far as a table tells it.
struct PathContext {
  std::string key = "channel";       // what touches go by
  std::string unit = "conversions";  // of what is counted
  bool money = false;
  int64_t unknown_amounts = 0;
  // Weights of the policy, and of their stages how many come before opportunity creation.
  std::optional<MilestoneWeights> weights;
  size_t stages_of_leads = 0;
  AsOfAnswer as_of;
  CountedShards shards;  // none: the paths are of no ledger
  std::vector<std::pair<std::string, std::string>> parameters;
};

struct LedgerColumns;

// The one kind of AttributionPaths: a view, with what it looks at.
class KeptPaths final : public AttributionPaths {
 public:
  KeptPaths(PathView view, PathContext context, std::shared_ptr<const void> columns,
            const LedgerColumns* ledger = nullptr)
      : view_(std::move(view)),
        context_(std::move(context)),
        columns_(std::move(columns)),
        ledger_(ledger) {}

  int64_t paths() const override { return static_cast<int64_t>(view_.paths()); }
  int64_t touches() const override { return static_cast<int64_t>(view_.touches.size()); }
  const PathView& view() const { return view_; }
  const PathContext& context() const { return context_; }
  const LedgerColumns* ledger() const { return ledger_; }  // null: of plain paths

  // The request with the weights of these paths' policy. INVALID_ARGUMENT, of the field
  // "weights.stages", if it weighs stages that these paths do not have.
  absl::StatusOr<AttributionRequest> Settle(AttributionRequest request) const;

 private:
  absl::Status MissingStage(const MilestoneWeights& known, const MilestoneWeights& asked) const;

  PathView view_;
  PathContext context_;
  std::shared_ptr<const void> columns_;
  const LedgerColumns* ledger_;
};

inline const KeptPaths& KeptOf(const AttributionPaths& paths) {
  return static_cast<const KeptPaths&>(paths);
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_VIEW_H_
