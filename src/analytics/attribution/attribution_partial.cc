#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "absl/strings/str_cat.h"
#include "analytics/attribution/attribution_counts.h"
#include "analytics/attribution/attribution_messages.h"
#include "model/text.h"
#include "model/wire_read.h"
#include "model/wire_write.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// Counts as bytes. Real numbers travel as the bits they are.

namespace throughline {
namespace {

Bits BitsOf(const std::vector<double>& numbers) {
  Bits bits;
  for (const double number : numbers) bits.push_back(std::bit_cast<uint64_t>(number));
  return bits;
}

std::vector<double> NumbersOf(const Bits& bits) {
  std::vector<double> numbers;
  for (const uint64_t each : bits) numbers.push_back(std::bit_cast<double>(each));
  return numbers;
}

bool AreFinite(const Bits& bits) {
  return std::ranges::all_of(
      bits, [](uint64_t each) { return std::isfinite(std::bit_cast<double>(each)); });
}

RequestMessage MessageOf(const AttributionRequest& request) {
  RequestMessage message;
  message.model = request.model;
  message.order = request.order;
  message.half_life_days = std::bit_cast<uint64_t>(request.half_life_days);
  message.minimum_conversions = std::bit_cast<uint64_t>(request.minimum_conversions);
  message.samples = request.samples;
  message.seed = request.seed;
  if (!request.weights) return message;
  const MilestoneWeights& w = *request.weights;
  message.custom = true;
  message.weights = BitsOf({w.first, w.lead, w.opportunity, w.close, w.middle});
  for (const auto& [stage, weight] : w.stages) {
    message.stages.push_back({stage, std::bit_cast<uint64_t>(weight)});
  }
  return message;
}

CountsHeadMessage HeadOf(const AttributionCounts& counts) {
  const PathContext& context = counts.context;
  CountsHeadMessage head;
  head.request = MessageOf(counts.request);
  head.stages_of_leads = static_cast<int64_t>(context.stages_of_leads);
  head.key = context.key;
  head.unit = context.unit;
  head.money = context.money;
  head.through = context.as_of.through;
  head.known_at = context.as_of.known_at;
  for (const auto& [name, text] : context.parameters) head.parameters.push_back({name, text});
  return head;
}

CreditMessage MessageOf(const Credit& credit) {
  CreditMessage message{BitsOf(credit.conversions), BitsOf(credit.values), {}};
  for (const std::vector<int64_t>& amounts : credit.amounts) message.amounts.push_back({amounts});
  return message;
}

TransitionsMessage MessageOf(const Transitions& t) {
  TransitionsMessage message;
  for (const PathState& state : t.states) {
    message.states.lengths.push_back(state.length);
    message.states.keys.insert(message.states.keys.end(), state.keys.begin(),
                               state.keys.begin() + state.length);
  }
  message.starts = BitsOf(t.starts);
  message.conversions = BitsOf(t.conversions);
  message.nulls = BitsOf(t.nulls);
  for (const std::vector<double>& each : t.values) message.values.push_back({BitsOf(each)});
  for (const TransitionEdge& edge : t.edges) {
    message.from.push_back(edge.from);
    message.to.push_back(edge.to);
    message.weights.push_back(std::bit_cast<uint64_t>(edge.weight));
  }
  return message;
}

SetsMessage MessageOf(const std::vector<KeySet>& sets) {
  SetsMessage message;
  for (const KeySet& set : sets) {
    message.sets.lengths.push_back(static_cast<uint32_t>(set.keys.size()));
    message.sets.keys.insert(message.sets.keys.end(), set.keys.begin(), set.keys.end());
    message.conversions.push_back(std::bit_cast<uint64_t>(set.conversions));
    message.nulls.push_back(std::bit_cast<uint64_t>(set.nulls));
  }
  return message;
}

// --- Reading: what is read may be of anybody, so all of it is checked. ---

bool IsText(const std::string& text) { return CheckText("text", text, kMaxNoteBytes).ok(); }

bool TakeRequest(const RequestMessage& message, AttributionRequest& request) {
  request.model = message.model;
  request.order = static_cast<int>(std::clamp<int64_t>(message.order, 0, kMaxOrder + 1));
  request.half_life_days = std::bit_cast<double>(message.half_life_days);
  request.minimum_conversions = std::bit_cast<double>(message.minimum_conversions);
  request.samples = static_cast<int>(std::clamp<int64_t>(message.samples, 0, INT32_MAX));
  request.seed = message.seed;
  if (!message.custom) return true;
  const std::vector<double> w = NumbersOf(message.weights);
  if (w.size() != 5) return false;
  request.weights = MilestoneWeights{w[0], w[1], w[2], w[3], w[4], {}};
  for (const NamedNumberMessage& stage : message.stages) {
    request.weights->stages.emplace_back(stage.name, std::bit_cast<double>(stage.number));
  }
  return true;
}

absl::Status TakeHead(const CountsHeadMessage& head, AttributionCounts& counts) {
  if (head.format != kAttributionFormat) {
    return InvalidField("partial",
                        absl::StrCat("is of format ", head.format, ", not ", kAttributionFormat));
  }
  if (!TakeRequest(head.request, counts.request) || !IsText(head.key) || !IsText(head.unit)) {
    return InvalidField("partial", "is damaged");
  }
  counts.context.stages_of_leads = static_cast<size_t>(head.stages_of_leads);
  counts.context.key = head.key;
  counts.context.unit = head.unit;
  counts.context.money = head.money;
  counts.context.as_of.through = head.through;
  counts.context.as_of.known_at = head.known_at;
  for (const NamedTextMessage& each : head.parameters) {
    if (!IsText(each.name) || !IsText(each.text)) return InvalidField("partial", "is damaged");
    counts.context.parameters.emplace_back(each.name, each.text);
  }
  return absl::OkStatus();
}

bool TakeCredit(const CreditMessage& message, size_t rows, const AttributionCounts& counts,
                Credit& credit) {
  credit = Credit(rows, counts.context.money, counts.currencies.size());
  if (message.conversions.size() != rows || message.values.size() != credit.values.size() ||
      message.amounts.size() != credit.amounts.size()) {
    return false;
  }
  if (!AreFinite(message.conversions) || !AreFinite(message.values)) return false;
  credit.conversions = NumbersOf(message.conversions);
  credit.values = NumbersOf(message.values);
  for (size_t c = 0; c < message.amounts.size(); ++c) {
    if (message.amounts[c].amounts.size() != rows) return false;
    credit.amounts[c] = message.amounts[c].amounts;
  }
  return true;
}

// take(keys) takes each list; false if it does not like one.
template <class Take>
bool ForEachList(const KeyListsMessage& lists, size_t keys, Take&& take) {
  size_t at = 0;
  for (const uint32_t length : lists.lengths) {
    if (length > lists.keys.size() - at) return false;
    const std::span<const uint32_t> list(lists.keys.data() + at, length);
    if (std::ranges::any_of(list, [&](uint32_t key) { return key >= keys; })) return false;
    if (!take(list)) return false;
    at += length;
  }
  return at == lists.keys.size();
}

// States of the chain's order, each once: so a chain of order 1 has no more of them than keys.
bool TakeStates(const KeyListsMessage& message, const AttributionCounts& counts,
                std::vector<PathState>& states) {
  const auto order = static_cast<size_t>(std::clamp(counts.request.order, 0, kMaxOrder));
  const bool whole = ForEachList(message, counts.keys.size(), [&](auto list) {
    if (list.empty() || list.size() > order) return false;
    PathState& state = states.emplace_back();
    state.length = static_cast<uint8_t>(list.size());
    std::ranges::copy(list, state.keys.begin());
    return true;
  });
  std::vector<PathState> sorted = states;
  std::ranges::sort(sorted);
  return whole && std::ranges::adjacent_find(sorted) == sorted.end();
}

bool TakeTransitions(const TransitionsMessage& message, const AttributionCounts& counts,
                     Transitions& t) {
  if (!TakeStates(message.states, counts, t.states)) return false;
  const size_t states = t.states.size(), edges = message.from.size();
  const size_t currencies = counts.context.money ? counts.currencies.size() : 1;
  const auto has = [&](const Bits& bits) { return bits.size() == states && AreFinite(bits); };
  if (!has(message.starts) || !has(message.conversions) || !has(message.nulls)) {
    return false;
  }
  if (states > 0 && message.values.size() != currencies) return false;
  if (message.to.size() != edges || message.weights.size() != edges) return false;
  t.starts = NumbersOf(message.starts);
  t.conversions = NumbersOf(message.conversions);
  t.nulls = NumbersOf(message.nulls);
  for (const NumbersMessage& each : message.values) {
    if (!has(each.numbers)) return false;
    t.values.push_back(NumbersOf(each.numbers));
  }
  const std::vector<double> weights = NumbersOf(message.weights);
  for (size_t i = 0; i < edges; ++i) {
    if (message.from[i] >= states || message.to[i] >= states || !(weights[i] > 0)) return false;
    t.edges.push_back({message.from[i], message.to[i], weights[i]});
  }
  return true;
}

bool TakeSets(const SetsMessage& message, AttributionCounts& counts) {
  const size_t sets = message.sets.lengths.size();
  if (message.conversions.size() != sets || message.nulls.size() != sets) return false;
  if (!AreFinite(message.conversions) || !AreFinite(message.nulls)) return false;
  return ForEachList(message.sets, counts.keys.size(), [&](auto list) {
    const size_t at = counts.sets.size();
    counts.sets.push_back({{list.begin(), list.end()},
                           std::bit_cast<double>(message.conversions[at]),
                           std::bit_cast<double>(message.nulls[at])});
    return !list.empty();
  });
}

bool TakePositions(const CountsMessage& message, AttributionCounts& counts) {
  const size_t rows = message.positions.size();
  if (message.position_keys.size() != rows) return false;
  for (size_t i = 0; i < rows; ++i) {
    if (message.position_keys[i] > counts.keys.size()) return false;
    counts.positions.push_back({message.position_keys[i], message.positions[i]});
  }
  return TakeCredit(message.credit_by_position, rows, counts, counts.credit_by_position);
}

bool TakeCounts(const CountsMessage& message, AttributionCounts& counts) {
  counts.context.as_of.seq = message.seq;
  counts.context.unknown_amounts = message.unknown_amounts;
  counts.context.shards = message.shards;
  counts.nulls = std::bit_cast<double>(message.nulls);
  counts.keys = message.keys;
  if (!std::ranges::all_of(counts.keys, IsText)) return false;
  for (const std::string& code : message.currencies) {
    const absl::StatusOr<Currency> currency = ParseCurrency(code);
    if (!currency.ok()) return false;
    counts.currencies.push_back(*currency);
  }
  return TakeCredit(message.credit, counts.keys.size() + 1, counts, counts.credit) &&
         TakePositions(message, counts) &&
         TakeTransitions(message.transitions, counts, counts.transitions) &&
         TakeSets(message.sets, counts);
}

}  // namespace

bool SameRequest(const AttributionCounts& a, const AttributionCounts& b) {
  std::string of_a, of_b;
  wire::AppendMessage(HeadOf(a), of_a);
  wire::AppendMessage(HeadOf(b), of_b);
  return of_a == of_b;
}

std::string EncodeCounts(const AttributionCounts& counts) {
  CountsMessage message;
  message.head = HeadOf(counts);
  message.seq = counts.context.as_of.seq;
  message.unknown_amounts = counts.context.unknown_amounts;
  for (const Currency currency : counts.currencies) {
    message.currencies.emplace_back(currency.view());
  }
  message.keys = counts.keys;
  message.nulls = std::bit_cast<uint64_t>(counts.nulls);
  message.credit = MessageOf(counts.credit);
  for (const KeyPosition& each : counts.positions) {
    message.position_keys.push_back(each.key);
    message.positions.push_back(each.position);
  }
  message.credit_by_position = MessageOf(counts.credit_by_position);
  if (counts.positions.empty()) {
    message.credit_by_position =
        MessageOf(Credit(0, counts.context.money, counts.currencies.size()));
  }
  message.transitions = MessageOf(counts.transitions);
  message.sets = MessageOf(counts.sets);
  message.shards = counts.context.shards;
  message.whole = true;
  std::string bytes;
  wire::AppendMessage(message, bytes);
  return bytes;
}

absl::StatusOr<AttributionCounts> DecodeCounts(std::string_view bytes) {
  CountsMessage message;
  if (absl::Status status = wire::DecodeMessage(bytes, message); !status.ok()) {
    return InvalidField("partial", "is damaged, or is none");
  }
  if (!message.whole) return InvalidField("partial", "is cut off");
  AttributionCounts counts;
  if (absl::Status status = TakeHead(message.head, counts); !status.ok()) return status;
  if (!TakeCounts(message, counts)) return InvalidField("partial", "is damaged");
  PathView nothing;  // what a request takes of paths was checked when they were counted
  if (absl::Status status = CheckRequest(counts.request, nothing); !status.ok()) {
    return InvalidField("partial", absl::StrCat("is damaged: ", status.message()));
  }
  if (absl::Status status = CheckSize(counts); !status.ok()) {
    return InvalidField("partial", std::string(status.message()));
  }
  return counts;
}

}  // namespace throughline
