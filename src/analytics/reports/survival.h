#ifndef THROUGHLINE_ANALYTICS_REPORTS_SURVIVAL_H_
#define THROUGHLINE_ANALYTICS_REPORTS_SURVIVAL_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analytics/reports/statistics.h"
#include "analytics/snapshot/column.h"

namespace throughline {

struct MedianBounds {
  std::optional<int64_t> low;
  std::optional<int64_t> high;
};

// How long it takes until something ends, from observations of which some go on (event 0). Events
// of one time come before those that are last seen at that time.
class SurvivalCurve {
 public:
  SurvivalCurve() = default;
  explicit SurvivalCurve(std::span<const Sample> samples) { Fit(samples); }

  // Becomes the curve of these. Who needs many fits one of them again and again: it keeps its
  // memory, and new memory by the million samples costs as much as the fitting.
  void Fit(std::span<const Sample> samples);

  int64_t subjects() const { return subjects_; }
  int64_t ended() const { return ended_; }

  // The share that has not ended by `time`, whatever the event: the product-limit estimate (Kaplan
  // and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958).
  double SurvivalAt(int64_t time) const;

  // The least time by which the share `p` has ended; none if it has not yet.
  std::optional<int64_t> Quantile(double p) const;

  // Of the median, with 95 % confidence: the times at which a half lies within the interval of the
  // curve on the log-log scale, with the variance of Greenwood (Brookmeyer and Crowley, "A
  // Confidence Interval for the Median Survival Time", Biometrics 38, 1982).
  MedianBounds BoundsOfMedian() const;

  // The share that has ended by `time` by this event, others competing: the cumulative incidence
  // (Aalen and Johansen, "An Empirical Transition Matrix", Scand. J. Statist. 5, 1978).
  double IncidenceOf(uint32_t event, int64_t time) const;
  // The same of several times, in ascending order.
  std::vector<double> IncidencesOf(uint32_t event, std::span<const int64_t> times) const;

 private:
  // A time at which something ended.
  struct Step {
    int64_t time;
    int64_t at_risk;
    int64_t ended;
    double survival;  // behind it
    double variance;  // Greenwood's sum, of the logarithm of survival
  };

  // Fills samples_.
  void Sort(std::span<const Sample> samples);

  Column<Sample> samples_;  // in order of time
  Column<Sample> scratch_;
  Column<Step> steps_;
  int64_t subjects_ = 0;
  int64_t ended_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_SURVIVAL_H_
