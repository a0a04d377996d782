#include "ledger/account_group.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "ledger/account_rows.h"
#include "ledger/journal_stream.h"

namespace throughline {
namespace {

void AddOnce(AccountId account, std::vector<AccountId>& accounts) {
  if (std::ranges::find(accounts, account) == accounts.end()) accounts.push_back(account);
}

absl::Status LoadMerges(ReadTransaction& transaction, AccountId account, Rows& rows) {
  return LoadPrefix(transaction, kPrimaryKey, KeyValues(account), rows.account_merges);
}

}  // namespace

absl::Status LoadAliasesOf(ReadTransaction& transaction, AccountId account, Rows& rows) {
  while (account) {
    absl::Status status = LoadOnce(transaction, account, KeyValues(account), rows.accounts);
    if (!status.ok()) return status;
    const AccountRow* row = rows.accounts.Find(account);
    account = row == nullptr ? AccountId{} : row->merged_into;
  }
  return absl::OkStatus();
}

absl::Status LoadMembers(ReadTransaction& transaction, AccountId account, Rows& rows,
                         std::vector<AccountId>& members) {
  AddOnce(account, members);
  for (size_t i = 0; i < members.size(); ++i) {
    const AccountId member = members[i];
    absl::Status status = LoadOnce(transaction, member, KeyValues(member), rows.accounts);
    if (!status.ok()) return status;
    const AccountRow* row = rows.accounts.Find(member);
    if (row == nullptr) continue;
    if (row->merged_into) AddOnce(row->merged_into, members);
    if (row->aliases == 0) continue;
    if (status = LoadMerges(transaction, member, rows); !status.ok()) return status;
    rows.account_merges.ForEach([&](const AccountMergeRow& merge) {
      if (merge.account == member) AddOnce(merge.merged, members);
    });
  }
  return absl::OkStatus();
}

std::vector<AccountId> MergedInHistory(const std::vector<RecordedEvent>& history) {
  std::vector<AccountId> accounts;
  for (const RecordedEvent& event : history) {
    const auto* merged = std::get_if<AccountMerged>(&event.event.payload);
    if (merged == nullptr) continue;
    AddOnce(merged->account, accounts);
    AddOnce(merged->merged, accounts);
  }
  return accounts;
}

absl::StatusOr<GroupHistory> ReadGroupHistory(ReadTransaction& transaction, AccountId account) {
  GroupHistory group;
  group.accounts.push_back(account);
  for (size_t i = 0; i < group.accounts.size(); ++i) {
    absl::StatusOr<std::vector<RecordedEvent>> events = ReadHistory(transaction, group.accounts[i]);
    if (!events.ok()) return events.status();
    for (const AccountId other : MergedInHistory(*events)) AddOnce(other, group.accounts);
    std::move(events->begin(), events->end(), std::back_inserter(group.events));
  }
  if (group.accounts.size() == 1) return group;
  std::ranges::sort(group.accounts);
  std::ranges::sort(group.events, {}, &RecordedEvent::id);
  return group;
}

}  // namespace throughline
