#include "analytics/snapshot/record_state.h"

#include <algorithm>

#include "core/rows.h"

namespace throughline {
namespace {

// Who owned a record first.
uint32_t FirstOwnerOf(const Group& group, const FactRecord& record, const AsOf& as_of) {
  for (const RecordFact& fact : group.FactsOf(record)) {
    if (fact.kind == FactKind::kAssigned && Counts(fact, group.block(), as_of)) return fact.value;
  }
  return 0;
}

bool ContinuesChain(const Origin* origin) {
  return origin != nullptr && origin->previous != 0 && origin->link != Link::kFollowsOn &&
         origin->link != Link::kNone;
}

}  // namespace

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

const FactRecord* FindRecord(const Group& group, EntityKind kind, int64_t id) {
  for (const FactRecord& record : group.records()) {
    if (record.kind == kind && record.id == id) return &record;
  }
  return nullptr;
}

ChainStart StartOfChain(const Group& group, const FactRecord& record, const RecordState& state,
                        const AsOf& as_of) {
  ChainStart start{state.opened_at, FirstOwnerOf(group, record, as_of)};
  RecordState at = state;
  // A chain is no longer than the group has records, whatever wrong links say.
  for (size_t steps = group.records().size(); steps > 0 && ContinuesChain(at.origin); --steps) {
    const FactRecord* previous = FindRecord(
        group, at.origin->previous_is_lead ? EntityKind::kLead : EntityKind::kOpportunity,
        at.origin->previous);
    if (previous == nullptr) break;
    at = StateOf(group, *previous, as_of);
    if (!at.exists) break;
    start = {std::min(start.opened_at, at.opened_at), FirstOwnerOf(group, *previous, as_of)};
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
