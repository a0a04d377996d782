#ifndef THROUGHLINE_ANALYTICS_REPORTS_TALLY_H_
#define THROUGHLINE_ANALYTICS_REPORTS_TALLY_H_

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "analytics/amount_sums.h"
#include "analytics/snapshot/column.h"
#include "analytics/snapshot/record_in_group.h"
#include "model/hash_map.h"

namespace throughline {

// What a report counts: names of its measures. They tell a partial's numbers apart.
struct Measures {
  std::vector<std::string> counts;
  std::vector<std::string> sums;     // of money
  std::vector<std::string> samples;  // of values, kept one by one: durations in microseconds
};

// One of them, by kind and place.
struct Measure {
  enum Kind : uint8_t { kCount, kSum, kSample, kUnknown } kind = kCount;  // kUnknown: of a sum
  size_t place = 0;
  friend auto operator<=>(const Measure&, const Measure&) = default;
};

// A value among samples. `event`: it ended so: 0 is "not yet" (censored).
struct Sample {
  int64_t value = 0;
  uint32_t event = 0;
  friend auto operator<=>(const Sample&, const Sample&) = default;
};

// What a report has counted: numbers by row and measure. A row is what has the same values in all
// dimensions that the report goes by. Given a wanted cell, it collects whom it counts there too.
class Tally {
 public:
  static constexpr size_t kMaxDimensions = 6;        // RowOf names them all
  using Key = std::array<uint32_t, kMaxDimensions>;  // numbers that only the snapshot knows

  explicit Tally(Measures measures) : measures_(std::move(measures)) {}

  // Whom all that follows is counted for: what has a subject().
  template <class Record>
  void Begin(const Record& record) {
    if (collecting_) subject_ = record.subject();
  }

  size_t RowOf(const Key& key) {
    const bool only_first = (key[1] | key[2] | key[3] | key[4] | key[5]) == 0;
    if (!only_first || key[0] >= near_rows_.size()) return FindRow(key);
    const uint32_t row = near_rows_[key[0]];
    return row != kNoRow ? row : near_rows_[key[0]] = static_cast<uint32_t>(FindRow(key));
  }

  // A row of its own, also if others have the key: of reports that list records.
  size_t NewRow(const Key& key);

  void Count(size_t row, size_t measure, int64_t n = 1) {
    counts_[row * measures_.counts.size() + measure] += n;
    if (collecting_) Collect(row, {Measure::kCount, measure});
  }
  void Add(size_t row, size_t measure, const Money* amount) {  // null: not known
    sums_[row * measures_.sums.size() + measure].Add(amount);
    if (!collecting_) return;
    if (amount == nullptr) return Collect(row, {Measure::kUnknown, measure});
    if (!currency_ || amount->currency == currency_) Collect(row, {Measure::kSum, measure});
  }
  void Add(size_t row, size_t measure, const Sample& sample) {
    samples_[row * measures_.samples.size() + measure].push_back(sample);
    if (collecting_) Collect(row, {Measure::kSample, measure});
  }

  // The first error counts; what is counted afterwards is of no use.
  void Fail(absl::Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  const absl::Status& status() const { return status_; }

  // --- What was counted. ---

  const Measures& measures() const { return measures_; }
  size_t rows() const { return keys_.size(); }
  const Key& key(size_t row) const { return keys_[row]; }
  int64_t count(size_t row, size_t measure) const {
    return counts_[row * measures_.counts.size() + measure];
  }
  const AmountSums& sum(size_t row, size_t measure) const {
    return sums_[row * measures_.sums.size() + measure];
  }
  // Of which none are left behind.
  Column<Sample> TakeSamples(size_t row, size_t measure) {
    return std::exchange(samples_[row * measures_.samples.size() + measure], {});
  }

  // Who is wanted: those counted in any of the rows by any of the measures; by sums, those with an
  // amount, of this currency if one is given. Rows have the numbers that an equal count before gave
  // them.
  void CollectFrom(std::set<size_t> rows, std::set<Measure> measures, Currency currency);
  const std::set<Subject>& subjects() const { return subjects_; }

 private:
  size_t FindRow(const Key& key);
  void Collect(size_t row, const Measure& measure);

  Measures measures_;
  Column<Key> keys_;
  HashMap<Key, size_t> rows_;
  // Of keys that have nothing but a small first number, which are most: without hashing.
  static constexpr uint32_t kNoRow = UINT32_MAX;
  std::vector<uint32_t> near_rows_ = std::vector<uint32_t>(4096, kNoRow);
  Column<int64_t> counts_;
  std::vector<AmountSums> sums_;
  std::vector<Column<Sample>> samples_;
  absl::Status status_;
  Subject subject_;
  bool collecting_ = false;
  std::set<size_t> wanted_rows_;
  std::set<Measure> wanted_;
  Currency currency_;
  std::set<Subject> subjects_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_TALLY_H_
