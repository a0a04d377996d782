#include "core/needs.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/command_refs.h"
#include "throughline/error.h"

namespace throughline {
namespace {

template <class Tag>
absl::Status Resolve(const ExternalLookup& lookup, const std::string& name, Ref<Tag>& ref) {
  if (ref.id.value == kOpenedBefore) {
    return InvalidField(name, "only commands of one call can mean what was opened before");
  }
  if (ref.id.value < 0) return InvalidField(name, "an id is positive");
  if (ref.id || !ref.external) return absl::OkStatus();
  absl::StatusOr<int64_t> id = lookup(kKindOf<Tag>, ref.external);
  if (!id.ok()) return id.status();
  if (*id == 0) {
    return NotFoundField(name, absl::StrCat("no ", Tag::kKind, " has the external id ",
                                            ref.external.system, ":", ref.external.key));
  }
  ref.id.value = *id;
  return absl::OkStatus();
}

// What an upsert means when it names nobody: the entity that has one of its external ids.
template <class Tag>
absl::Status ResolveUpsert(const ExternalLookup& lookup, std::span<const ExternalId> external_ids,
                           Ref<Tag>& ref) {
  if (ref) return absl::OkStatus();
  for (const ExternalId& external : external_ids) {
    absl::StatusOr<int64_t> id = lookup(kKindOf<Tag>, external);
    if (!id.ok()) return id.status();
    if (*id != 0) {
      ref.id.value = *id;
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

template <class C>
concept OpensEntity = requires(C c) {
  c.external_ids;
};

template <class C>
constexpr EntityKind OpenedKind() {
  const std::string_view name = C::kName;
  EntityKind kind = EntityKind::kNone;
  FromName(name.substr(0, name.find('.')), kind);
  return kind;
}

const EventRef* EventOf(const TouchRetract& c) { return &c.touch; }
const EventRef* EventOf(const Amend& c) { return &c.event; }
const EventRef* EventOf(const Void& c) { return &c.event; }
template <class C>
const EventRef* EventOf(const C&) {
  return nullptr;
}

// The one account that a command's references agree on: of accounts that are merged, the first.
class AccountVote {
 public:
  explicit AccountVote(const Rows& rows) : rows_(rows) {}

  absl::Status Add(const std::string& name, AccountId account) {
    if (found_ && Belongs(account)) return absl::OkStatus();
    if (found_) {
      return InvalidField(
          name, absl::StrCat("belongs to account ", account.value, ", not ", account_.value));
    }
    account_ = account;
    found_ = true;
    return absl::OkStatus();
  }
  bool found() const { return found_; }
  AccountId account() const { return account_; }

 private:
  bool Belongs(AccountId account) const {
    return account == account_ ||
           RootOf(rows_.accounts, account) == RootOf(rows_.accounts, account_);
  }

  const Rows& rows_;
  AccountId account_;
  bool found_ = false;
};

template <class Set, class Key>
absl::Status AddHome(const Set& rows, Key id, const char* kind, const std::string& name,
                     AccountVote& vote) {
  const auto* row = rows.Find(id);
  if (row == nullptr) return NotFoundField(name, absl::StrCat("no ", kind, " ", id.value));
  return vote.Add(name, row->account);
}

absl::Status Vote(const Rows& rows, const std::string& name, const AccountRef& ref,
                  AccountVote& vote) {
  return AddHome(rows.accounts, ref.id, "account", name, vote);
}
absl::Status Vote(const Rows& rows, const std::string& name, const ContactRef& ref,
                  AccountVote& vote) {
  return AddHome(rows.contacts, ref.id, "contact", name, vote);
}
absl::Status Vote(const Rows& rows, const std::string& name, const LeadRef& ref,
                  AccountVote& vote) {
  return AddHome(rows.leads, ref.id, "lead", name, vote);
}
absl::Status Vote(const Rows& rows, const std::string& name, const OpportunityRef& ref,
                  AccountVote& vote) {
  return AddHome(rows.opportunities, ref.id, "opportunity", name, vote);
}
absl::Status Vote(const Rows& rows, const std::string& name, const OwnerRef& ref, AccountVote&) {
  if (rows.owners.Find(ref.id) != nullptr) return absl::OkStatus();
  return NotFoundField(name, absl::StrCat("no owner ", ref.id.value));
}
absl::Status Vote(const Rows& rows, const std::string& name, const CampaignRef& ref, AccountVote&) {
  if (rows.campaigns.Find(ref.id) != nullptr) return absl::OkStatus();
  return NotFoundField(name, absl::StrCat("no campaign ", ref.id.value));
}

template <class C>
constexpr bool BelongsToNoCompany() {
  return std::is_same_v<C, OwnerDefine> || std::is_same_v<C, CampaignDefine> ||
         std::is_same_v<C, CampaignCost> || std::is_same_v<C, ExchangeRate> ||
         std::is_same_v<C, PolicyChange> || std::is_same_v<C, AccountOpen>;
}

// Where a contact moves to, or what is merged or told apart, is another account by design: it has
// no say in whose command it is.
template <class C>
bool IsDestination(const std::string& name) {
  return (std::is_same_v<C, ContactMove> && name == "account") ||
         (std::is_same_v<C, AccountMerge> && name == "merged") ||
         (std::is_same_v<C, AccountDistinct> && name == "other");
}

// A pair of accounts stands in the stream of the newer one, however it is named.
void PutNewerFirst(AccountRef& account, AccountRef& other) {
  if (account.id < other.id) std::swap(account.id, other.id);
}

template <class C>
absl::StatusOr<AccountId> HomeOf(const C& command, const Rows& rows, AccountId event_stream) {
  AccountVote vote(rows);
  absl::Status status = ForEachRef(command, [&](const std::string& name, const auto& ref) {
    if (!ref) return absl::OkStatus();
    if (IsDestination<C>(name)) {
      AccountVote none(rows);
      return Vote(rows, name, ref, none);
    }
    return Vote(rows, name, ref, vote);
  });
  if (!status.ok()) return status;
  if (BelongsToNoCompany<C>()) return kNoAccount;
  if (const EventRef* event = EventOf(command); event != nullptr && event->id) {
    status = vote.Add("account", event_stream);
    if (!status.ok()) return status;
  }
  if (!vote.found()) {
    const std::string_view name = C::kName;
    return InvalidField("account", absl::StrCat("needed by ", std::string(name)));
  }
  return vote.account();
}

template <class... Kinds>
bool IsAnyOf(const Command& command) {
  return (std::holds_alternative<Kinds>(command) || ...);
}

bool MovesRecord(const Command& command) {
  return IsAnyOf<LeadMove, LeadAssign, LeadNurture, LeadClose, LeadReopen, LeadConvert,
                 OpportunityMove, OpportunityWin, OpportunityLose, OpportunityReopen>(command);
}

bool Opens(const Command& command) { return IsAnyOf<LeadOpen, OpportunityOpen>(command); }

// Whether it happened before something that others were linked by: then rows do not say what was
// true at the time, and others may come from it.
bool IsLate(const Command& command, const Rows& rows, Time at) {
  Time last_opened = kMinTime;
  rows.accounts.ForEach([&](const AccountRow& row) {
    last_opened = std::max(last_opened, row.last_opened_at.value_or(kMinTime));
  });
  if (std::holds_alternative<TouchRecord>(command)) return last_opened >= at;
  if (MovesRecord(command)) return last_opened > at;
  if (!Opens(command)) return false;
  bool late = last_opened > at;
  rows.leads.ForEach([&](const LeadRow& row) { late |= row.stage_since > at; });
  rows.opportunities.ForEach([&](const OpportunityRow& row) { late |= row.stage_since > at; });
  return late;
}

}  // namespace

absl::Status ResolveReferences(const ExternalLookup& lookup, Command& command, Context& context) {
  absl::Status status = Resolve(lookup, "actor", context.actor);
  if (!status.ok()) return status;
  return std::visit(
      [&](auto& c) {
        absl::Status each = ForEachRef(
            c, [&](const std::string& name, auto& ref) { return Resolve(lookup, name, ref); });
        if (!each.ok()) return each;
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (std::is_same_v<C, OwnerDefine>) {
          return ResolveUpsert(lookup, c.external_ids, c.owner);
        } else if constexpr (std::is_same_v<C, CampaignDefine>) {
          return ResolveUpsert(lookup, c.external_ids, c.campaign);
        } else if constexpr (std::is_same_v<C, AccountDistinct>) {
          if (c.account && c.other) PutNewerFirst(c.account, c.other);
          return absl::OkStatus();
        } else {
          return absl::OkStatus();
        }
      },
      command);
}

void NeedsOf(const Command& command, const Context& context, Needs& needs) {
  needs.records.clear();
  needs.claimed.clear();
  needs.email = {};
  needs.event = {};
  const auto add = [&](const std::string&, const auto& ref) {
    using Tag = typename RefTag<std::remove_cvref_t<decltype(ref)>>::type;
    if (ref.id) needs.records.emplace_back(kKindOf<Tag>, ref.id.value);
    return absl::OkStatus();
  };
  add("actor", context.actor).IgnoreError();
  std::visit(
      [&](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        ForEachRef(c, add).IgnoreError();
        if constexpr (OpensEntity<C>) {
          for (const ExternalId& external : c.external_ids) {
            needs.claimed.emplace_back(OpenedKind<C>(), external);
          }
        }
        if constexpr (requires { c.match; }) {
          for (const ExternalId& id : c.match.contact_external_ids) {
            needs.claimed.emplace_back(EntityKind::kContact, id);
          }
          for (const ExternalId& id : c.match.account_external_ids) {
            needs.claimed.emplace_back(EntityKind::kAccount, id);
          }
          needs.email = c.match.email;
        }
        if constexpr (std::is_same_v<C, ContactAdd>) needs.email = c.email;
        if constexpr (std::is_same_v<C, ContactUpdate>) {
          if (c.email) needs.email = *c.email;
        }
        if (const EventRef* event = EventOf(c)) needs.event = event->id;
      },
      command);
}

absl::StatusOr<AccountId> AccountOf(const Command& command, const Rows& rows,
                                    AccountId event_stream) {
  return std::visit([&](const auto& c) { return HomeOf(c, rows, event_stream); }, command);
}

Scope ScopeOf(const Command& command, const Context& context, const Rows& rows, AccountId account) {
  if (IsAnyOf<Amend, Void, TouchRetract, AccountMerge, AccountUnmerge, ContactMerge,
              ContactUnmerge>(command)) {
    return Scope::kHistory;
  }
  if (std::holds_alternative<ContactErase>(command)) return Scope::kPerson;
  if (context.occurred_at && IsLate(command, rows, context.occurred_at->at)) {
    return Scope::kHistory;
  }
  const bool touches = std::holds_alternative<TouchRecord>(command);
  if (!touches && !Opens(command)) return Scope::kAccount;
  const AccountRow* row = rows.accounts.Find(account);
  const bool alone = row != nullptr && !IsMerged(*row);
  // An account without an episode has no lead and no opportunity. A touch needs them to find those
  // that it follows up.
  if (touches || (alone && row->touches == 0)) {
    return alone && row->episodes == 0 ? Scope::kAccount : Scope::kGroup;
  }
  return Scope::kTouches;
}

}  // namespace throughline
