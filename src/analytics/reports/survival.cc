#include "analytics/reports/survival.h"

#include <algorithm>
#include <cmath>

namespace throughline {

SurvivalCurve::SurvivalCurve(std::vector<Sample> samples) : samples_(std::move(samples)) {
  std::ranges::sort(samples_, {}, &Sample::value);
  subjects_ = std::ssize(samples_);
  double survival = 1, variance = 0;
  int64_t at_risk = subjects_;
  for (size_t i = 0; i < samples_.size();) {
    const int64_t time = samples_[i].value;
    int64_t ended = 0, gone = 0;
    for (; i < samples_.size() && samples_[i].value == time; ++i, ++gone) {
      if (samples_[i].event != 0) ++ended;
    }
    if (ended > 0) {
      const auto n = static_cast<double>(at_risk), d = static_cast<double>(ended);
      survival *= (n - d) / n;
      if (n > d) variance += d / (n * (n - d));
      steps_.push_back({time, at_risk, ended, survival, variance});
    }
    ended_ += ended;
    at_risk -= gone;
  }
}

double SurvivalCurve::SurvivalAt(int64_t time) const {
  const auto behind = std::ranges::upper_bound(steps_, time, {}, &Step::time);
  return behind == steps_.begin() ? 1 : std::prev(behind)->survival;
}

std::optional<int64_t> SurvivalCurve::Quantile(double p) const {
  constexpr double kRounding = 1e-12;  // products of fractions miss a half by a little
  for (const Step& step : steps_) {
    if (step.survival <= 1 - p + kRounding) return step.time;
  }
  return std::nullopt;
}

MedianBounds SurvivalCurve::BoundsOfMedian() const {
  constexpr double kZ = 1.959963984540054;
  MedianBounds bounds;
  for (const Step& step : steps_) {
    if (bounds.high) break;
    const bool bounded = step.survival > 0 && step.survival < 1;
    const double log_survival = bounded ? std::log(step.survival) : 0;
    const double spread = bounded ? kZ * std::sqrt(step.variance) / std::abs(log_survival) : 0;
    const double lower = bounded ? std::pow(step.survival, std::exp(spread)) : step.survival;
    const double upper = bounded ? std::pow(step.survival, std::exp(-spread)) : step.survival;
    if (!bounds.low && lower <= 0.5) bounds.low = step.time;
    if (!bounds.high && upper <= 0.5) bounds.high = step.time;
  }
  return bounds;
}

double SurvivalCurve::IncidenceOf(uint32_t event, int64_t time) const {
  double incidence = 0, before = 1;
  auto sample = samples_.begin();
  for (const Step& step : steps_) {
    if (step.time > time) break;
    while (sample->value < step.time) ++sample;
    int64_t by_event = 0;
    for (auto at = sample; at != samples_.end() && at->value == step.time; ++at) {
      if (at->event == event) ++by_event;
    }
    incidence += before * static_cast<double>(by_event) / static_cast<double>(step.at_risk);
    before = step.survival;
  }
  return incidence;
}

}  // namespace throughline
