#ifndef THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/reports/tally.h"

namespace throughline {

// What a report has counted, by names that mean the same in every shard: of rows and of measures.
class ReportCounts {
 public:
  using RowKey = std::vector<std::string>;  // a label for each dimension

  ReportCounts() = default;
  explicit ReportCounts(Measures measures);

  // The row with this key; a new one if there is none.
  size_t RowOf(const RowKey& key);
  size_t MeasureOf(Measure::Kind kind, const std::string& name);  // the same of measures

  size_t rows() const { return keys_.size(); }
  std::vector<size_t> RowsByKey() const;
  const RowKey& key(size_t row) const { return keys_[row]; }
  const std::vector<std::string>& names(Measure::Kind kind) const { return names_[kind]; }

  // 0 or empty for a measure that nobody counted.
  int64_t count(size_t row, std::string_view measure) const;
  const AmountSums& sum(size_t row, std::string_view measure) const;
  const std::vector<Sample>& samples(size_t row, std::string_view measure) const;

  // Of all rows together.
  int64_t Total(std::string_view measure) const;
  std::vector<Sample> AllSamples(std::string_view measure) const;

  // Of all sums there are.
  Currencies CurrenciesOfSums() const;

  // By place, for who fills them.
  int64_t& CountAt(size_t row, size_t measure) { return rows_[row].counts[measure]; }
  AmountSums& SumAt(size_t row, size_t measure) { return rows_[row].sums[measure]; }
  std::vector<Sample>& SamplesAt(size_t row, size_t measure) { return rows_[row].samples[measure]; }

  // Adds what another shard has counted.
  void Add(const ReportCounts& other);

 private:
  struct Row {
    std::vector<int64_t> counts;
    std::vector<AmountSums> sums;
    std::vector<std::vector<Sample>> samples;
  };
  static constexpr size_t kNone = SIZE_MAX;

  void Fit(Row& row) const;
  size_t Find(Measure::Kind kind, std::string_view name) const;

  std::vector<std::string> names_[3];  // by kind
  HashMap<std::string, size_t> places_[3];
  std::vector<RowKey> keys_;
  std::vector<Row> rows_;
  HashMap<RowKey, size_t> row_places_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_REPORT_COUNTS_H_
