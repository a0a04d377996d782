#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analytics/amount_sums.h"
#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution/markov_chain.h"
#include "analytics/attribution/rate_game.h"
#include "analytics/number_text.h"
#include "model/abseil_text.h"
#include "throughline/ledger_paths.h"

// Credit as a table.

namespace throughline {
namespace {

// What one row of the table says.
struct CreditRow {
  std::string label;
  uint32_t key = 0;
  uint32_t position = 0;  // of kShapleyOrdered
  double conversions = 0;
  double value = 0;              // unless money
  std::vector<int64_t> amounts;  // if money, by currency
  Cell extra;
  bool no_touch = false;
};

// Credit as its model gives it, and what the model tells beside it.
struct Finished {
  std::vector<CreditRow> rows;
  std::optional<TableColumn> extra;
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::string Short(double number) { return absl::StrCat(number); }

CreditRow RowOf(const AttributionCounts& counts, const Credit& credit, size_t at, uint32_t key) {
  CreditRow row;
  row.key = key;
  row.no_touch = key == counts.keys.size();
  row.label = row.no_touch ? std::string(kNoTouchKey) : counts.keys[key];
  row.conversions = credit.conversions[at];
  if (!counts.context.money) row.value = credit.values[at];
  for (const std::vector<int64_t>& amounts : credit.amounts) row.amounts.push_back(amounts[at]);
  return row;
}

Finished ByCredit(const AttributionCounts& counts) {
  Finished finished;
  for (uint32_t key = 0; key < counts.credit.rows(); ++key) {
    finished.rows.push_back(RowOf(counts, counts.credit, key, key));
  }
  return finished;
}

Finished ByPosition(const AttributionCounts& counts) {
  Finished finished;
  for (size_t i = 0; i < counts.positions.size(); ++i) {
    const KeyPosition& at = counts.positions[i];
    finished.rows.push_back(RowOf(counts, counts.credit_by_position, i, at.key));
    finished.rows.back().position = at.position;
  }
  return finished;
}

// `weights` as shares of their sum; `otherwise` where that is nothing.
std::vector<double> Shares(const std::vector<double>& weights,
                           const std::vector<double>& otherwise) {
  const double sum = SumOf(weights);
  if (sum == 0 || !std::isfinite(sum)) return otherwise;
  std::vector<double> shares;
  shares.reserve(weights.size());
  for (const double weight : weights) shares.push_back(weight / sum);
  return shares;
}

// What paths with touches earned, all keys together, shared out by `by_conversions` and, of each
// currency that has some, `by_values`.
class Sharing {
 public:
  explicit Sharing(const AttributionCounts& counts) : counts_(counts), finished_(ByCredit(counts)) {
    CreditRow& none = finished_.rows.back();
    for (const CreditRow& row : finished_.rows) {
      if (&row == &none) continue;
      conversions_ += row.conversions;
      value_ += row.value;
      amounts_.resize(row.amounts.size());
      for (size_t c = 0; c < row.amounts.size(); ++c) amounts_[c] += row.amounts[c];
    }
  }

  Finished Out(const std::vector<double>& by_conversions,
               const std::vector<std::vector<double>>& by_values) {
    const size_t keys = counts_.keys.size();
    const auto of_value = [&](size_t c) -> const std::vector<double>& {
      return c < by_values.size() ? by_values[c] : by_conversions;
    };
    for (size_t key = 0; key < keys; ++key) {
      finished_.rows[key].conversions = conversions_ * by_conversions[key];
      if (!counts_.context.money) finished_.rows[key].value = value_ * of_value(0)[key];
    }
    LargestRemainder remainder;
    for (size_t c = 0; c < amounts_.size(); ++c) {
      const auto parts = remainder.Split(amounts_[c], of_value(c));
      for (size_t key = 0; key < keys; ++key) finished_.rows[key].amounts[c] = parts[key];
    }
    return std::move(finished_);
  }

 private:
  const AttributionCounts& counts_;
  Finished finished_;
  double conversions_ = 0, value_ = 0;
  std::vector<int64_t> amounts_;
};

void SetExtra(const std::vector<double>& extra, TableColumn column, Finished& finished) {
  finished.extra = std::move(column);
  for (size_t key = 0; key < extra.size(); ++key) finished.rows[key].extra = extra[key];
}

Finished ByMarkov(const AttributionCounts& counts) {
  const RemovalEffects effects = RemovalEffectsOf(counts.transitions, counts.keys.size());
  const std::vector<double> even(counts.keys.size(), 0.0);
  const std::vector<double> shares = Shares(effects.conversions, even);
  std::vector<std::vector<double>> by_values;
  for (const std::vector<double>& each : effects.values) by_values.push_back(Shares(each, shares));
  Finished finished = Sharing(counts).Out(shares, by_values);
  SetExtra(effects.conversions,
           {"removal_effect", ColumnKind::kReal, "share",
            "The share of all conversions that the chain loses without this."},
           finished);
  finished.parameters = {{"order", absl::StrCat(counts.request.order)},
                         {"states", absl::StrCat(effects.states)},
                         {"residual", Short(effects.residual)}};
  return finished;
}

Finished ByRateGame(const AttributionCounts& counts) {
  const size_t keys = counts.keys.size();
  const bool exact = keys <= kMaxExactKeys;
  const GameValue game =
      exact ? SolveRateGame(counts.sets, keys)
            : SampleRateGame(counts.sets, keys, counts.request.samples, counts.request.seed);
  const std::vector<double> shares = Shares(game.values, std::vector<double>(keys, 0.0));
  Finished finished = Sharing(counts).Out(shares, {});
  if (exact) return finished;
  const double sum = SumOf(game.values);
  std::vector<double> errors;
  for (const double error : game.standard_errors) errors.push_back(sum == 0 ? 0 : error / sum);
  SetExtra(errors,
           {"standard_error", ColumnKind::kReal, "share",
            "Of the share, which was estimated from random orders: it is rarely off by more than "
            "twice this."},
           finished);
  finished.parameters = {{"samples", absl::StrCat(counts.request.samples)},
                         {"seed", absl::StrCat(counts.request.seed)}};
  return finished;
}

Finished ByModel(const AttributionCounts& counts) {
  switch (counts.request.model) {
    case AttributionModel::kMarkov:
      return ByMarkov(counts);
    case AttributionModel::kShapleyRate:
      return ByRateGame(counts);
    case AttributionModel::kShapley:
    case AttributionModel::kShapleyOrdered:
      return ByPosition(counts);
    default:
      return ByCredit(counts);
  }
}

// Writes rows under their columns.
class TableWriter {
 public:
  TableWriter(const AttributionCounts& counts, const Finished& finished)
      : counts_(counts), finished_(finished) {
    all_.amounts.resize(counts.currencies.size());
    for (const CreditRow& row : finished.rows) {
      all_.conversions += row.conversions;
      all_.value += row.value;
      has_values_ = has_values_ || row.value != 0;
      for (size_t c = 0; c < row.amounts.size(); ++c) all_.amounts[c] += row.amounts[c];
    }
  }

  double conversions() const { return all_.conversions; }

  void AddColumns(Table& table) const {
    const PathContext& context = counts_.context;
    table.columns = {
        {context.key, ColumnKind::kText, "", "What the touches that earned it are of."}};
    if (positions()) {
      table.columns.push_back({"position", ColumnKind::kInteger, "",
                               "Where in their paths these touches are, from 1."});
    }
    table.columns.push_back({"conversions", ColumnKind::kReal, context.unit,
                             "What these touches earned of all conversions.", /*bar=*/true});
    AddValueColumns(table);
    table.columns.push_back(
        {"share", ColumnKind::kReal, "share", "That as a share of all conversions."});
    table.columns.push_back({"value_share", ColumnKind::kReal, "share",
                             "Their value as a share of all value, if that is of one currency."});
    if (finished_.extra) table.columns.push_back(*finished_.extra);
  }

  void AddRow(const CreditRow& row, Table& table) const {
    std::vector<Cell> cells = {row.label};
    if (positions()) cells.push_back(row.no_touch ? Cell() : Cell(int64_t{row.position}));
    cells.emplace_back(row.conversions);
    cells.push_back(ValueOf(row));
    if (counts_.currencies.size() > 1) {
      for (size_t c = 0; c < row.amounts.size(); ++c) {
        cells.emplace_back(MajorUnits(row.amounts[c], counts_.currencies[c]));
      }
    }
    cells.push_back(all_.conversions == 0 ? Cell() : Cell(row.conversions / all_.conversions));
    cells.push_back(ValueShareOf(row));
    if (finished_.extra) cells.push_back(row.extra);
    table.AddRow(cells);
  }

 private:
  bool positions() const { return counts_.request.model == AttributionModel::kShapleyOrdered; }
  bool one_currency() const { return counts_.currencies.size() == 1; }

  void AddValueColumns(Table& table) const {
    const std::string unit(one_currency() ? counts_.currencies[0].view() : "");
    table.columns.push_back({"value", ColumnKind::kReal, unit,
                             "What these touches earned of the value of all conversions; empty if "
                             "that is of several currencies, which have columns of their own."});
    if (counts_.currencies.size() < 2) return;
    for (const Currency currency : counts_.currencies) {
      const std::string code(currency.view());
      table.columns.push_back({"value_" + absl::AsciiStrToLower(code), ColumnKind::kReal, code,
                               absl::StrCat("The part of it that is in ", code, ".")});
    }
  }

  Cell ValueOf(const CreditRow& row) const {
    if (!counts_.context.money) return has_values_ ? Cell(row.value) : Cell();
    return one_currency() ? Cell(MajorUnits(row.amounts[0], counts_.currencies[0])) : Cell();
  }
  Cell ValueShareOf(const CreditRow& row) const {
    if (!counts_.context.money) return all_.value == 0 ? Cell() : Cell(row.value / all_.value);
    if (!one_currency() || all_.amounts[0] == 0) return Cell();
    return static_cast<double>(row.amounts[0]) / static_cast<double>(all_.amounts[0]);
  }

  const AttributionCounts& counts_;
  const Finished& finished_;
  CreditRow all_;
  bool has_values_ = false;
};

bool IsNothing(const CreditRow& row) {
  return row.conversions == 0 && row.value == 0 &&
         std::ranges::all_of(row.amounts, [](int64_t amount) { return amount == 0; });
}

// The most first, or the earliest month; no touch last.
void Sort(bool by_label, std::vector<CreditRow>& rows) {
  std::ranges::sort(rows, [by_label](const CreditRow& a, const CreditRow& b) {
    if (a.no_touch != b.no_touch) return b.no_touch;
    if (!by_label && a.conversions != b.conversions) return a.conversions > b.conversions;
    return std::pair(a.label, a.position) < std::pair(b.label, b.position);
  });
}

std::string CountText(double count, const std::string& unit) {
  const double whole = std::round(count);
  if (std::abs(count - whole) > 1e-6) return absl::StrCat(GroupedReal(count, 1), " ", unit);
  return absl::StrCat(GroupedReal(whole, 0), " ", unit);
}

// Who earned the most, in all its positions.
std::pair<std::string, double> Most(const std::vector<CreditRow>& rows) {
  std::map<std::string, double> earned;
  for (const CreditRow& row : rows) earned[row.label] += row.conversions;
  const auto at =
      std::ranges::max_element(earned, {}, [](const auto& each) { return each.second; });
  return *at;
}

std::string Finding(const AttributionCounts& counts, const std::vector<CreditRow>& rows,
                    double conversions, bool fell_back) {
  const std::string all = CountText(conversions, counts.context.unit);
  if (conversions == 0 || rows.empty()) {
    return absl::StrCat("There are no ", counts.context.unit, " to credit.");
  }
  std::string text;
  if (fell_back) {
    absl::StrAppend(&text, "Too little data for ", ToAbsl(NameOf(counts.request.model)), ", ", all,
                    " of at least ", Short(counts.request.minimum_conversions), ": this is ",
                    ToAbsl(NameOf(kFallback)), " instead. ");
  }
  const auto [most, earned] = Most(rows);
  absl::StrAppend(&text, most, most == kNoTouchKey ? " has the most, " : " earned the most, ",
                  Percent(earned / conversions), " of ", all, ".");
  const bool beyond =
      std::ranges::any_of(rows, [](const CreditRow& row) { return row.conversions < 0; });
  if (beyond) {
    absl::StrAppend(&text,
                    " Credit by the conversion rate is below 0 for some, so these are no "
                    "parts of a whole: hold another model beside it.");
  }
  return text;
}

void AddParameters(const AttributionCounts& counts, bool fell_back, const Finished& finished,
                   Table& table) {
  const AttributionRequest& request = counts.request;
  auto& to = table.parameters;
  to.emplace_back("model", std::string(NameOf(fell_back ? kFallback : request.model)));
  if (fell_back) to.emplace_back("asked_model", std::string(NameOf(request.model)));
  if (GoesByData(request.model)) {
    to.emplace_back("minimum_conversions", Short(request.minimum_conversions));
  }
  if (request.model == AttributionModel::kTimeDecay) {
    to.emplace_back("half_life_days", Short(request.half_life_days));
  }
  to.insert(to.end(), finished.parameters.begin(), finished.parameters.end());
  to.insert(to.end(), counts.context.parameters.begin(), counts.context.parameters.end());
  if (counts.context.unknown_amounts > 0) {
    to.emplace_back("unknown_amounts", absl::StrCat(counts.context.unknown_amounts));
  }
}

bool FallsBack(const AttributionCounts& counts) {
  return GoesByData(counts.request.model) &&
         counts.conversions() < counts.request.minimum_conversions;
}

}  // namespace

std::vector<double> SharesByKey(const AttributionCounts& counts) {
  std::vector<double> shares(counts.keys.size() + 1);
  const double all = counts.conversions();
  if (all == 0) return shares;
  const Finished finished = FallsBack(counts) ? ByCredit(counts) : ByModel(counts);
  for (const CreditRow& row : finished.rows) shares[row.key] += row.conversions / all;
  return shares;
}

Table FinishedTable(const AttributionCounts& counts) {
  const double conversions = counts.conversions();
  const bool fell_back = FallsBack(counts);
  AttributionCounts as_fallback;
  if (fell_back) {
    as_fallback = counts;
    as_fallback.request.model = kFallback;
  }
  const AttributionCounts& shown = fell_back ? as_fallback : counts;
  Finished finished = conversions == 0 ? ByCredit(shown) : ByModel(shown);
  Sort(counts.context.key == NameOf(AttributionKey::kMonth), finished.rows);
  Table table;
  table.report = "attribution";
  table.as_of = counts.context.as_of;
  const TableWriter writer(shown, finished);
  writer.AddColumns(table);
  for (const CreditRow& row : finished.rows) {
    if (conversions == 0 || (row.no_touch && IsNothing(row))) continue;
    writer.AddRow(row, table);
  }
  table.finding = Finding(counts, finished.rows, conversions, fell_back);
  AddParameters(counts, fell_back, finished, table);
  table.charts = {{.title = "Who earned it", .x = counts.context.key, .y = {"conversions"}}};
  return table;
}

}  // namespace throughline
