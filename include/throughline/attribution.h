#ifndef THROUGHLINE_ATTRIBUTION_H_
#define THROUGHLINE_ATTRIBUTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "throughline/lifecycle.h"
#include "throughline/policy.h"
#include "throughline/table.h"

// Which touches earned a conversion: credit for what was won, shared among the touches before it
// (docs/attribution.md). All functions here may be called from any thread, and none can be stopped.

namespace throughline {

// How the credit for a conversion is shared among the touches of its path. Each model gives away
// exactly 100 %.
enum class AttributionModel : uint8_t {
  kLinear = 1,         // equal shares
  kFirst = 2,          // the first touch
  kLast = 3,           // the last touch
  kLastNonDirect = 4,  // the last touch that is not of a direct channel; the last if all are
  kPosition = 5,       // first 40, last 40, the middle 20
  kU = 6,              // first 40, lead creation 40, the rest 20
  kW = 7,              // first 30, lead creation 30, opportunity creation 30, the rest 10
  kFullPath = 8,    // first, lead creation, opportunity creation and close 22.5 each, the rest 10
  kJ = 9,           // first 20, the middle 20, last 60
  kInverseJ = 10,   // first 60, the middle 20, last 20
  kTimeDecay = 11,  // 2^(-age / half_life), age: days before the path's last touch
  kCustom = 12,     // by MilestoneWeights
  // By what the data say:
  kMarkov = 13,          // removal effects in an absorbing Markov chain
  kShapley = 14,         // Shapley value, v(S) = conversions of paths whose keys all lie in S
  kShapleyOrdered = 15,  // the same, spread over the positions in which a key occurs
  kShapleyRate = 16,     // Shapley value, v(S) = conversion rate of such paths
};
THROUGHLINE_ENUM_NAMES(AttributionModel, {AttributionModel::kLinear, "linear"},
                       {AttributionModel::kFirst, "first"}, {AttributionModel::kLast, "last"},
                       {AttributionModel::kLastNonDirect, "last_non_direct"},
                       {AttributionModel::kPosition, "position"}, {AttributionModel::kU, "u"},
                       {AttributionModel::kW, "w"}, {AttributionModel::kFullPath, "full_path"},
                       {AttributionModel::kJ, "j"}, {AttributionModel::kInverseJ, "inverse_j"},
                       {AttributionModel::kTimeDecay, "time_decay"},
                       {AttributionModel::kCustom, "custom"}, {AttributionModel::kMarkov, "markov"},
                       {AttributionModel::kShapley, "shapley"},
                       {AttributionModel::kShapleyOrdered, "shapley_ordered"},
                       {AttributionModel::kShapleyRate, "shapley_rate"});

// The models there are, with what each does.
struct AttributionModelInfo {
  AttributionModel model = AttributionModel::kLinear;
  std::string_view name;
  std::string_view about;
};
std::vector<AttributionModelInfo> AttributionModels();

// The weight of a milestone by its name, "first", "lead", "opportunity", "close" or "middle"; else
// that of the stage with this key, which is added if it is not there. So a stage that has one of
// these names for a key cannot be weighed by name: MilestoneWeights::stages and the policy can.
double& WeightOf(MilestoneWeights& weights, std::string_view milestone);

// A model with all that it goes by.
struct AttributionRequest {
  AttributionModel model = AttributionModel::kLinear;
  double half_life_days = 60;  // of kTimeDecay, > 0
  // Of kCustom; absent: those that the paths were assembled with (PathRequest), or the policy's.
  std::optional<MilestoneWeights> weights;
  int order = 1;  // of kMarkov, 1..3: a state is the last so many touches
  // With fewer conversions the models that go by the data fall back to kLinear, and the table says
  // so. At least 0.
  double minimum_conversions = 10;
  // Of kShapleyRate with more than kMaxExactKeys keys, which draws orders of the keys: how many
  // (2..1,000,000), and which. The same seed gives the same draws.
  int samples = 1'000;
  uint64_t seed = 1;
};
inline constexpr size_t kMaxExactKeys = 20;

// Limits of kMarkov, of partials and what is merged of them, too. With more states than
// kMaxDenseStates its linear systems are solved by an iterative method, which aims at a residual of
// 1e-13 and stops after 2,000 steps: the table's `residual` is what it reached. Else it is one LU
// factorisation.
inline constexpr size_t kMaxMarkovKeys = 1'000;
inline constexpr size_t kMaxMarkovStates = 100'000;
inline constexpr size_t kMaxDenseStates = 512;  // of order 2 and 3; order 1 is always dense

// Paths to conversions as plain columns: what an analyst has who keeps no ledger. Path i has the
// touches [begins[i], begins[i + 1]), oldest first. It led to `conversions[i]` conversions of
// together `values[i]`, and `nulls[i]` times to nothing.
struct PathColumns {
  // Names of channels (or of what else touches go by): distinct, UTF-8 of at most 1,024 bytes.
  std::vector<std::string> keys;
  std::vector<uint32_t> direct_keys;  // places in `keys`, of direct and unknown traffic
  std::vector<uint64_t> begins;       // paths + 1; from 0, never falling, to touches.size()
  std::vector<uint32_t> touches;      // places in `keys`
  std::vector<double> conversions;    // [paths], at least 0
  std::vector<double> values;         // [paths], finite, 0 without conversions; empty: all 0
  std::vector<double> nulls;          // [paths], at least 0; empty: all 0
  // When touches happened, in days on any scale, never falling within a path; [touches]. kTimeDecay
  // takes them; empty: not known.
  std::vector<double> days;
};

// Reads paths from a CSV file, "-" being the standard input. Its columns, in any order, others
// being passed over: `path` ("email > search > email"; spaces around names do not count, an empty
// path is one without touches), `total_conversions`, and, if there are any,
// `total_conversion_value`, `total_null` and `days` ("0 > 3 > 3.5"). An empty number is 0. `direct`
// names the keys of direct traffic; names that no touch has are passed over. INVALID_ARGUMENT names
// the line and the column of the first fault; NOT_FOUND for a missing file.
absl::StatusOr<PathColumns> ReadPathColumns(std::string_view path,
                                            std::span<const std::string> direct = {});

// What a table calls the conversions of paths without an eligible touch, of whichever side those
// are, and of plain paths.
inline constexpr std::string_view kNoTouchKey = "(no marketing touch)";

// Paths, checked and kept, to be asked for many models. Immutable, thread-safe.
class AttributionPaths {
 public:
  // INVALID_ARGUMENT names the first fault: "touches[7]: 9 is not one of the 8 keys".
  static absl::StatusOr<std::shared_ptr<const AttributionPaths>> Of(PathColumns columns);

  virtual ~AttributionPaths() = default;

  virtual int64_t paths() const = 0;
  virtual int64_t touches() const = 0;

 private:
  friend class KeptPaths;  // the only kind there is
  AttributionPaths() = default;
};

// Credit by key: a row for each key, and one for conversions without any touch, if there are some.
// Columns are the key's own ("channel"; kShapleyOrdered also "position", from 1), "conversions",
// "value", "share" of the conversions, "value_share", and what the model tells beside it:
// "removal_effect" of kMarkov, "standard_error" of a sampled kShapleyRate. Conversions add up to
// all there are, values too, shares to 1. Without any conversion there are no rows, and the finding
// says so. "value" is empty if there are several currencies, and of wins and leads, which have no
// amounts. A table that fell back has the columns of kLinear: read its parameter "model".
//
// Each path's amount is split to the last cent, in its own currency; but kMarkov and kShapleyRate
// split the total of each currency, the latter in proportion to conversions. Paths without touches
// take no part in kMarkov, nor in the rate of kShapleyRate.
//
// Formulas. Time decay weighs 2^(-age/h). Markov: states are the last `order` touches, equal
// consecutive states count once; with N = (I - Q)^-1, b the chances of converting next and h = N b,
// the removal effect of key k, whose states are A, is N[0,A] N[A,A]^-1 h[A] / h[0] (E. Anderl et
// al., "Mapping the customer journey", Int. J. of Research in Marketing 33, 2016), and credit is
// in proportion to it; values in the same way, b being the value to be expected next. Shapley: each
// path's conversions, split evenly among its distinct keys, which is the Shapley value of v(S)
// (Zhao et al., "Shapley Value Methods for Attribution Modeling in Online Advertising",
// arXiv:1804.05327, 2018); ordered: the same split evenly over a key's occurrences in the path;
// rate: the definition, after X. Shao and L. Li, "Data-driven multi-touch attribution models",
// KDD 2011. Credit by rate may be negative.
//
// INVALID_ARGUMENT names the field: an unknown model, `order` not 1..3, a half-life that is not
// above 0, `minimum_conversions` below 0, `samples` not 2..1,000,000, weights that are negative or
// not 100 together, none at all, or of stages that the paths do not have, no times for kTimeDecay,
// more keys or states than the limits above.
absl::StatusOr<Table> AttributePaths(const AttributionPaths& paths,
                                     const AttributionRequest& request);

// --- Paths of several machines: what each has counted adds up. Partials are read by this version
// of the library only. Those of ledgers say `through` and `known_at` in their requests, so that all
// mean the same. ---

// What a model takes of these paths, as bytes that any process can merge: credit by key, counts of
// transitions or of sets of keys. Errors as of AttributePaths.
absl::StatusOr<std::string> AttributionPartial(const AttributionPaths& paths,
                                               const AttributionRequest& request);

// Partials of one request, as one; its `seq` is 0 if there are several. INVALID_ARGUMENT: there are
// none, they are of different requests, a shard of a snapshot is there twice, one is damaged, or
// together they have more keys or states than kMarkov takes.
absl::StatusOr<std::string> MergeAttributionPartials(std::span<const std::string> partials);

// The table of a partial. INVALID_ARGUMENT if it is damaged or too large, or lacks a shard of a
// snapshot that it has others of.
absl::StatusOr<Table> FinishAttribution(std::string_view partial);

}  // namespace throughline

#endif  // THROUGHLINE_ATTRIBUTION_H_
