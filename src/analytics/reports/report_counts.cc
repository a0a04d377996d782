#include "analytics/reports/report_counts.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace throughline {

ReportCounts::ReportCounts(Measures measures) {
  names_[Measure::kCount] = std::move(measures.counts);
  names_[Measure::kSum] = std::move(measures.sums);
  names_[Measure::kSample] = std::move(measures.samples);
  for (size_t kind = 0; kind < std::size(names_); ++kind) {
    for (size_t i = 0; i < names_[kind].size(); ++i) places_[kind].emplace(names_[kind][i], i);
  }
}

size_t ReportCounts::RowOf(const RowKey& key) {
  const auto [at, is_new] = row_places_.try_emplace(key, keys_.size());
  if (is_new) {
    keys_.push_back(key);
    Fit(rows_.emplace_back());
  }
  return at->second;
}

std::vector<size_t> ReportCounts::RowsByKey() const {
  std::vector<size_t> rows(keys_.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  std::ranges::sort(rows, {}, [&](size_t row) -> const RowKey& { return keys_[row]; });
  return rows;
}

void ReportCounts::Fit(Row& row) const {
  row.counts.resize(names_[Measure::kCount].size());
  row.sums.resize(names_[Measure::kSum].size());
  row.samples.resize(names_[Measure::kSample].size());
}

size_t ReportCounts::MeasureOf(Measure::Kind kind, const std::string& name) {
  const auto [at, is_new] = places_[kind].try_emplace(name, names_[kind].size());
  if (is_new) {
    names_[kind].push_back(name);
    for (Row& row : rows_) Fit(row);
  }
  return at->second;
}

size_t ReportCounts::Find(Measure::Kind kind, std::string_view name) const {
  const auto at = places_[kind].find(std::string(name));
  return at == places_[kind].end() ? kNone : at->second;
}

int64_t ReportCounts::count(size_t row, std::string_view measure) const {
  const size_t place = Find(Measure::kCount, measure);
  return place == kNone ? 0 : rows_[row].counts[place];
}

const AmountSums& ReportCounts::sum(size_t row, std::string_view measure) const {
  static const AmountSums none;
  const size_t place = Find(Measure::kSum, measure);
  return place == kNone ? none : rows_[row].sums[place];
}

const std::vector<Sample>& ReportCounts::samples(size_t row, std::string_view measure) const {
  static const std::vector<Sample> none;
  const size_t place = Find(Measure::kSample, measure);
  return place == kNone ? none : rows_[row].samples[place];
}

int64_t ReportCounts::Total(std::string_view measure) const {
  int64_t total = 0;
  for (size_t row = 0; row < rows(); ++row) total += count(row, measure);
  return total;
}

std::vector<Sample> ReportCounts::AllSamples(std::string_view measure) const {
  std::vector<Sample> all;
  for (size_t row = 0; row < rows(); ++row) {
    const std::vector<Sample>& of_row = samples(row, measure);
    all.insert(all.end(), of_row.begin(), of_row.end());
  }
  return all;
}

Currencies ReportCounts::CurrenciesOfSums() const {
  Currencies currencies;
  for (const Row& row : rows_) {
    for (const AmountSums& sum : row.sums) AddCurrencies(sum, currencies);
  }
  return currencies;
}

void ReportCounts::Add(const ReportCounts& other) {
  std::vector<size_t> places[3];
  for (const Measure::Kind kind : {Measure::kCount, Measure::kSum, Measure::kSample}) {
    for (const std::string& name : other.names_[kind]) {
      places[kind].push_back(MeasureOf(kind, name));
    }
  }
  for (size_t i = 0; i < other.rows(); ++i) {
    Row& to = rows_[RowOf(other.keys_[i])];
    const Row& from = other.rows_[i];
    for (size_t m = 0; m < from.counts.size(); ++m) {
      to.counts[places[Measure::kCount][m]] += from.counts[m];
    }
    for (size_t m = 0; m < from.sums.size(); ++m) {
      to.sums[places[Measure::kSum][m]].Add(from.sums[m]);
    }
    for (size_t m = 0; m < from.samples.size(); ++m) {
      std::vector<Sample>& samples = to.samples[places[Measure::kSample][m]];
      samples.insert(samples.end(), from.samples[m].begin(), from.samples[m].end());
    }
  }
}

}  // namespace throughline
