#ifndef THROUGHLINE_LEDGER_IMPORT_ACCOUNT_GROUPS_H_
#define THROUGHLINE_LEDGER_IMPORT_ACCOUNT_GROUPS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bulk_writer.h"
#include "ledger/import/fact_refs.h"
#include "ledger/import/record_map.h"
#include "model/hash_map.h"
#include "throughline/command.h"
#include "throughline/ledger.h"
#include "throughline/policy.h"

namespace throughline {

// A number for each account that facts are about, to sort them by. Numbers are given as accounts
// are met, so that they are written in the order of the input, which is kind to the store's
// indexes.
using Group = uint64_t;
inline constexpr Group kNobodysGroup = 0;             // what belongs to no company comes first
inline constexpr Group kStrayGroup = UINT64_MAX - 1;  // facts that name nobody known come last

// Finds out to which account facts belong, from the facts seen so far and from the ledger.
//
// Bounded: what the map has no more room for is told to `overflow`, and the accounts met since then
// are numbered by their hash. Not thread-safe; holds a read transaction of the ledger.
class AccountGroups {
 public:
  using Overflow = std::function<absl::Status(RecordKey record, Group group)>;

  static absl::StatusOr<std::unique_ptr<AccountGroups>> Begin(Ledger& ledger, size_t map_bytes,
                                                              Overflow overflow);

  struct Found {
    Group group = kStrayGroup;
    RecordKey missing =
        0;  // the record whose account is not known (yet); then `group` means nothing
  };
  absl::StatusOr<Found> Find(const Command& command);

  // Notes which records the fact, which is one of `group`, adds to it.
  absl::Status Learn(const Command& command, Group group);

  // Several accounts may have to be written as one: a contact moves between them, or two ids turn
  // out to be of one account. The group under which all their facts are to be sorted; of most
  // accounts itself. Final once all facts are learned.
  Group LeaderOf(Group group) const;
  bool IsLinked(Group group) const;

  // All facts are learned: from now on only the two above may be asked. Lets go of the rest.
  void Release();

 private:
  AccountGroups(Ledger& ledger, size_t map_bytes, Overflow overflow);

  absl::StatusOr<Group> GroupOfAccount(const HomeRef& ref);
  absl::StatusOr<Group> GroupOfAccountId(int64_t account);
  absl::StatusOr<Found> FindRecord(const HomeRef& ref);
  absl::StatusOr<Found> FindEvent(EventId event);
  absl::StatusOr<Found> FindIdentity(const Identity& identity);
  void LearnDomains(const std::vector<std::string>& domains, Group group);
  absl::Status LinkTo(const AccountRef& account, Group group);
  absl::StatusOr<int64_t> AccountInLedger(const HomeRef& ref);
  Group NewGroup(RecordKey key);
  absl::Status Note(RecordKey key, Group group);
  absl::Status LearnAccountId(const ExternalId& external, Group group);
  void Link(Group a, Group b);
  Group RootOf(Group group) const;

  Ledger& ledger_;
  std::unique_ptr<HomeFinder> homes_;  // null: the ledger has no accounts
  std::shared_ptr<const Policy> policy_;
  Overflow overflow_;
  RecordMap map_;
  uint32_t next_ = 1;

  size_t links_max_;
  bool all_linked_ = false;
  HashMap<Group, Group> parents_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_ACCOUNT_GROUPS_H_
