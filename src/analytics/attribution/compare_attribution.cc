#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution/compared_models.h"
#include "analytics/attribution/drawn_counts.h"
#include "analytics/number_text.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

// Models side by side.

namespace throughline {
namespace {

struct ComparedColumn {
  std::string model;
  std::vector<double> shares;     // by key, then of no touch
  std::vector<double> low, high;  // empty: no interval
};

WeightedPaths DrawnAnew(const PathView& view, uint64_t seed, uint64_t resample) {
  SeededDraws draws(seed, resample);
  WeightedPaths drawn;
  for (size_t path = 0; path < view.paths(); ++path) {
    drawn.conversions.push_back(DrawPoisson(view.conversions[path], draws));
    drawn.nulls.push_back(DrawPoisson(view.NullsOf(path), draws));
  }
  return drawn;
}

// Of numbers that it puts in order; between two of them, in proportion.
double Quantile(std::vector<double>& numbers, double share) {
  std::ranges::sort(numbers);
  const double at = share * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, numbers.size() - 1);
  return numbers[below] + (at - static_cast<double>(below)) * (numbers[above] - numbers[below]);
}

absl::Status AddIntervals(const KeptPaths& paths, const std::vector<AttributionRequest>& requests,
                          const ComparisonRequest& request, std::vector<ComparedColumn>& columns) {
  const size_t rows = paths.view().keys.size() + 1;
  // By model, row and resample.
  std::vector<std::vector<std::vector<double>>> drawn(columns.size(),
                                                      std::vector<std::vector<double>>(rows));
  for (int resample = 0; resample < request.resamples; ++resample) {
    const WeightedPaths weights =
        DrawnAnew(paths.view(), request.settings.seed, static_cast<uint64_t>(resample));
    const PathView view = weights.ViewOf(paths.view());
    for (size_t i = 0; i < requests.size(); ++i) {
      if (!GoesByData(requests[i].model)) continue;
      const auto shares = SharesOfModel(view, paths, requests[i]);
      if (!shares.ok()) return shares.status();
      for (size_t row = 0; row < rows; ++row) drawn[i][row].push_back((*shares)[row]);
    }
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!GoesByData(requests[i].model)) continue;
    for (std::vector<double>& of_row : drawn[i]) {
      columns[i].low.push_back(Quantile(of_row, 0.025));
      columns[i].high.push_back(Quantile(of_row, 0.975));
    }
  }
  return absl::OkStatus();
}

// The shares that are kept until there are bounds.
absl::Status CheckResampled(size_t rows, const std::vector<AttributionRequest>& models,
                            int resamples) {
  const auto by_data = static_cast<size_t>(std::ranges::count_if(
      models, [](const AttributionRequest& model) { return GoesByData(model.model); }));
  const size_t shares = rows * by_data * static_cast<size_t>(resamples);
  if (shares <= kMaxResampledShares) return absl::OkStatus();
  return InvalidField(
      "resamples", absl::StrCat(resamples, " of ", rows, " keys by ", by_data, " models are ",
                                shares, " shares, at most ", kMaxResampledShares, " are allowed"));
}

absl::StatusOr<std::vector<ComparedColumn>> Compared(const KeptPaths& paths,
                                                     const std::vector<AttributionRequest>& models,
                                                     const ComparisonRequest& request) {
  std::vector<ComparedColumn> columns;
  for (const AttributionRequest& model : models) {
    auto shares = SharesOfModel(paths.view(), paths, model);
    if (!shares.ok()) return shares.status();
    columns.push_back({std::string(NameOf(model.model)), *std::move(shares), {}, {}});
  }
  if (request.resamples > 0) {
    absl::Status status = AddIntervals(paths, models, request, columns);
    if (!status.ok()) return status;
  }
  return columns;
}

void AddComparedColumns(const KeptPaths& paths, const std::vector<ComparedColumn>& columns,
                        Table& table) {
  table.columns.push_back(
      {paths.context().key, ColumnKind::kText, "", "What the touches that earned it are of."});
  for (const ComparedColumn& column : columns) {
    table.columns.push_back(
        {column.model, ColumnKind::kReal, "share",
         absl::StrCat("Share of all conversions by the model ", column.model, ".")});
    if (column.low.empty()) continue;
    table.columns.push_back({column.model + "_low", ColumnKind::kReal, "share",
                             "From here on are 97.5 % of the shares in data drawn anew."});
    table.columns.push_back({column.model + "_high", ColumnKind::kReal, "share",
                             "Up to here are 97.5 % of the shares in data drawn anew."});
  }
}

// Keys by what the first model gives them, no touch last and only if it has something.
void AddComparedRows(const KeptPaths& paths, const std::vector<ComparedColumn>& columns,
                     Table& table) {
  const size_t keys = paths.view().keys.size();
  std::vector<size_t> order(keys + (columns[0].shares[keys] > 0 ? 1 : 0));
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(keys), [&](size_t a, size_t b) {
    const double of_a = columns[0].shares[a], of_b = columns[0].shares[b];
    return of_a != of_b ? of_a > of_b : paths.view().keys[a] < paths.view().keys[b];
  });
  for (const size_t row : order) {
    std::vector<Cell> cells = {row == keys ? std::string(kNoTouchKey) : paths.view().keys[row]};
    for (const ComparedColumn& column : columns) {
      cells.emplace_back(column.shares[row]);
      if (column.low.empty()) continue;
      cells.emplace_back(column.low[row]);
      cells.emplace_back(column.high[row]);
    }
    table.AddRow(cells);
  }
}

// The key about which models differ most.
std::string ComparedFinding(const KeptPaths& paths, const std::vector<ComparedColumn>& columns) {
  double most = -1;
  std::string text;
  for (size_t key = 0; key < paths.view().keys.size(); ++key) {
    const auto by_share = [&](const ComparedColumn& a, const ComparedColumn& b) {
      return a.shares[key] < b.shares[key];
    };
    const auto [low, high] = std::minmax_element(columns.begin(), columns.end(), by_share);
    const double apart = high->shares[key] - low->shares[key];
    if (apart <= most) continue;
    most = apart;
    text = absl::StrCat("Models differ most about ", paths.view().keys[key], ": ",
                        Percent(low->shares[key]), " by ", low->model, ", ",
                        Percent(high->shares[key]), " by ", high->model, ".");
  }
  return text;
}

}  // namespace

absl::StatusOr<Table> CompareAttribution(const AttributionPaths& paths,
                                         const ComparisonRequest& request) {
  const KeptPaths& kept = KeptOf(paths);
  const auto models = ModelsToCompare(kept, request);
  if (!models.ok()) return models.status();
  const size_t rows = kept.view().keys.size() + 1;
  absl::Status status = CheckResampled(rows, models->requests, request.resamples);
  if (!status.ok()) return status;
  const auto columns = Compared(kept, models->requests, request);
  if (!columns.ok()) return columns.status();
  Table table;
  table.report = "attribution models";
  table.as_of = kept.context().as_of;
  AddComparedColumns(kept, *columns, table);
  const double conversions = SumOf(kept.view().conversions);
  if (conversions > 0) AddComparedRows(kept, *columns, table);
  table.finding = conversions > 0
                      ? ComparedFinding(kept, *columns)
                      : absl::StrCat("There are no ", kept.context().unit, " to credit.");
  table.parameters = {{"resamples", absl::StrCat(request.resamples)},
                      {"seed", absl::StrCat(request.settings.seed)}};
  AddModelParameters(*models, conversions, table);
  table.parameters.insert(table.parameters.end(), kept.context().parameters.begin(),
                          kept.context().parameters.end());
  Chart chart{.title = "What each model says", .x = kept.context().key};
  for (const ComparedColumn& column : *columns) chart.y.push_back(column.model);
  table.charts.push_back(std::move(chart));
  return table;
}

}  // namespace throughline
