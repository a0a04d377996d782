#ifndef THROUGHLINE_TESTS_CORE_PURE_LEDGER_H_
#define THROUGHLINE_TESTS_CORE_PURE_LEDGER_H_

#include <map>
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
    Rows& rows = streams_[*account].rows;
    rows.touches_known = true;
    LoadReferences(all, rows);
    ++seq_;
    now_.micros += 1;
    absl::StatusOr<Decision> decision =
        Decide(command, {context, rows, *account, streams_[*account].history, *policy_, 1,
                         EventId::Of(seq_, 0), now_, *this});
    if (decision.ok()) Record(*decision);
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
  const std::vector<RecordedEvent>& History(int64_t account) {
    return streams_[AccountId{account}].history;
  }
  const Rows& RowsOf(int64_t account) { return streams_[AccountId{account}].rows; }
  void SetNow(Time now) { now_ = now; }
  Time now() const { return now_; }

 private:
  struct Stream {
    Rows rows;
    std::vector<RecordedEvent> history;
    int64_t version = 0;
  };

  Rows AllRows() const {
    Rows all;
    for (const auto& [account, stream] : streams_) {
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
    for (const auto& [account, stream] : streams_) {
      for (const RecordedEvent& event : stream.history) {
        if (needs.event && event.id == needs.event) return account;
      }
    }
    return {};
  }

  void Record(const Decision& decision) {
    for (const StreamEvents& events : decision.streams) {
      Stream& stream = streams_[events.account];
      ++stream.version;
      int64_t ordinal = 0;
      for (const Event& event : events.events) {
        RecordedEvent recorded{
            EventId::Of(seq_, ordinal++), events.account, stream.version, now_, {}, event};
        stream.history.push_back(recorded);
        if (!decision.refold) Evolve(stream.rows, recorded);
      }
      if (decision.refold) stream.rows = Fold(stream.history);
      ++seq_;
    }
    Rows& rows = streams_[decision.streams.front().account].rows;
    for (const auto& row : decision.profiles) rows.contact_profiles.Put(row);
    for (const auto& row : decision.contact_external_ids) rows.contact_external_ids.Put(row);
  }

  std::shared_ptr<const Policy> policy_;
  std::map<EntityKind, int64_t> ids_;
  std::map<AccountId, Stream> streams_;
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
