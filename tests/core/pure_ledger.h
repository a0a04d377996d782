#ifndef THROUGHLINE_TESTS_CORE_PURE_LEDGER_H_
#define THROUGHLINE_TESTS_CORE_PURE_LEDGER_H_

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/decide.h"
#include "core/evolve.h"
#include "core/fold.h"
#include "core/needs.h"
#include "core/rows.h"
#include "throughline/command.h"
#include "throughline/policy.h"

namespace throughline {

// The shell without a store: all rows in memory, time and ids under the test's control.
class PureLedger : public Supply {
 public:
  explicit PureLedger(std::shared_ptr<const Policy> policy = Policy::Default())
      : policy_(std::move(policy)) {}

  int64_t NextId(EntityKind kind) override { return ++ids_[kind]; }
  std::string Salt() override { return std::string(16, static_cast<char>('a' + salts_++ % 26)); }

  absl::StatusOr<Decision> Execute(Command command, Context context = {}) {
    const ExternalLookup lookup = [this](EntityKind kind, const ExternalId& id) {
      return absl::StatusOr<int64_t>(Lookup(kind, id));
    };
    if (absl::Status s = ResolveReferences(lookup, command, context); !s.ok()) return s;
    const Rows all = AllRows();
    absl::StatusOr<AccountId> account = AccountOf(command, all, EventStream(command));
    if (!account.ok()) return account.status();
    std::shared_ptr<Group> group = GroupOf(*account);
    if (const auto* merge = std::get_if<AccountMerge>(&command)) {
      group = Joined(*group, *GroupOf(merge->merged.id));
    }
    Rows& rows = group->rows;
    rows.touches_known = true;
    LoadReferences(all, rows);
    ++seq_;
    now_.micros += 1;
    const bool whole = ScopeOf(command, context, rows, *account) == Scope::kHistory;
    absl::StatusOr<Decision> decision = Decide(
        command,
        {context, rows, *account,
         whole ? std::span<const RecordedEvent>(group->history) : std::span<const RecordedEvent>(),
         *policy_, 1, EventId::Of(seq_, 0), now_, *this});
    if (decision.ok()) Record(*decision, *group);
    return decision;
  }

  // The same, for commands that must be accepted: the id of what was opened.
  int64_t Must(Command command, Context context = {}) {
    absl::StatusOr<Decision> decision = Execute(std::move(command), std::move(context));
    if (!decision.ok()) {
      ADD_FAILURE() << decision.status().ToString();
      return 0;
    }
    return decision->id;
  }

  LeadRow Lead(int64_t id) const { return *AllRows().leads.Find(LeadId{id}); }
  OpportunityRow Opportunity(int64_t id) const {
    return *AllRows().opportunities.Find(OpportunityId{id});
  }
  AccountRow Account(int64_t id) const { return *AllRows().accounts.Find(AccountId{id}); }
  // Of the account and of those merged with it.
  const std::vector<RecordedEvent>& History(int64_t account) {
    return GroupOf(AccountId{account})->history;
  }
  const Rows& RowsOf(int64_t account) { return GroupOf(AccountId{account})->rows; }
  void SetNow(Time now) { now_ = now; }
  Time now() const { return now_; }

 private:
  // Accounts that are merged.
  struct Group {
    Rows rows;
    std::vector<RecordedEvent> history;
  };

  std::shared_ptr<Group> GroupOf(AccountId account) {
    std::shared_ptr<Group>& group = groups_[account];
    if (group == nullptr) group = std::make_shared<Group>();
    return group;
  }

  static std::shared_ptr<Group> Joined(const Group& a, const Group& b) {
    if (&a == &b) return std::make_shared<Group>(a);
    auto joined = std::make_shared<Group>();
    joined->history = a.history;
    joined->history.insert(joined->history.end(), b.history.begin(), b.history.end());
    std::ranges::sort(joined->history, {}, &RecordedEvent::id);
    joined->rows = Fold(joined->history);
    return joined;
  }

  Rows AllRows() const {
    Rows all;
    for (const auto& [account, group] : groups_) {
      const Group& stream = *group;
      stream.rows.accounts.ForEach([&](const AccountRow& r) { all.accounts.Load(r); });
      stream.rows.contacts.ForEach([&](const ContactRow& r) { all.contacts.Load(r); });
      stream.rows.leads.ForEach([&](const LeadRow& r) { all.leads.Load(r); });
      stream.rows.opportunities.ForEach([&](const auto& r) { all.opportunities.Load(r); });
      stream.rows.owners.ForEach([&](const OwnerRow& r) { all.owners.Load(r); });
      stream.rows.campaigns.ForEach([&](const CampaignRow& r) { all.campaigns.Load(r); });
      stream.rows.external_ids.ForEach([&](const auto& r) { all.external_ids.Load(r); });
      stream.rows.contact_profiles.ForEach([&](const auto& r) { all.contact_profiles.Load(r); });
      stream.rows.contact_external_ids.ForEach(
          [&](const auto& r) { all.contact_external_ids.Load(r); });
    }
    return all;
  }

  // What a command of one account may look at beside the account's own rows.
  static void LoadReferences(const Rows& all, Rows& rows) {
    all.owners.ForEach([&](const OwnerRow& r) { rows.owners.Load(r); });
    all.campaigns.ForEach([&](const CampaignRow& r) { rows.campaigns.Load(r); });
    all.external_ids.ForEach([&](const auto& r) { rows.external_ids.Load(r); });
    all.contact_profiles.ForEach([&](const auto& r) { rows.contact_profiles.Load(r); });
    all.contact_external_ids.ForEach([&](const auto& r) { rows.contact_external_ids.Load(r); });
  }

  int64_t Lookup(EntityKind kind, const ExternalId& id) const {
    const Rows all = AllRows();
    if (kind == EntityKind::kContact) {
      const auto* row = all.contact_external_ids.Find({id.system, id.key});
      return row == nullptr ? 0 : row->contact.value;
    }
    const auto* row = all.external_ids.Find({kind, id.system, id.key});
    return row == nullptr ? 0 : row->id;
  }

  AccountId EventStream(const Command& command) const {
    Needs needs;
    NeedsOf(command, {}, needs);
    for (const auto& [account, group] : groups_) {
      for (const RecordedEvent& event : group->history) {
        if (needs.event && event.id == needs.event) return event.stream;
      }
    }
    return {};
  }

  void Record(const Decision& decision, Group group) {
    for (const StreamEvents& events : decision.streams) {
      const int64_t version = ++versions_[events.account];
      int64_t ordinal = 0;
      for (const Event& event : events.events) {
        RecordedEvent recorded{
            EventId::Of(seq_, ordinal++), events.account, version, now_, {}, event};
        Group& home = HomeOf(events.account, group, decision);
        home.history.push_back(recorded);
        if (!decision.refold) Evolve(home.rows, recorded);
      }
      ++seq_;
    }
    if (decision.refold) Regroup(group.history);
    Rows& rows = GroupOf(decision.streams.front().account)->rows;
    for (const auto& row : decision.profiles) rows.contact_profiles.Put(row);
    for (const auto& row : decision.contact_external_ids) rows.contact_external_ids.Put(row);
  }

  // A decision concerns the group it was made in, but for a contact that moves out of it and an
  // account that opens.
  Group& HomeOf(AccountId account, Group& group, const Decision& decision) {
    return decision.refold ? group : *GroupOf(account);
  }

  void Regroup(const std::vector<RecordedEvent>& history) {
    const MergedGroups roots(ApplyRevisions(history, kMaxTime));
    std::map<AccountId, std::shared_ptr<Group>> by_root;
    for (const RecordedEvent& event : history) {
      std::shared_ptr<Group>& group = by_root[roots.RootOf(event.stream)];
      if (group == nullptr) group = std::make_shared<Group>();
      group->history.push_back(event);
      groups_[event.stream] = group;
    }
    for (auto& [root, group] : by_root) group->rows = Fold(group->history);
  }

  std::shared_ptr<const Policy> policy_;
  std::map<EntityKind, int64_t> ids_;
  std::map<AccountId, std::shared_ptr<Group>> groups_;
  std::map<AccountId, int64_t> versions_;
  int64_t seq_ = 0;
  int salts_ = 0;
  Time now_ = StartOf(Date{20'000});  // 2024-10-04
};

inline Context On(std::string_view when, Mode mode = Mode::kEnforce) {
  Context context;
  context.occurred_at = *ParseMoment(when);
  context.mode = mode;
  return context;
}

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_CORE_PURE_LEDGER_H_
