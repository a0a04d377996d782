#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_MESSAGES_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_MESSAGES_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "throughline/attribution.h"
#include "throughline/field.h"
#include "throughline/time.h"

// What a partial of attribution holds, field by field.

namespace throughline {

inline constexpr int64_t kAttributionFormat = 1;  // of the bytes: other formats are refused

using Bits = std::vector<uint64_t>;

struct NamedNumberMessage {
  std::string name;
  uint64_t number = 0;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &NamedNumberMessage::name),
                           MakeField(2, "number", &NamedNumberMessage::number));
  }
};

struct NamedTextMessage {
  std::string name;
  std::string text;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &NamedTextMessage::name),
                           MakeField(2, "text", &NamedTextMessage::text));
  }
};

struct RequestMessage {
  AttributionModel model = AttributionModel::kLinear;
  int64_t order = 1;
  uint64_t half_life_days = 0;
  uint64_t minimum_conversions = 0;
  int64_t samples = 0;
  uint64_t seed = 0;
  bool custom = false;
  Bits weights;  // first, lead, opportunity, close, middle
  std::vector<NamedNumberMessage> stages;
  static constexpr auto Fields() {
    using R = RequestMessage;
    return std::make_tuple(MakeField(1, "model", &R::model), MakeField(2, "order", &R::order),
                           MakeField(3, "half_life_days", &R::half_life_days),
                           MakeField(4, "minimum_conversions", &R::minimum_conversions),
                           MakeField(5, "samples", &R::samples), MakeField(6, "seed", &R::seed),
                           MakeField(7, "custom", &R::custom), MakeField(8, "weights", &R::weights),
                           MakeField(9, "stages", &R::stages));
  }
};

// What all partials of one request have in common.
struct CountsHeadMessage {
  int64_t format = kAttributionFormat;
  RequestMessage request;
  int64_t stages_of_leads = 0;
  std::string key;
  std::string unit;
  bool money = false;
  Time through;
  Time known_at;
  std::vector<NamedTextMessage> parameters;
  static constexpr auto Fields() {
    using H = CountsHeadMessage;
    return std::make_tuple(MakeField(1, "format", &H::format), MakeField(2, "request", &H::request),
                           MakeField(3, "stages_of_leads", &H::stages_of_leads),
                           MakeField(4, "key", &H::key), MakeField(5, "unit", &H::unit),
                           MakeField(6, "money", &H::money), MakeField(7, "through", &H::through),
                           MakeField(8, "known_at", &H::known_at),
                           MakeField(9, "parameters", &H::parameters));
  }
};

struct NumbersMessage {
  Bits numbers;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "numbers", &NumbersMessage::numbers));
  }
};

struct AmountsMessage {
  std::vector<int64_t> amounts;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "amounts", &AmountsMessage::amounts));
  }
};

struct CreditMessage {
  Bits conversions;
  Bits values;
  std::vector<AmountsMessage> amounts;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "conversions", &CreditMessage::conversions),
                           MakeField(2, "values", &CreditMessage::values),
                           MakeField(3, "amounts", &CreditMessage::amounts));
  }
};

// Lists of keys one behind the other, with the length of each.
struct KeyListsMessage {
  std::vector<uint32_t> lengths;
  std::vector<uint32_t> keys;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lengths", &KeyListsMessage::lengths),
                           MakeField(2, "keys", &KeyListsMessage::keys));
  }
};

struct TransitionsMessage {
  KeyListsMessage states;
  Bits starts;
  Bits conversions;
  Bits nulls;
  std::vector<NumbersMessage> values;
  std::vector<uint32_t> from;
  std::vector<uint32_t> to;
  Bits weights;
  static constexpr auto Fields() {
    using T = TransitionsMessage;
    return std::make_tuple(MakeField(1, "states", &T::states), MakeField(2, "starts", &T::starts),
                           MakeField(3, "conversions", &T::conversions),
                           MakeField(4, "nulls", &T::nulls), MakeField(5, "values", &T::values),
                           MakeField(6, "from", &T::from), MakeField(7, "to", &T::to),
                           MakeField(8, "weights", &T::weights));
  }
};

struct SetsMessage {
  KeyListsMessage sets;
  Bits conversions;
  Bits nulls;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "sets", &SetsMessage::sets),
                           MakeField(2, "conversions", &SetsMessage::conversions),
                           MakeField(3, "nulls", &SetsMessage::nulls));
  }
};

struct CountsMessage {
  CountsHeadMessage head;
  int64_t seq = 0;
  int64_t unknown_amounts = 0;
  std::vector<std::string> currencies;
  std::vector<std::string> keys;
  uint64_t nulls = 0;
  CreditMessage credit;
  std::vector<uint32_t> position_keys;
  std::vector<uint32_t> positions;
  CreditMessage credit_by_position;
  TransitionsMessage transitions;
  SetsMessage sets;
  CountedShards shards;
  bool whole = false;  // written last: what was cut off lacks it
  static constexpr auto Fields() {
    using C = CountsMessage;
    return std::make_tuple(
        MakeField(1, "head", &C::head), MakeField(2, "seq", &C::seq),
        MakeField(3, "unknown_amounts", &C::unknown_amounts),
        MakeField(4, "currencies", &C::currencies), MakeField(5, "keys", &C::keys),
        MakeField(6, "nulls", &C::nulls), MakeField(7, "credit", &C::credit),
        MakeField(8, "position_keys", &C::position_keys), MakeField(9, "positions", &C::positions),
        MakeField(10, "credit_by_position", &C::credit_by_position),
        MakeField(11, "transitions", &C::transitions), MakeField(12, "sets", &C::sets),
        MakeField(13, "shards", &C::shards), MakeField(14, "whole", &C::whole));
  }
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_ATTRIBUTION_MESSAGES_H_
