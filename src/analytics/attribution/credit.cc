#include "analytics/attribution/credit.h"

#include <algorithm>
#include <cmath>

#include "analytics/attribution/milestone_rules.h"

namespace throughline {
namespace {

// A path's touches, as a model weighs them.
struct WeighedPath {
  std::span<const uint32_t> keys;
  std::span<const uint16_t> marks;
  std::span<const double> days;
};

WeighedPath PathAt(const PathView& view, size_t path) {
  const size_t begin = view.begins[path], length = view.LengthOf(path);
  WeighedPath weighed{view.touches.subspan(begin, length), {}, {}};
  if (!view.milestones.empty()) weighed.marks = view.milestones.subspan(begin, length);
  if (!view.days.empty()) weighed.days = view.days.subspan(begin, length);
  return weighed;
}

// weigh(path, shares) writes a share for each touch.
template <class Weigh>
Credit ShareOut(const PathView& view, Weigh&& weigh) {
  const auto keys = static_cast<uint32_t>(view.keys.size());
  CreditGiver giver(view, keys + 1);
  std::vector<double> shares(LongestPath(view));
  for (size_t path = 0; path < view.paths(); ++path) {
    if (!view.Earns(path)) continue;
    const WeighedPath weighed = PathAt(view, path);
    const size_t touches = weighed.keys.size();
    if (touches <= 1) {
      giver.GiveAll(path, touches == 0 ? keys : weighed.keys.front());
      continue;
    }
    const std::span<double> path_shares(shares.data(), touches);
    weigh(weighed, path_shares);
    giver.Give(path, weighed.keys, path_shares);
  }
  return std::move(giver.credit());
}

// choose(keys) gives the place of the one touch that earns all.
template <class Choose>
Credit GiveToOne(const PathView& view, Choose&& choose) {
  const auto none = static_cast<uint32_t>(view.keys.size());
  CreditGiver giver(view, none + 1);
  for (size_t path = 0; path < view.paths(); ++path) {
    if (!view.Earns(path)) continue;
    const auto keys = view.touches.subspan(view.begins[path], view.LengthOf(path));
    giver.GiveAll(path, keys.empty() ? none : keys[choose(keys)]);
  }
  return std::move(giver.credit());
}

// Marks of touches, if there are some, know more than their keys.
size_t LastNonDirect(const PathView& view, std::span<const uint32_t> keys) {
  const uint16_t* const marks = view.milestones.empty()
                                    ? nullptr
                                    : view.milestones.data() + (keys.data() - view.touches.data());
  for (size_t i = keys.size(); i > 0; --i) {
    const bool direct =
        marks != nullptr ? (marks[i - 1] & kDirectMark) != 0 : view.direct[keys[i - 1]] != 0;
    if (!direct) return i - 1;
  }
  return keys.size() - 1;
}

// Ages count from the last touch: that factor is in all weights, and so in no share.
void Decay(std::span<const double> days, double half_life_days, std::span<double> shares) {
  const double rate = 1 / half_life_days, last = days.back();
  double sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    shares[i] = days[i] == last ? 1 : std::exp2((days[i] - last) * rate);
    sum += shares[i];
  }
  for (double& share : shares) share /= sum;
}

// Distinct keys of a path, in the order in which they first occur.
class DistinctKeys {
 public:
  explicit DistinctKeys(size_t keys) : seen_(keys) {}

  std::span<const uint32_t> Of(std::span<const uint32_t> keys) {
    ++path_;
    distinct_.clear();
    for (const uint32_t key : keys) {
      if (seen_[key] == path_) continue;
      seen_[key] = path_;
      distinct_.push_back(key);
    }
    return distinct_;
  }

 private:
  std::vector<uint64_t> seen_;  // by key: the last path that had it
  uint64_t path_ = 0;
  std::vector<uint32_t> distinct_;
};

// Rows by key and position, numbered as they turn up.
class PositionRows {
 public:
  PositionRows(size_t keys, std::vector<KeyPosition>& rows) : numbers_(keys), rows_(rows) {}

  uint32_t RowOf(uint32_t key, uint32_t position) {
    std::vector<uint32_t>& of_key = numbers_[key];
    if (of_key.size() <= position) of_key.resize(position + 1, kNone);
    if (of_key[position] == kNone) {
      of_key[position] = static_cast<uint32_t>(rows_.size());
      rows_.push_back({key, position});
    }
    return of_key[position];
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  std::vector<std::vector<uint32_t>> numbers_;
  std::vector<KeyPosition>& rows_;
};

// A share for each touch: that of its key, split evenly over the key's touches.
class PositionShares {
 public:
  explicit PositionShares(size_t keys) : distinct_(keys), occurrences_(keys) {}

  std::span<const double> Of(std::span<const uint32_t> keys) {
    const double each = 1 / static_cast<double>(distinct_.Of(keys).size());
    for (const uint32_t key : keys) ++occurrences_[key];
    shares_.clear();
    for (const uint32_t key : keys) shares_.push_back(each / occurrences_[key]);
    for (const uint32_t key : keys) occurrences_[key] = 0;
    return shares_;
  }

 private:
  DistinctKeys distinct_;
  std::vector<uint32_t> occurrences_;
  std::vector<double> shares_;
};

Credit CreditByShapley(const PathView& view) {
  const auto none = static_cast<uint32_t>(view.keys.size());
  CreditGiver giver(view, none + 1);
  DistinctKeys distinct(view.keys.size());
  std::vector<double> shares(LongestPath(view));
  for (size_t path = 0; path < view.paths(); ++path) {
    if (!view.Earns(path)) continue;
    const auto keys = distinct.Of(view.touches.subspan(view.begins[path], view.LengthOf(path)));
    if (keys.size() <= 1) {
      giver.GiveAll(path, keys.empty() ? none : keys.front());
      continue;
    }
    const std::span<double> each(shares.data(), keys.size());
    std::ranges::fill(each, 1 / static_cast<double>(keys.size()));
    giver.Give(path, keys, each);
  }
  return std::move(giver.credit());
}

}  // namespace

void CreditGiver::GiveMoney(size_t path, std::span<const uint32_t> rows,
                            std::span<const double> shares) {
  const uint8_t currency = view_.amount_currencies[path];
  if (currency == kNoCurrency) return;
  const int64_t amount = view_.amounts[path];
  const int64_t own = view_.own_amounts.empty() ? amount : view_.own_amounts[path];
  const auto parts = remainder_.SplitConverted(own, amount, shares);
  std::vector<int64_t>& amounts = credit_.amounts[currency];
  for (size_t i = 0; i < rows.size(); ++i) amounts[rows[i]] += parts[i];
}

Credit CreditByRule(const PathView& view, const AttributionRequest& request,
                    size_t stages_of_leads) {
  switch (request.model) {
    case AttributionModel::kFirst:
      return GiveToOne(view, [](std::span<const uint32_t>) { return size_t{0}; });
    case AttributionModel::kLast:
      return GiveToOne(view, [](std::span<const uint32_t> keys) { return keys.size() - 1; });
    case AttributionModel::kLastNonDirect:
      return GiveToOne(view,
                       [&](std::span<const uint32_t> keys) { return LastNonDirect(view, keys); });
    case AttributionModel::kLinear:
      return ShareOut(view, [](const WeighedPath&, std::span<double> shares) {
        std::ranges::fill(shares, 1 / static_cast<double>(shares.size()));
      });
    case AttributionModel::kTimeDecay:
      return ShareOut(view, [&](const WeighedPath& path, std::span<double> shares) {
        Decay(path.days, request.half_life_days, shares);
      });
    case AttributionModel::kShapley:
      return CreditByShapley(view);
    default:
      break;
  }
  const MilestoneWeigher weigher(request.model == AttributionModel::kCustom
                                     ? RuleOf(*request.weights, stages_of_leads)
                                     : RuleOf(request.model));
  return ShareOut(view, [&](const WeighedPath& path, std::span<double> shares) {
    weigher.Weigh(path.marks, shares);
  });
}

Credit CreditByPosition(const PathView& view, std::vector<KeyPosition>& rows) {
  const auto none = static_cast<uint32_t>(view.keys.size());
  CreditGiver giver(view, 0);
  PositionRows numbers(none + 1, rows);
  PositionShares shares(view.keys.size());
  std::vector<uint32_t> path_rows;
  for (size_t path = 0; path < view.paths(); ++path) {
    if (!view.Earns(path)) continue;
    const auto keys = view.touches.subspan(view.begins[path], view.LengthOf(path));
    path_rows.clear();
    for (uint32_t i = 0; i < keys.size(); ++i) path_rows.push_back(numbers.RowOf(keys[i], i + 1));
    if (keys.empty()) path_rows.push_back(numbers.RowOf(none, 0));
    if (giver.credit().rows() < rows.size()) giver.credit().Resize(rows.size() * 2);
    if (keys.empty()) {
      giver.GiveAll(path, path_rows.front());
    } else {
      giver.Give(path, path_rows, shares.Of(keys));
    }
  }
  giver.credit().Resize(rows.size());
  return std::move(giver.credit());
}

}  // namespace throughline
