#include "analytics/reports/survival.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace throughline {
// A radix sort: the durations of ten million events are sorted for one table.
void SurvivalCurve::Sort(std::span<const Sample> samples) {
  constexpr size_t kFew = 2048;
  constexpr int kBits = 11;
  constexpr uint64_t kMask = (uint64_t{1} << kBits) - 1;
  if (samples.size() < kFew) {
    samples_.clear();
    samples_.append(samples);
    std::ranges::sort(samples_, {}, &Sample::value);
    return;
  }
  const auto [least, most] = std::ranges::minmax(samples, {}, &Sample::value);
  const auto offset = static_cast<uint64_t>(least.value);
  const auto offset_of = [&](const Sample& s) { return static_cast<uint64_t>(s.value) - offset; };
  const uint64_t range = offset_of(most);
  std::span<const Sample> from = samples;
  int shift = 0;
  do {
    std::array<size_t, kMask + 1> places{};
    for (const Sample& s : from) ++places[offset_of(s) >> shift & kMask];
    std::exclusive_scan(places.begin(), places.end(), places.begin(), size_t{0});
    scratch_.resize(samples.size());
    for (const Sample& s : from) scratch_[places[offset_of(s) >> shift & kMask]++] = s;
    std::swap(samples_, scratch_);
    from = samples_;
    shift += kBits;
  } while (shift < 64 && range >> shift != 0);
}

void SurvivalCurve::Fit(std::span<const Sample> samples) {
  Sort(samples);
  steps_.clear();
  subjects_ = std::ssize(samples_);
  ended_ = 0;
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
    if (step.survival == 0) return {bounds.low.value_or(step.time), step.time};
    const double hazard = -std::log(step.survival);
    const double spread = kZ * std::sqrt(step.variance) / hazard;
    // S^exp(spread) <= 1/2, and S^exp(-spread) <= 1/2.
    if (!bounds.low && hazard * std::exp(spread) >= std::numbers::ln2) bounds.low = step.time;
    if (hazard * std::exp(-spread) >= std::numbers::ln2) bounds.high = step.time;
  }
  return bounds;
}

double SurvivalCurve::IncidenceOf(uint32_t event, int64_t time) const {
  return IncidencesOf(event, {&time, 1}).front();
}

std::vector<double> SurvivalCurve::IncidencesOf(uint32_t event,
                                                std::span<const int64_t> times) const {
  std::vector<double> incidences;
  double incidence = 0, before = 1;
  auto sample = samples_.begin();
  auto step = steps_.begin();
  for (const int64_t time : times) {
    for (; step != steps_.end() && step->time <= time; ++step) {
      while (sample->value < step->time) ++sample;
      int64_t by_event = 0;
      for (; sample != samples_.end() && sample->value == step->time; ++sample) {
        if (sample->event == event) ++by_event;
      }
      incidence += before * static_cast<double>(by_event) / static_cast<double>(step->at_risk);
      before = step->survival;
    }
    incidences.push_back(incidence);
  }
  return incidences;
}

}  // namespace throughline
