#include "core/shown_account.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace throughline {
namespace {

void AddMissing(const std::vector<Attribute>& from, std::vector<Attribute>& to) {
  for (const Attribute& attribute : from) {
    const auto at = std::ranges::lower_bound(to, attribute.name, {}, &Attribute::name);
    if (at == to.end() || at->name != attribute.name) to.insert(at, attribute);
  }
}

// The earlier first touch of two accounts that have one.
bool IsEarlierFirst(const AccountRow& a, const AccountRow& b) {
  return std::tuple(a.first.at, !a.first_day, a.first.touch) <
         std::tuple(b.first.at, !b.first_day, b.first.touch);
}

void AddAlias(const AccountRow& alias, AccountRow& shown) {
  if (shown.name.empty()) shown.name = alias.name;
  AddMissing(alias.attributes, shown.attributes);
  shown.opened_at = std::min(shown.opened_at, alias.opened_at);
  shown.episodes = std::max(shown.episodes, alias.episodes);
  if (alias.touches > 0 && (shown.touches == 0 || IsEarlierFirst(alias, shown))) {
    shown.first = alias.first;
    shown.first_day = alias.first_day;
  }
  shown.touches += alias.touches;
  shown.last_touch_at = std::max(shown.last_touch_at, alias.last_touch_at);
  shown.last_opened_at = std::max(shown.last_opened_at, alias.last_opened_at);
}

}  // namespace

AccountRow ShownAccount(const Rows& rows, AccountId account) {
  const AccountRow* shows = rows.accounts.Find(account);
  // As of a day before the leading account opened, the last one that is there shows.
  while (const AccountRow* into = rows.accounts.Find(shows->merged_into)) shows = into;
  const AccountId root = shows->account;
  AccountRow shown = *shows;
  rows.accounts.ForEach([&](const AccountRow& row) {
    if (row.account != root) AddAlias(row, shown);
  });
  return shown;
}

}  // namespace throughline
