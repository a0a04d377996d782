#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/compared_models.h"
#include "analytics/attribution/drawn_counts.h"
#include "analytics/number_text.h"
#include "model/abseil_text.h"

// Models by how well they foretell what converts.

namespace throughline {
namespace {

// A path as its value sees it.
struct ScoredPath {
  double score = 0;
  double conversions = 0;
  double nulls = 0;
};

struct HeldOutSplit {
  WeightedPaths fitted;
  WeightedPaths held_out;
};

// Each conversion and each null by itself: a row of a file stands for many paths. One with parts of
// them is held out whole or not at all.
HeldOutSplit SplitPaths(const PathView& view, const ComparisonRequest& request) {
  HeldOutSplit split;
  SeededDraws draws(request.settings.seed, 0);
  for (size_t path = 0; path < view.paths(); ++path) {
    const double conversions = view.conversions[path], nulls = view.NullsOf(path);
    double held_conversions = 0, held_nulls = 0;
    if (conversions == std::floor(conversions) && nulls == std::floor(nulls)) {
      held_conversions = DrawBinomial(conversions, request.held_out, draws);
      held_nulls = DrawBinomial(nulls, request.held_out, draws);
    } else if (draws.Share() < request.held_out) {
      held_conversions = conversions, held_nulls = nulls;
    }
    split.fitted.conversions.push_back(conversions - held_conversions);
    split.fitted.nulls.push_back(nulls - held_nulls);
    split.held_out.conversions.push_back(held_conversions);
    split.held_out.nulls.push_back(held_nulls);
  }
  return split;
}

// What a touch of each key earned on average.
std::vector<double> TouchValues(const PathView& view, const std::vector<double>& shares) {
  std::vector<double> touches(view.keys.size());
  double conversions = 0;
  for (size_t path = 0; path < view.paths(); ++path) {
    const double weight = view.conversions[path] + view.NullsOf(path);
    conversions += view.conversions[path];
    for (uint64_t i = view.begins[path]; i < view.begins[path + 1]; ++i) {
      touches[view.touches[i]] += weight;
    }
  }
  for (size_t key = 0; key < touches.size(); ++key) {
    touches[key] = touches[key] == 0 ? 0 : conversions * shares[key] / touches[key];
  }
  return touches;
}

std::vector<ScoredPath> Scored(const PathView& view, const std::vector<double>& touch_values) {
  std::vector<ScoredPath> scored;
  for (size_t path = 0; path < view.paths(); ++path) {
    ScoredPath each{0, view.conversions[path], view.NullsOf(path)};
    if (each.conversions + each.nulls == 0) continue;
    for (uint64_t i = view.begins[path]; i < view.begins[path + 1]; ++i) {
      each.score += touch_values[view.touches[i]];
    }
    scored.push_back(each);
  }
  return scored;
}

// The area under the curve of true over false positives, ties counting half; 0 pairs: none.
std::optional<double> AucOf(std::vector<ScoredPath> paths) {
  std::ranges::sort(paths, {}, &ScoredPath::score);
  double area = 0, conversions = 0, nulls = 0;
  for (size_t i = 0; i < paths.size();) {
    double tied_conversions = 0, tied_nulls = 0;
    for (const double score = paths[i].score; i < paths.size() && paths[i].score == score; ++i) {
      tied_conversions += paths[i].conversions;
      tied_nulls += paths[i].nulls;
    }
    area += tied_conversions * (nulls + tied_nulls / 2);
    conversions += tied_conversions;
    nulls += tied_nulls;
  }
  if (conversions == 0 || nulls == 0) return std::nullopt;
  return area / (conversions * nulls);
}

// The chance of conversion that a score stands for.
struct Logistic {
  double constant = 0;
  double slope = 0;

  double ChanceOf(double score) const {
    const double chance = 1 / (1 + std::exp(-(constant + slope * score)));
    return std::clamp(chance, 1e-12, 1 - 1e-12);
  }
};

// -ln of the chance of what became of a path, on average.
template <class ChanceOf>
double LogLoss(const std::vector<ScoredPath>& paths, ChanceOf&& chance_of) {
  double loss = 0, all = 0;
  for (const ScoredPath& path : paths) {
    const double chance = chance_of(path.score);
    loss -= path.conversions * std::log(chance) + path.nulls * std::log(1 - chance);
    all += path.conversions + path.nulls;
  }
  return loss / all;
}

double LogLossBy(const Logistic& logistic, const std::vector<ScoredPath>& paths) {
  return LogLoss(paths, [&](double score) { return logistic.ChanceOf(score); });
}

double RateOfConversion(const std::vector<ScoredPath>& paths) {
  double conversions = 0, all = 0;
  for (const ScoredPath& path : paths) {
    conversions += path.conversions;
    all += path.conversions + path.nulls;
  }
  return std::clamp(conversions / all, 1e-9, 1 - 1e-9);
}

// A step of Newton's method; none if all scores are the same.
std::optional<Logistic> NewtonStep(const std::vector<ScoredPath>& paths, const Logistic& at) {
  double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
  for (const ScoredPath& path : paths) {
    const double chance = at.ChanceOf(path.score), all = path.conversions + path.nulls;
    const double error = path.conversions - all * chance, weight = all * chance * (1 - chance);
    g0 += error, g1 += error * path.score;
    h00 += weight, h01 += weight * path.score, h11 += weight * path.score * path.score;
  }
  const double determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 1e-12 * h00 * h11)) return std::nullopt;
  return Logistic{(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant};
}

// Of the least log loss: Newton's method from the rate of conversion on, with steps halved until
// they lead down.
Logistic Fitted(const std::vector<ScoredPath>& paths) {
  constexpr int kSteps = 60;
  constexpr double kShortest = 1e-6, kLittle = 1e-13;
  const double rate = RateOfConversion(paths);
  Logistic best{std::log(rate / (1 - rate)), 0};
  double loss = LogLossBy(best, paths);
  for (int i = 0; i < kSteps; ++i) {
    const std::optional<Logistic> step = NewtonStep(paths, best);
    if (!step) return best;
    double part = 1, gain = 0;
    for (; part >= kShortest && gain <= 0; part /= 2) {
      const Logistic next{best.constant + part * step->constant, best.slope + part * step->slope};
      const double next_loss = LogLossBy(next, paths);
      gain = loss - next_loss;
      if (gain <= 0) continue;
      best = next;
      loss = next_loss;
    }
    if (gain <= kLittle) return best;
  }
  return best;
}

std::vector<Cell> ValidatedRow(std::string_view model, const PathView& fitted,
                               const PathView& held_out, const std::vector<double>& shares) {
  const std::vector<double> values = TouchValues(fitted, shares);
  const std::vector<ScoredPath> known = Scored(fitted, values), asked = Scored(held_out, values);
  const std::optional<double> auc = AucOf(asked);
  std::vector<Cell> cells = {std::string(model)};
  if (!auc || known.empty()) {
    cells.resize(4);
    return cells;
  }
  const double rate = RateOfConversion(known);
  cells.emplace_back(*auc);
  cells.emplace_back(LogLossBy(Fitted(known), asked));
  cells.emplace_back(LogLoss(asked, [&](double) { return rate; }));
  return cells;
}

void AddValidatedColumns(Table& table) {
  table.columns = {
      {"model", ColumnKind::kText, "", "The model of attribution."},
      {"auc", ColumnKind::kReal, "share",
       "The chance that a path that converts has a higher value than one that does not; one half "
       "is chance.",
       /*bar=*/true},
      {"log_loss", ColumnKind::kReal, "nats",
       "How surprising it was, on average, what became of a path, by the chance that its value "
       "gave; less is better."},
      {"log_loss_of_rate", ColumnKind::kReal, "nats",
       "The same if every path is given the rate of conversion."}};
}

std::string ValidatedFinding(const Table& table) {
  const TableColumn &models = table.columns[0], &aucs = table.columns[1];
  std::optional<size_t> best;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (aucs.IsGiven(row) && (!best || aucs.reals[row] > aucs.reals[*best])) best = row;
  }
  if (!best) return "Too little data: of the paths held out, some must convert and some must not.";
  return absl::StrCat(ToAbsl(models.TextAt(*best)), " foretells best: of a path that converts ",
                      "and one that does not, it has the first ahead in ",
                      Percent(aucs.reals[*best]), " of cases.");
}

}  // namespace

absl::StatusOr<Table> ValidateAttribution(const AttributionPaths& paths,
                                          const ComparisonRequest& request) {
  const KeptPaths& kept = KeptOf(paths);
  const auto models = ModelsToCompare(kept, request);
  if (!models.ok()) return models.status();
  const HeldOutSplit split = SplitPaths(kept.view(), request);
  const PathView fitted = split.fitted.ViewOf(kept.view());
  const PathView held_out = split.held_out.ViewOf(kept.view());
  Table table;
  table.report = "attribution models held out";
  table.as_of = kept.context().as_of;
  AddValidatedColumns(table);
  for (const AttributionRequest& model : models->requests) {
    const auto shares = SharesOfModel(fitted, kept, model);
    if (!shares.ok()) return shares.status();
    table.AddRow(ValidatedRow(NameOf(model.model), fitted, held_out, *shares));
  }
  table.finding = ValidatedFinding(table);
  table.parameters = {{"held_out", absl::StrCat(request.held_out)},
                      {"seed", absl::StrCat(request.settings.seed)}};
  AddModelParameters(*models, SumOf(fitted.conversions), table);
  table.parameters.insert(table.parameters.end(), kept.context().parameters.begin(),
                          kept.context().parameters.end());
  return table;
}

}  // namespace throughline
