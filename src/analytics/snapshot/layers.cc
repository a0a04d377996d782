#include "analytics/snapshot/layers.h"

#include <algorithm>

namespace throughline {
namespace {

template <class Items>
uint32_t SizeOf(const Items& items) {
  return static_cast<uint32_t>(items.size());
}

template <class Item>
void CopyEnding(const Item& item, const Block& from, Block& to) {
  if (item.marks & kEnds) {
    to.endings.push_back({item.event, item.known_at, EndOf(item, from)});
  }
}

// Adds a record's facts, with the amounts and origins that they name.
void CopyFacts(std::span<const RecordFact> facts, const Block& from, Block& to) {
  for (const RecordFact& each : facts) {
    CopyEnding(each, from, to);
    RecordFact fact = each;
    if (fact.kind == FactKind::kValued || fact.kind == FactKind::kBooked) {
      to.amounts.push_back(from.amounts[fact.value]);
      fact.value = SizeOf(to.amounts) - 1;
    } else if (fact.kind == FactKind::kLinked) {
      to.origins.push_back(from.origins[fact.value]);
      fact.value = SizeOf(to.origins) - 1;
    } else if (fact.kind == FactKind::kTagged) {
      const std::span<const uint32_t> tags = TagsOf(fact, from);
      fact.value = SizeOf(to.tags);
      to.tags.append(tags);
    }
    to.facts.push_back(fact);
  }
}

void CopyAccount(const Group& group, size_t account, Block& to) {
  const Block& from = group.block();
  to.accounts.back() = from.accounts[account];
  to.accounts.back().first_record = SizeOf(to.records) - 1;
  for (const FactRecord& record : group.RecordsOf(account)) {
    to.records.back() = record;
    to.records.back().first_fact = SizeOf(to.facts);
    CopyFacts(group.FactsOf(record), from, to);
    to.records.push_back({0, SizeOf(to.facts), EntityKind::kNone});
  }
  for (size_t each = 0; each < kTouchClasses; ++each) {
    to.accounts.back().first_touch[each] = SizeOf(to.touches);
    const auto touch_class = static_cast<TouchClass>(each);
    const std::span<const Touch> touches = group.TouchesOf(account, touch_class, touch_class);
    for (const Touch& touch : touches) CopyEnding(touch, from, to);
    to.touches.append(touches);
  }
  to.accounts.push_back(FactAccount());
  to.accounts.back().first_record = SizeOf(to.records) - 1;
  to.accounts.back().first_touch[0] = SizeOf(to.touches);
}

// Adds a group behind those that are there.
void CopyGroup(const Group& group, Block& to) {
  const uint32_t shift = SizeOf(to.accounts) - 1 - static_cast<uint32_t>(group.first_account());
  for (size_t account = group.first_account(); account < group.end_account(); ++account) {
    CopyAccount(group, account, to);
  }
  to.group_accounts.push_back(SizeOf(to.accounts) - 1);
  for (MergeFact merge : group.merges()) {
    CopyEnding(merge, group.block(), to);
    merge.account += shift;
    merge.merged += shift;
    to.merges.push_back(merge);
  }
  for (PersonFact person : group.persons()) {
    CopyEnding(person, group.block(), to);
    person.account += shift;
    to.persons.push_back(person);
  }
}

void OrderEndings(std::vector<Ending>& endings) {
  const auto key = [](const Ending& e) { return std::pair(e.event, e.known_at); };
  std::ranges::sort(endings, {}, key);
  const auto same = [&](const Ending& a, const Ending& b) { return key(a) == key(b); };
  endings.erase(std::unique(endings.begin(), endings.end(), same), endings.end());
}

}  // namespace

Layers::Layer Layers::MakeLayer(Block block) {
  auto accounts = std::make_shared<AccountGroups>();
  accounts->reserve(block.accounts.size() - 1);
  for (uint32_t group = 0; group < block.groups(); ++group) {
    for (uint32_t i = block.group_accounts[group]; i < block.group_accounts[group + 1]; ++i) {
      accounts->emplace_back(block.accounts[i].id, group);
    }
  }
  if (!std::ranges::is_sorted(*accounts)) std::ranges::sort(*accounts);
  AddStandings(block);
  return {std::make_shared<const Block>(std::move(block)), std::move(accounts), {}};
}

std::optional<uint32_t> Layers::FindGroup(const Layer& layer, int64_t account) {
  const auto at =
      std::ranges::lower_bound(*layer.accounts, account, {}, &AccountGroups::value_type::first);
  if (at == layer.accounts->end() || at->first != account) return std::nullopt;
  if (std::ranges::binary_search(layer.superseded, at->second)) return std::nullopt;
  return at->second;
}

std::vector<int64_t> Layers::GroupOf(int64_t account) const {
  for (const Layer& layer : layers_) {
    const std::optional<uint32_t> number = FindGroup(layer, account);
    if (!number) continue;
    const Group group(*layer.block, *number);
    std::vector<int64_t> accounts;
    for (size_t i = group.first_account(); i < group.end_account(); ++i) {
      accounts.push_back(layer.block->accounts[i].id);
    }
    return accounts;
  }
  return {account};
}

void Layers::Supersede(const Block& block) {
  for (Layer& layer : layers_) {
    for (size_t i = 0; i + 1 < block.accounts.size(); ++i) {
      const std::optional<uint32_t> group = FindGroup(layer, block.accounts[i].id);
      if (!group) continue;
      layer.superseded.insert(std::ranges::lower_bound(layer.superseded, *group), *group);
    }
  }
}

void Layers::MergeLastTwo() {
  Layers last_two;
  last_two.layers_.assign(layers_.end() - 2, layers_.end());
  Block merged;
  last_two.ForEachGroup([&](const Group& group) { CopyGroup(group, merged); });
  OrderEndings(merged.endings);
  layers_.resize(layers_.size() - 2);
  layers_.push_back(MakeLayer(std::move(merged)));
}

void Layers::Add(Block block) {
  Supersede(block);
  layers_.push_back(MakeLayer(std::move(block)));
  while (layers_.size() > 1 && layers_[layers_.size() - 2].weight() < 2 * layers_.back().weight()) {
    MergeLastTwo();
  }
}

}  // namespace throughline
