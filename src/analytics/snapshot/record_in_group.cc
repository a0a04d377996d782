#include "analytics/snapshot/record_in_group.h"

#include <algorithm>

namespace throughline {

Subject RecordInGroup::subject() const {
  return {record.kind, record.id, group.block().accounts[account()].id};
}

size_t RecordInGroup::account() const {
  const Block& block = group.block();
  const auto place = static_cast<uint32_t>(&record - block.records.data());
  const auto behind =
      std::upper_bound(block.accounts.begin() + static_cast<ptrdiff_t>(group.first_account()),
                       block.accounts.begin() + static_cast<ptrdiff_t>(group.end_account()), place,
                       [](uint32_t at, const FactAccount& a) { return at < a.first_record; });
  return static_cast<size_t>(behind - block.accounts.begin()) - 1;
}

}  // namespace throughline
