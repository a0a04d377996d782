#include "analytics/reports/tally.h"

#include <utility>

namespace throughline {

size_t Tally::FindRow(const Key& key) {
  const auto [at, is_new] = rows_.try_emplace(key, keys_.size());
  return is_new ? NewRow(key) : at->second;
}

size_t Tally::NewRow(const Key& key) {
  keys_.push_back(key);
  counts_.resize(keys_.size() * measures_.counts.size(), 0);
  sums_.resize(keys_.size() * measures_.sums.size());
  samples_.resize(keys_.size() * measures_.samples.size());
  return keys_.size() - 1;
}

void Tally::CollectFrom(std::set<size_t> rows, std::set<Measure> measures, Currency currency) {
  currency_ = currency;
  collecting_ = true;
  wanted_rows_ = std::move(rows);
  wanted_ = std::move(measures);
}

void Tally::Collect(size_t row, const Measure& measure) {
  if (wanted_rows_.contains(row) && wanted_.contains(measure)) subjects_.insert(subject_);
}

}  // namespace throughline
