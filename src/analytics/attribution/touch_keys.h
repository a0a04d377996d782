#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_TOUCH_KEYS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_TOUCH_KEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "analytics/reports/dimensions.h"
#include "analytics/snapshot/dictionaries.h"
#include "analytics/snapshot/facts.h"
#include "model/hash_map.h"
#include "throughline/ledger_paths.h"

namespace throughline {

// What touches go by, numbered as it turns up.
class TouchKeys {
 public:
  // All outlive it.
  TouchKeys(AttributionKey by, const Dictionaries& dictionaries, const Dimensions& dimensions)
      : by_(by), dictionaries_(dictionaries), dimensions_(dimensions) {}

  // `person`: who its contact is.
  uint32_t KeyOf(const Touch& touch, uint32_t person) {
    if (ByShape() && touch.shape < of_shapes_.size() && of_shapes_[touch.shape] != kNone) {
      return of_shapes_[touch.shape];
    }
    return FindKey(touch, person);
  }

  std::vector<std::string> TakeLabels() { return std::move(labels_); }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  bool ByShape() const { return by_ <= AttributionKey::kSource || by_ == AttributionKey::kSide; }
  uint32_t FindKey(const Touch& touch, uint32_t person);
  uint64_t ValueOf(const Touch& touch, uint32_t person) const;
  std::string LabelOf(const Touch& touch, uint32_t person) const;

  AttributionKey by_;
  const Dictionaries& dictionaries_;
  const Dimensions& dimensions_;
  std::vector<uint32_t> of_shapes_;  // keys, of those shapes that turned up
  HashMap<uint64_t, uint32_t> keys_;
  std::vector<std::string> labels_;
};

// "(blank)" for no channel.
std::string ChannelLabel(const Dictionaries& dictionaries, uint32_t channel);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_TOUCH_KEYS_H_
