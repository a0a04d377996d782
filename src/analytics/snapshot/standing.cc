#include "analytics/snapshot/standing.h"

#include <algorithm>

#include "analytics/snapshot/lead_work.h"

namespace throughline {
namespace {

constexpr AsOf kAllKnown{kForever, kForever};

// How much is looked through ahead of any report for the follow-ups of one group's leads.
constexpr size_t kMaxSought = 10'000;

// The newest of what was looked at.
struct Newest {
  Time occurred_at = kMinTime;
  Time known_at = kMinTime;

  template <class Items>
  void See(const Items& items, const Block& block) {
    for (const auto& item : items) {
      if constexpr (requires { item.occurred_at; }) {
        occurred_at = std::max(occurred_at, item.occurred_at);
      }
      known_at = std::max(known_at, item.known_at);
      if (item.marks & kEnds) known_at = std::max(known_at, EndOf(item, block));
    }
  }
  void See(const Newest& other) {
    occurred_at = std::max(occurred_at, other.occurred_at);
    known_at = std::max(known_at, other.known_at);
  }
};

// Makes the standings of a group.
class StandingsOf {
 public:
  explicit StandingsOf(const Group& group) : group_(group) {}

  Standing Make(const FactRecord& record) {
    Standing standing;
    standing.state = StateOf(group_, record, kAllKnown);
    standing.record = static_cast<uint32_t>(&record - group_.block().records.data());
    Newest newest;
    newest.See(group_.FactsOf(record), group_.block());
    if (record.kind == EntityKind::kLead) SeekWork(record, standing, newest);
    standing.last_occurred_at = newest.occurred_at;
    standing.last_known_at = newest.known_at;
    return standing;
  }

 private:
  void SeekWork(const FactRecord& lead, Standing& standing, Newest& newest) {
    if (!standing.state.handed_off_at) {
      standing.sought_work = true;
      return;
    }
    if (leads_++ == 0) SeeWork();
    if (leads_ * touches_ > kMaxSought) return;
    newest.See(newest_work_);
    standing.followed_up_at = FindFollowUp({group_, lead, standing.state}, kAllKnown);
    standing.sought_work = true;
  }

  // All that says which touches are work on which lead.
  void SeeWork() {
    for (size_t account = group_.first_account(); account < group_.end_account(); ++account) {
      const auto touches = group_.TouchesOf(account, TouchClass::kBoth, TouchClass::kFollowUp);
      newest_work_.See(touches, group_.block());
      touches_ += touches.size();
    }
    newest_work_.See(group_.merges(), group_.block());
    newest_work_.See(group_.persons(), group_.block());
  }

  const Group& group_;
  Newest newest_work_;
  size_t touches_ = 0;
  size_t leads_ = 0;  // handed over
};

}  // namespace

void AddStandings(Block& block) {
  const auto is_lead_or_deal = [](const FactRecord& r) {
    return r.kind == EntityKind::kLead || r.kind == EntityKind::kOpportunity;
  };
  block.standings.clear();
  block.standings.reserve(
      static_cast<size_t>(std::ranges::count_if(block.records, is_lead_or_deal)));
  for (size_t number = 0; number < block.groups(); ++number) {
    const Group group(block, number);
    StandingsOf standings(group);
    for (size_t account = group.first_account(); account < group.end_account(); ++account) {
      block.accounts[account].first_standing = static_cast<uint32_t>(block.standings.size());
      for (const FactRecord& record : group.RecordsOf(account)) {
        if (is_lead_or_deal(record)) block.standings.push_back(standings.Make(record));
      }
    }
  }
  block.accounts.back().first_standing = static_cast<uint32_t>(block.standings.size());
}

}  // namespace throughline
