#include "analytics/reports/report_counts.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace throughline {

ReportCounts::ReportCounts(Measures measures)
    : counts_(measures.counts.size()),
      sums_(measures.sums.size()),
      samples_(measures.samples.size()) {
  names_[Measure::kCount] = std::move(measures.counts);
  names_[Measure::kSum] = std::move(measures.sums);
  names_[Measure::kSample] = std::move(measures.samples);
  for (size_t kind = 0; kind < std::size(names_); ++kind) {
    for (size_t i = 0; i < names_[kind].size(); ++i) places_[kind].emplace(names_[kind][i], i);
  }
}

uint32_t ReportCounts::NumberOf(const RowKey& key) {
  const auto [at, is_new] = numbers_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
    first_rows_.push_back(kNoRow);
  }
  return at->second;
}

size_t ReportCounts::RowOf(const RowKey& key) {
  const uint32_t number = NumberOf(key);
  return first_rows_[number] != kNoRow ? first_rows_[number] : AppendRow(number);
}

size_t ReportCounts::AppendRow(uint32_t key) {
  const size_t row = rows();
  if (first_rows_[key] == kNoRow) first_rows_[key] = row;
  row_keys_.push_back(key);
  for (auto& column : counts_) column.push_back(0);
  for (auto& column : sums_) column.emplace_back();
  for (auto& column : samples_) column.emplace_back();
  return row;
}

std::vector<size_t> ReportCounts::RowsByKey() const {
  std::vector<size_t> rows_by_key(rows());
  std::iota(rows_by_key.begin(), rows_by_key.end(), size_t{0});
  std::ranges::stable_sort(rows_by_key, {}, [&](size_t row) -> const RowKey& { return key(row); });
  return rows_by_key;
}

size_t ReportCounts::MeasureOf(Measure::Kind kind, const std::string& name) {
  const auto [at, is_new] = places_[kind].try_emplace(name, names_[kind].size());
  if (is_new) {
    names_[kind].push_back(name);
    if (kind == Measure::kCount) counts_.emplace_back(rows(), 0);
    if (kind == Measure::kSum) sums_.emplace_back(rows());
    if (kind == Measure::kSample) samples_.emplace_back(rows());
  }
  return at->second;
}

size_t ReportCounts::Find(Measure::Kind kind, std::string_view name) const {
  const auto at = places_[kind].find(std::string(name));
  return at == places_[kind].end() ? kNone : at->second;
}

int64_t ReportCounts::count(size_t row, std::string_view measure) const {
  const size_t place = Find(Measure::kCount, measure);
  return place == kNone ? 0 : counts_[place][row];
}

const AmountSums& ReportCounts::sum(size_t row, std::string_view measure) const {
  static const AmountSums none;
  const size_t place = Find(Measure::kSum, measure);
  return place == kNone ? none : sums_[place][row];
}

std::span<const Sample> ReportCounts::samples(size_t row, std::string_view measure) const {
  const size_t place = Find(Measure::kSample, measure);
  if (place == kNone) return {};
  return samples_[place][row];
}

std::span<const int64_t> ReportCounts::Counts(std::string_view measure) const {
  const size_t place = Find(Measure::kCount, measure);
  if (place == kNone) return {};
  return counts_[place];
}

int64_t ReportCounts::Total(std::string_view measure) const {
  const std::span<const int64_t> counts = Counts(measure);
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

Column<Sample> ReportCounts::AllSamples(std::string_view measure) const {
  Column<Sample> all;
  for (size_t row = 0; row < rows(); ++row) all.append(samples(row, measure));
  return all;
}

Currencies ReportCounts::CurrenciesOfSums() const {
  Currencies currencies;
  for (const std::vector<AmountSums>& column : sums_) {
    for (const AmountSums& sum : column) AddCurrencies(sum, currencies);
  }
  return currencies;
}

void ReportCounts::Add(const ReportCounts& other, bool append) {
  std::vector<size_t> to;  // rows, of the other's
  for (size_t i = 0; i < other.rows(); ++i) {
    to.push_back(append ? AppendRow(other.key(i)) : RowOf(other.key(i)));
  }
  const auto places_of = [&](Measure::Kind kind) {
    std::vector<size_t> places;
    for (const std::string& name : other.names_[kind]) places.push_back(MeasureOf(kind, name));
    return places;
  };
  const std::vector<size_t> counts = places_of(Measure::kCount), sums = places_of(Measure::kSum),
                            samples = places_of(Measure::kSample);
  for (size_t row = 0; row < to.size(); ++row) {
    for (size_t m = 0; m < counts.size(); ++m) {
      counts_[counts[m]][to[row]] += other.counts_[m][row];
    }
    for (size_t m = 0; m < sums.size(); ++m) sums_[sums[m]][to[row]].Add(other.sums_[m][row]);
    for (size_t m = 0; m < samples.size(); ++m) {
      samples_[samples[m]][to[row]].append(other.samples_[m][row]);
    }
  }
}

}  // namespace throughline
