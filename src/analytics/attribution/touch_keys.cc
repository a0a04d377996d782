#include "analytics/attribution/touch_keys.h"

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

std::string OrBlank(const std::string& text) { return text.empty() ? kBlank : text; }

}  // namespace

std::string ChannelLabel(const Dictionaries& dictionaries, uint32_t channel) {
  return OrBlank(dictionaries.channels[channel]);
}

// Labels tell keys apart: two campaigns of one name are called differently, and so are ids.
uint32_t TouchKeys::FindKey(const Touch& touch, uint32_t person) {
  const auto next = static_cast<uint32_t>(labels_.size());
  const auto [at, is_new] = keys_.try_emplace(ValueOf(touch, person), next);
  if (is_new) labels_.push_back(LabelOf(touch, person));
  if (ByShape()) {
    if (of_shapes_.size() <= touch.shape) of_shapes_.resize(touch.shape + 1, kNone);
    of_shapes_[touch.shape] = at->second;
  }
  return at->second;
}

uint64_t TouchKeys::ValueOf(const Touch& touch, uint32_t person) const {
  const TouchShape& shape = dictionaries_.shapes[touch.shape];
  switch (by_) {
    case AttributionKey::kCampaign:
      return shape.campaign;
    case AttributionKey::kSource:
      return uint64_t{shape.channel} << 32 | shape.campaign;
    case AttributionKey::kContact:
      return person;
    case AttributionKey::kSide:
      return static_cast<uint64_t>(shape.side);
    case AttributionKey::kMonth:
      return dimensions_.calendar().MonthOf(touch.occurred_at);
    case AttributionKey::kTouch:
      return static_cast<uint64_t>(touch.event.packed);
    default:
      return shape.channel;
  }
}

std::string TouchKeys::LabelOf(const Touch& touch, uint32_t person) const {
  const TouchShape& shape = dictionaries_.shapes[touch.shape];
  switch (by_) {
    case AttributionKey::kCampaign:
      return dimensions_.CampaignLabel(shape.campaign);
    case AttributionKey::kSource:
      return absl::StrCat(ChannelLabel(dictionaries_, shape.channel), " / ",
                          dimensions_.CampaignLabel(shape.campaign));
    case AttributionKey::kContact:
      return person == 0 ? kBlank : absl::StrCat(person);
    case AttributionKey::kSide:
      return OrBlank(std::string(NameOf(shape.side)));
    case AttributionKey::kMonth:
      return Calendar::MonthLabel(dimensions_.calendar().MonthOf(touch.occurred_at));
    case AttributionKey::kTouch:
      return absl::StrCat(touch.event.packed);
    default:
      return ChannelLabel(dictionaries_, shape.channel);
  }
}

}  // namespace throughline
