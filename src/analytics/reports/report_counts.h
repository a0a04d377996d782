#ifndef THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/reports/tally.h"

namespace throughline {

// What a report has counted, by names that mean the same in every shard: of rows and of measures.
// It is kept by columns, and rows that have the same key share it.
class ReportCounts {
 public:
  using RowKey = std::vector<std::string>;  // a label for each dimension

  ReportCounts() = default;
  explicit ReportCounts(Measures measures);

  // The row with this key; a new one if there is none.
  size_t RowOf(const RowKey& key);
  // A new row, also if others have the key: of reports that list records.
  size_t AppendRow(const RowKey& key) { return AppendRow(NumberOf(key)); }
  // The same by number, for who has many rows of few keys.
  uint32_t NumberOf(const RowKey& key);
  size_t AppendRow(uint32_t key);
  size_t MeasureOf(Measure::Kind kind, const std::string& name);  // as RowOf, of measures

  size_t rows() const { return row_keys_.size(); }
  std::vector<size_t> RowsByKey() const;
  const RowKey& key(size_t row) const { return keys_[row_keys_[row]]; }
  const std::vector<std::string>& names(Measure::Kind kind) const { return names_[kind]; }

  // 0 or empty for a measure that nobody counted.
  int64_t count(size_t row, std::string_view measure) const;
  const AmountSums& sum(size_t row, std::string_view measure) const;
  std::span<const Sample> samples(size_t row, std::string_view measure) const;

  // By row; empty if nobody counted it.
  std::span<const int64_t> Counts(std::string_view measure) const;

  // Of all rows together.
  int64_t Total(std::string_view measure) const;
  Column<Sample> AllSamples(std::string_view measure) const;

  // Of all sums there are.
  Currencies CurrenciesOfSums() const;

  // By place, for who fills them.
  int64_t& CountAt(size_t row, size_t measure) { return counts_[measure][row]; }
  AmountSums& SumAt(size_t row, size_t measure) { return sums_[measure][row]; }
  Column<Sample>& SamplesAt(size_t row, size_t measure) { return samples_[measure][row]; }

  // Adds what another shard has counted. `append`: to rows of its own.
  void Add(const ReportCounts& other, bool append);

 private:
  static constexpr size_t kNone = SIZE_MAX;
  static constexpr size_t kNoRow = SIZE_MAX;

  size_t Find(Measure::Kind kind, std::string_view name) const;

  std::array<std::vector<std::string>, 3> names_;  // by kind
  std::array<HashMap<std::string, size_t>, 3> places_;
  std::vector<RowKey> keys_;             // distinct
  std::vector<size_t> first_rows_;       // of each key
  HashMap<RowKey, uint32_t> numbers_;    // of keys
  Column<uint32_t> row_keys_;            // number of each row's key
  std::vector<Column<int64_t>> counts_;  // by measure and row
  std::vector<std::vector<AmountSums>> sums_;
  std::vector<std::vector<Column<Sample>>> samples_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_
