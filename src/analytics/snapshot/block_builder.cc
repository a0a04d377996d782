#include "analytics/snapshot/block_builder.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace throughline {
namespace {

// Which accounts are one group, by any merge there ever was: the least number of each group.
class Groups {
 public:
  explicit Groups(size_t accounts) : least_(accounts) {
    std::iota(least_.begin(), least_.end(), 0u);
  }
  uint32_t Of(uint32_t account) {
    while (least_[account] != account) {
      least_[account] = least_[least_[account]];
      account = least_[account];
    }
    return account;
  }
  void Join(uint32_t a, uint32_t b) {
    const auto [less, more] = std::minmax({Of(a), Of(b)});
    least_[more] = less;
  }

 private:
  std::vector<uint32_t> least_;
};

// Makes counts, which stand one behind their place, the beginnings of the places.
void SumUp(std::vector<uint32_t>& counts) {
  std::partial_sum(counts.begin(), counts.end(), counts.begin());
}

}  // namespace

Block BlockBuilder::Build() {
  PlaceAccounts();
  PlaceRecords();
  PlaceFacts();
  PlaceTouches();
  PlaceMerges();
  block_.amounts = std::move(from_.amounts_);
  block_.origins = std::move(from_.origins_);
  block_.tags = std::move(from_.tags_);
  block_.endings = std::move(from_.endings_);
  std::ranges::sort(block_.endings, {},
                    [](const Ending& e) { return std::pair(e.event, e.known_at); });
  return std::move(block_);
}

void BlockBuilder::PlaceAccounts() {
  const size_t count = from_.accounts_.size();
  Groups groups(count);
  for (const MergeFact& merge : from_.merges_) groups.Join(merge.account, merge.merged);
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  if (!from_.merges_.empty()) {
    std::ranges::stable_sort(order, {}, [&](uint32_t account) { return groups.Of(account); });
  }
  account_places_.resize(count);
  block_.accounts.assign(count + 1, FactAccount());
  block_.group_accounts.clear();
  for (uint32_t place = 0; place < count; ++place) {
    const uint32_t number = order[place];
    account_places_[number] = place;
    block_.accounts[place].id = from_.accounts_[number].id;
    block_.accounts[place].known_at = from_.accounts_[number].known_at;
    if (groups.Of(number) == number) block_.group_accounts.push_back(place);
  }
  block_.group_accounts.push_back(static_cast<uint32_t>(count));
}

void BlockBuilder::PlaceRecords() {
  const size_t accounts = account_places_.size(), count = from_.records_.size();
  std::vector<uint32_t> next(accounts + 1);
  for (const auto& record : from_.records_) ++next[account_places_[record.account] + 1];
  SumUp(next);
  for (size_t i = 0; i <= accounts; ++i) block_.accounts[i].first_record = next[i];
  record_places_.resize(count);
  block_.records.assign(count + 1, FactRecord());
  for (size_t number = 0; number < count; ++number) {
    const auto& record = from_.records_[number];
    const uint32_t place = next[account_places_[record.account]]++;
    record_places_[number] = place;
    block_.records[place].id = record.id;
    block_.records[place].kind = record.kind;
  }
}

void BlockBuilder::PlaceFacts() {
  const std::vector<uint32_t> begins = from_.facts_.Distribute(
      record_places_.size(), [&](uint32_t record) -> size_t { return record_places_[record]; },
      block_.facts);
  for (size_t i = 0; i < begins.size(); ++i) block_.records[i].first_fact = begins[i];
}

void BlockBuilder::PlaceTouches() {
  const size_t places = account_places_.size() * kTouchClasses;
  const std::vector<uint32_t> begins = from_.touches_.Distribute(
      places,
      [&](uint32_t about) {
        return size_t{account_places_[about / kTouchClasses]} * kTouchClasses +
               about % kTouchClasses;
      },
      block_.touches);
  for (size_t i = 0; i < places; ++i) {
    block_.accounts[i / kTouchClasses].first_touch[i % kTouchClasses] = begins[i];
  }
  block_.accounts.back().first_touch[0] = begins.back();
}

void BlockBuilder::PlaceMerges() {
  block_.merges = std::move(from_.merges_);
  block_.persons = std::move(from_.persons_);
  for (MergeFact& merge : block_.merges) {
    merge.account = account_places_[merge.account];
    merge.merged = account_places_[merge.merged];
  }
  for (PersonFact& person : block_.persons) person.account = account_places_[person.account];
  const auto order = [&](auto& items) {
    std::ranges::stable_sort(items, {}, [&](const auto& item) {
      const auto behind = std::ranges::upper_bound(block_.group_accounts, item.account);
      return std::pair(behind - block_.group_accounts.begin(), item.event);
    });
  };
  order(block_.merges);
  order(block_.persons);
}

}  // namespace throughline
