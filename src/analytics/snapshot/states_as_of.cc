#include "analytics/snapshot/states_as_of.h"

#include <algorithm>

#include "core/rows.h"

namespace throughline {
namespace {

bool ContinuesChain(const Origin* origin) {
  return origin != nullptr && origin->previous != 0 && origin->link != Link::kFollowsOn &&
         origin->link != Link::kNone;
}

}  // namespace

std::vector<uint32_t> HighStagesOf(const RecordInGroup& record, const AsOf& as_of) {
  std::vector<uint32_t> stages;
  StateOf(record.group, record.record, as_of, [&](const EnteredStage& entry) {
    if (entry.fact.kind == FactKind::kOpened) stages.clear();
    if (entry.stage >= RecordState::kStageBits) stages.push_back(entry.stage);
  });
  std::ranges::sort(stages);
  stages.erase(std::unique(stages.begin(), stages.end()), stages.end());
  return stages;
}

AccountPlaces MergedWith(const Group& group, size_t account, Time known_at) {
  AccountPlaces all{account};
  if (group.end_account() - group.first_account() == 1) return all;
  Aliases<uint32_t> aliases;
  for (const MergeFact& merge : group.merges()) {
    if (!IsKnown(merge, group.block(), known_at)) continue;
    if (merge.parts) {
      aliases.Part(merge.merged);
    } else {
      aliases.Merge(merge.merged, merge.account);
    }
  }
  const uint32_t root = aliases.RootOf(static_cast<uint32_t>(account));
  for (auto each = static_cast<uint32_t>(group.first_account()); each < group.end_account();
       ++each) {
    if (each != account && aliases.RootOf(each) == root) all.push_back(each);
  }
  return all;
}

FoundRecord FindRecord(const Group& group, EntityKind kind, int64_t id, const AsOf& as_of) {
  for (const Standing& standing : group.standings()) {
    const FactRecord& record = group.block().records[standing.record];
    if (record.kind != kind || record.id != id) continue;
    return {&record, standing.IsAsOf(as_of) ? standing.state : StateOf(group, record, as_of)};
  }
  return {};
}

ChainStart StartOfChain(const Group& group, const RecordState& state, const AsOf& as_of) {
  ChainStart start{state.opened_at, state.first_owner};
  const Origin* origin = state.origin;
  // A chain is no longer than the group has records, whatever wrong links say.
  for (size_t steps = group.records().size(); steps > 0 && ContinuesChain(origin); --steps) {
    const EntityKind kind = origin->previous_is_lead ? EntityKind::kLead : EntityKind::kOpportunity;
    const FoundRecord found = FindRecord(group, kind, origin->previous, as_of);
    if (!found) break;
    const RecordState& previous = found.state;
    start = {std::min(start.opened_at, previous.opened_at), previous.first_owner};
    origin = previous.origin;
  }
  return start;
}

const Touch* FirstTouchOf(const Group& group, size_t account, const AsOf& as_of) {
  const Touch* first = nullptr;
  for (const size_t each : MergedWith(group, account, as_of.known_at)) {
    if (group.block().accounts[each].known_at > as_of.known_at) continue;
    for (const Touch& touch : group.TouchesOf(each)) {
      if (!Counts(touch, group.block(), as_of)) continue;
      if (first == nullptr || IsEarlier(touch, *first)) first = &touch;
    }
  }
  return first;
}

}  // namespace throughline
