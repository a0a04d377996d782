#include "ledger/import/account_groups.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "core/match.h"
#include "model/domain.h"
#include "model/text.h"

namespace throughline {
namespace {

// In the map: the ledger was asked and does not know the record.
constexpr uint32_t kNotInLedger = UINT32_MAX;

bool IsGroup(uint32_t number) { return number != 0 && number != kNotInLedger; }

// The group of an account that the map has no room for: after all numbered ones.
Group HashedGroup(RecordKey key) { return Group{1} << 63 | key >> 2; }

// The group of somebody whom no earlier fact has named: behind all accounts that are named, those
// who are known by most first, so that who is known by little may be found among them.
Group IdentityGroup(std::span<const MatchLookup> lookups) {
  using By = MatchLookup::By;
  constexpr By kRanks[] = {By::kDomain, By::kAccountId, By::kEmail, By::kContactId, By::kName};
  for (size_t rank = 0; rank < std::size(kRanks); ++rank) {
    for (const MatchLookup& lookup : lookups) {
      if (lookup.by != kRanks[rank]) continue;
      return Group{3} << 62 | Group{rank} << 59 | KeyOfLookup(lookup) >> 6;
    }
  }
  return kStrayGroup;
}

bool FitsMap(Group group) { return group < kNotInLedger; }

constexpr Group kEverybodysGroup = 1;  // if all are linked
constexpr size_t kBytesPerLink = 128;  // of the map's budget

}  // namespace

absl::StatusOr<std::unique_ptr<AccountGroups>> AccountGroups::Begin(Ledger& ledger,
                                                                    size_t map_bytes,
                                                                    Overflow overflow) {
  auto groups =
      std::unique_ptr<AccountGroups>(new AccountGroups(ledger, map_bytes, std::move(overflow)));
  absl::StatusOr<PolicyInForce> now = ledger.CurrentPolicy();
  if (!now.ok()) return now.status();
  groups->policy_ = std::move(now->policy);
  // A new ledger's only commit is its policy: there is nothing to look for.
  absl::StatusOr<std::vector<Commit>> commits = ledger.ReadCommits(0, 2);
  if (!commits.ok()) return commits.status();
  if (commits->size() > 1) {
    absl::StatusOr<std::unique_ptr<HomeFinder>> homes = HomeFinder::Begin(ledger);
    if (!homes.ok()) return homes.status();
    groups->homes_ = *std::move(homes);
  }
  return groups;
}

AccountGroups::AccountGroups(Ledger& ledger, size_t map_bytes, Overflow overflow)
    : ledger_(ledger),
      overflow_(std::move(overflow)),
      map_(map_bytes),
      links_max_(std::max(map_bytes / kBytesPerLink, size_t{1024})) {}

void AccountGroups::Release() {
  homes_.reset();
  map_ = RecordMap(0);
}

absl::StatusOr<AccountGroups::Found> AccountGroups::Find(const Command& command) {
  const HomeRef home = HomeOf(command);
  switch (home.kind) {
    case HomeRef::Kind::kNobody:
      return Found{kNobodysGroup, 0};
    case HomeRef::Kind::kUnnamed:
      if (const Identity* identity = IdentityOf(command)) return FindIdentity(*identity);
      return Found{kStrayGroup, 0};
    case HomeRef::Kind::kEvent:
      return FindEvent(home.event);
    case HomeRef::Kind::kRecord:
      break;
  }
  if (home.entity != EntityKind::kAccount) return FindRecord(home);
  absl::StatusOr<Group> group = GroupOfAccount(home);
  if (!group.ok()) return group.status();
  return Found{*group, 0};
}

absl::StatusOr<int64_t> AccountGroups::AccountInLedger(const HomeRef& ref) {
  if (homes_ == nullptr) return 0;
  absl::StatusOr<AccountId> account = ref.external == nullptr
                                          ? homes_->Find(ref.entity, ref.id)
                                          : homes_->Find(ref.entity, *ref.external);
  if (!account.ok()) return account.status();
  return account->value;
}

Group AccountGroups::NewGroup(RecordKey key) {
  return map_.Set(key, next_) ? next_++ : HashedGroup(key);
}

absl::StatusOr<Group> AccountGroups::GroupOfAccountId(int64_t account) {
  const RecordKey key = KeyOfRecord(EntityKind::kAccount, account);
  const uint32_t number = map_.Find(key);
  return IsGroup(number) ? number : NewGroup(key);
}

// An account that is neither here nor in the ledger gets a group as well: it may be opened later.
absl::StatusOr<Group> AccountGroups::GroupOfAccount(const HomeRef& ref) {
  const RecordKey key = ref.key();
  const uint32_t number = map_.Find(key);
  if (IsGroup(number)) return number;
  absl::StatusOr<int64_t> account = AccountInLedger(ref);
  if (!account.ok()) return account.status();
  if (*account == 0) return NewGroup(key);
  absl::StatusOr<Group> group = GroupOfAccountId(*account);
  if (group.ok() && FitsMap(*group)) map_.Set(key, static_cast<uint32_t>(*group));
  return group;
}

absl::StatusOr<AccountGroups::Found> AccountGroups::FindRecord(const HomeRef& ref) {
  const RecordKey key = ref.key();
  const uint32_t number = map_.Find(key);
  if (IsGroup(number)) return Found{number, 0};
  if (number == kNotInLedger) return Found{kStrayGroup, key};
  absl::StatusOr<int64_t> account = AccountInLedger(ref);
  if (!account.ok()) return account.status();
  if (*account == 0) {
    if (homes_ != nullptr) map_.Set(key, kNotInLedger);
    return Found{kStrayGroup, key};
  }
  absl::StatusOr<Group> group = GroupOfAccountId(*account);
  if (!group.ok()) return group.status();
  if (FitsMap(*group)) map_.Set(key, static_cast<uint32_t>(*group));
  return Found{*group, 0};
}

absl::StatusOr<AccountGroups::Found> AccountGroups::FindEvent(EventId event) {
  absl::StatusOr<std::vector<Commit>> commits = ledger_.ReadCommits(event.seq() - 1, 1);
  if (!commits.ok()) return commits.status();
  if (commits->empty() || commits->front().head.seq != event.seq()) return Found{kStrayGroup, 0};
  const AccountId account = commits->front().head.account;
  if (account == kNoAccount) return Found{kNobodysGroup, 0};
  absl::StatusOr<Group> group = GroupOfAccountId(account.value);
  if (!group.ok()) return group.status();
  return Found{*group, 0};
}

// Where facts of one company stand apart they are still decided rightly, only slower.
absl::StatusOr<AccountGroups::Found> AccountGroups::FindIdentity(const Identity& identity) {
  absl::StatusOr<MatchPlan> plan = MatchPlan::Of(identity, *policy_);
  if (!plan.ok()) return Found{kStrayGroup, 0};  // the ledger will say why
  const std::vector<MatchLookup> lookups = plan->AllLookups();
  for (const MatchLookup& lookup : lookups) {
    const uint32_t number = map_.Find(KeyOfLookup(lookup));
    if (IsGroup(number)) return Found{number, 0};
  }
  if (homes_ != nullptr) {
    absl::StatusOr<MatchEvidence> evidence = ledger_.MatchIdentity(identity);
    if (!evidence.ok()) return evidence.status();
    if (evidence->account) {
      absl::StatusOr<Group> group = GroupOfAccountId(evidence->account.value);
      if (!group.ok()) return group.status();
      return Found{*group, 0};
    }
  }
  return Found{IdentityGroup(lookups), 0};
}

void AccountGroups::LearnDomains(const std::vector<std::string>& domains, Group group) {
  if (!FitsMap(group)) return;
  for (const std::string& domain : domains) {
    const std::string registered =
        RegisteredDomain(NormalDomain(domain), policy_->matching().two_label_suffixes);
    const RecordKey key = KeyOfDomain(registered);
    if (!registered.empty() && !IsGroup(map_.Find(key)))
      map_.Set(key, static_cast<uint32_t>(group));
  }
}

namespace {

// A second account that a fact concerns: its facts and those of the first are sorted as one.
const AccountRef* OtherAccountOf(const Command& command) {
  if (const auto* move = std::get_if<ContactMove>(&command)) return &move->account;
  if (const auto* merge = std::get_if<AccountMerge>(&command)) return &merge->merged;
  if (const auto* pair = std::get_if<AccountDistinct>(&command)) return &pair->other;
  return nullptr;
}

}  // namespace

absl::Status AccountGroups::Learn(const Command& command, Group group) {
  if (group == kNobodysGroup || group == kStrayGroup) return absl::OkStatus();
  absl::Status status;
  ForEachDefinedId(command, [&](EntityKind kind, const ExternalId& external) {
    if (!status.ok()) return;
    if (kind != EntityKind::kAccount) {
      status = Note(KeyOfRecord(kind, external), group);
    } else {
      status = LearnAccountId(external, group);
    }
  });
  if (!status.ok()) return status;
  if (const auto* open = std::get_if<AccountOpen>(&command)) LearnDomains(open->domains, group);
  const AccountRef* ref = OtherAccountOf(command);
  if (ref == nullptr || !*ref) return absl::OkStatus();
  HomeRef destination{HomeRef::Kind::kRecord, EntityKind::kAccount, ref->id.value, nullptr, {}};
  if (!ref->id) destination.external = &ref->external;
  absl::StatusOr<Group> other = GroupOfAccount(destination);
  if (!other.ok()) return other.status();
  Link(group, *other);
  return absl::OkStatus();
}

// The first account that a record is said to be of keeps it: the ledger will refuse another.
absl::Status AccountGroups::Note(RecordKey key, Group group) {
  if (IsGroup(map_.Find(key))) return absl::OkStatus();
  if (FitsMap(group) && map_.Set(key, static_cast<uint32_t>(group))) return absl::OkStatus();
  return overflow_(key, group);
}

// Another id of the account. Facts that named it before have been given a group of its own.
absl::Status AccountGroups::LearnAccountId(const ExternalId& external, Group group) {
  const HomeRef ref{HomeRef::Kind::kRecord, EntityKind::kAccount, 0, &external, {}};
  const RecordKey key = ref.key();
  const uint32_t number = map_.Find(key);
  if (number == group) return absl::OkStatus();
  if (!IsGroup(number) && FitsMap(group)) {
    absl::StatusOr<int64_t> account = AccountInLedger(ref);
    if (!account.ok()) return account.status();
    if (*account == 0 && map_.Set(key, static_cast<uint32_t>(group))) return absl::OkStatus();
  }
  absl::StatusOr<Group> other = GroupOfAccount(ref);
  if (!other.ok()) return other.status();
  Link(group, *other);
  return absl::OkStatus();
}

Group AccountGroups::RootOf(Group group) const {
  auto found = parents_.find(group);
  while (found != parents_.end() && found->second != group) {
    group = found->second;
    found = parents_.find(group);
  }
  return group;
}

void AccountGroups::Link(Group a, Group b) {
  if (a == b || all_linked_) return;
  const Group root_a = RootOf(a), root_b = RootOf(b);
  const Group root = std::min(root_a, root_b);
  for (const Group group : {a, b, root_a, root_b}) parents_[group] = root;
  if (parents_.size() <= links_max_) return;
  // Too many to remember which: one order for all of them is right, too.
  all_linked_ = true;
  parents_ = {};
}

Group AccountGroups::LeaderOf(Group group) const {
  return all_linked_ && IsLinked(group) ? kEverybodysGroup : RootOf(group);
}

bool AccountGroups::IsLinked(Group group) const {
  if (group == kNobodysGroup || group == kStrayGroup) return false;
  return all_linked_ || parents_.contains(group);
}

}  // namespace throughline
