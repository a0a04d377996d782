#include "analytics/attribution/merged_counts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "model/hash_map.h"

namespace throughline {
namespace {

using Places = std::vector<uint32_t>;  // where each item of the one is in the other

// Where the items are among `to`, which takes in those that it lacks.
template <class Item>
Places PlacesIn(const std::vector<Item>& items, std::vector<Item>& to) {
  std::map<Item, uint32_t> known;
  for (uint32_t i = 0; i < to.size(); ++i) known.emplace(to[i], i);
  Places places;
  for (const Item& item : items) {
    const auto [at, is_new] = known.emplace(item, static_cast<uint32_t>(to.size()));
    if (is_new) to.push_back(item);
    places.push_back(at->second);
  }
  return places;
}

void AddCredit(const Credit& from, const Places& rows, const Places& currencies, Credit& to) {
  for (size_t i = 0; i < from.rows(); ++i) {
    to.conversions[rows[i]] += from.conversions[i];
    if (!from.values.empty()) to.values[rows[i]] += from.values[i];
    for (size_t c = 0; c < from.amounts.size(); ++c) {
      to.amounts[currencies[c]][rows[i]] += from.amounts[c][i];
    }
  }
}

// Credit by key, whose last row is that of no touch, with room for more keys and currencies.
Credit Widened(const Credit& credit, size_t rows, const AttributionCounts& counts) {
  Credit wide(rows, counts.context.money, counts.currencies.size());
  Places same(credit.rows()), currencies(credit.amounts.size());
  for (uint32_t i = 0; i < same.size(); ++i) same[i] = i;
  for (uint32_t i = 0; i < currencies.size(); ++i) currencies[i] = i;
  if (!same.empty()) same.back() = static_cast<uint32_t>(rows) - 1;
  AddCredit(credit, same, currencies, wide);
  return wide;
}

// States by their keys in the other counts.
std::vector<PathState> Renamed(const std::vector<PathState>& states, const Places& keys) {
  std::vector<PathState> renamed = states;
  for (PathState& state : renamed) {
    for (uint8_t i = 0; i < state.length; ++i) state.keys[i] = keys[state.keys[i]];
  }
  return renamed;
}

void AddByState(const std::vector<double>& from, const Places& states, std::vector<double>& to) {
  for (size_t i = 0; i < from.size(); ++i) to[states[i]] += from[i];
}

void AddEdges(const std::vector<TransitionEdge>& from, const Places& states,
              std::vector<TransitionEdge>& to) {
  std::map<std::pair<uint32_t, uint32_t>, double> all;
  for (const TransitionEdge& edge : to) all[{edge.from, edge.to}] += edge.weight;
  for (const TransitionEdge& edge : from) all[{states[edge.from], states[edge.to]}] += edge.weight;
  to.clear();
  for (const auto& [ends, weight] : all) to.push_back({ends.first, ends.second, weight});
}

void AddTransitions(const Transitions& from, const Places& keys, const Places& currencies,
                    size_t currency_count, Transitions& to) {
  const Places states = PlacesIn(Renamed(from.states, keys), to.states);
  const size_t count = to.states.size();
  for (std::vector<double>* each : {&to.starts, &to.conversions, &to.nulls}) each->resize(count);
  to.values.resize(currency_count);
  for (std::vector<double>& each : to.values) each.resize(count);
  AddByState(from.starts, states, to.starts);
  AddByState(from.conversions, states, to.conversions);
  AddByState(from.nulls, states, to.nulls);
  for (size_t c = 0; c < from.values.size(); ++c) {
    AddByState(from.values[c], states, to.values[currencies.empty() ? c : currencies[c]]);
  }
  AddEdges(from.edges, states, to.edges);
}

void AddSets(const std::vector<KeySet>& from, const Places& keys, std::vector<KeySet>& to) {
  std::map<std::vector<uint32_t>, size_t> known;
  for (size_t i = 0; i < to.size(); ++i) known.emplace(to[i].keys, i);
  for (const KeySet& set : from) {
    std::vector<uint32_t> renamed;
    for (const uint32_t key : set.keys) renamed.push_back(keys[key]);
    std::ranges::sort(renamed);
    const auto [at, is_new] = known.emplace(renamed, to.size());
    if (is_new) to.push_back({renamed, 0, 0});
    to[at->second].conversions += set.conversions;
    to[at->second].nulls += set.nulls;
  }
}

// Positions of the row of no touch move with the number of keys.
void AddPositions(const AttributionCounts& from, const Places& keys, const Places& currencies,
                  size_t old_keys, AttributionCounts& to) {
  using Position = std::pair<uint32_t, uint32_t>;
  const auto none = static_cast<uint32_t>(to.keys.size());
  std::vector<Position> all, added;
  for (const KeyPosition& each : to.positions) {
    all.emplace_back(each.key == old_keys ? none : each.key, each.position);
  }
  for (const KeyPosition& each : from.positions) {
    added.emplace_back(each.key == from.keys.size() ? none : keys[each.key], each.position);
  }
  const Places rows = PlacesIn(added, all);
  to.positions.clear();
  for (const auto& [key, position] : all) to.positions.push_back({key, position});
  Credit credit = std::move(to.credit_by_position);
  Credit wide(all.size(), to.context.money, to.currencies.size());
  Places same(credit.rows()), own(credit.amounts.size());
  for (uint32_t i = 0; i < same.size(); ++i) same[i] = i;
  for (uint32_t i = 0; i < own.size(); ++i) own[i] = i;
  AddCredit(credit, same, own, wide);
  AddCredit(from.credit_by_position, rows, currencies, wide);
  to.credit_by_position = std::move(wide);
}

}  // namespace

void AddCounts(const AttributionCounts& from, AttributionCounts& to) {
  const size_t old_keys = to.keys.size();
  const Places currencies = PlacesIn(from.currencies, to.currencies);
  Places keys = PlacesIn(from.keys, to.keys);
  AddTransitions(from.transitions, keys, currencies, to.context.money ? to.currencies.size() : 1,
                 to.transitions);
  AddSets(from.sets, keys, to.sets);
  AddPositions(from, keys, currencies, old_keys, to);
  to.credit = Widened(to.credit, to.keys.size() + 1, to);
  keys.push_back(static_cast<uint32_t>(to.keys.size()));
  AddCredit(from.credit, keys, currencies, to.credit);
  to.nulls += from.nulls;
  to.context.unknown_amounts += from.context.unknown_amounts;
  to.context.as_of.seq = 0;
}

}  // namespace throughline
