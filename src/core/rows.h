#ifndef THROUGHLINE_CORE_ROWS_H_
#define THROUGHLINE_CORE_ROWS_H_

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "throughline/row.h"

// The rows that a rule works on: those of one account and of the accounts merged with it, as far as
// they were read, and what the rule changed in them.

namespace throughline {

// Rows of one table by primary key, each with what became of it since it was loaded. Pointers stay
// valid until the row is erased.
template <class Row>
class RowSet {
 public:
  using Key = decltype(KeyOf(std::declval<const Row&>()));

  const Row* Find(const Key& key) const {
    const auto it = rows_.find(key);
    return it == rows_.end() || it->second.erased ? nullptr : &it->second.row;
  }

  // Whether it is known to be gone, whatever the store may still have.
  bool Erased(const Key& key) const {
    const auto it = rows_.find(key);
    return it != rows_.end() && it->second.erased;
  }

  // For changing: the row counts as changed.
  Row* Change(const Key& key) {
    const auto it = rows_.find(key);
    if (it == rows_.end() || it->second.erased) return nullptr;
    it->second.changed = true;
    return &it->second.row;
  }

  Row& Put(Row row) { return Set(std::move(row), /*changed=*/true); }

  // A row as it was read. What was changed or erased here since is newer, and stays.
  void Load(Row row) {
    const auto it = rows_.find(KeyOf(row));
    if (it == rows_.end() || !it->second.changed) Set(std::move(row), /*changed=*/false);
  }

  // Also of a row that was not loaded: it may be in the store.
  void Erase(const Row& row) {
    Entry& entry = rows_[KeyOf(row)];
    entry = Entry{row, true, true};
  }

  template <class Visit>  // visit(const Row&), in the order of keys
  void ForEach(Visit&& visit) const {
    for (const auto& [key, entry] : rows_) {
      if (!entry.erased) visit(entry.row);
    }
  }

  template <class Visit>  // as above from a key on, until the visitor gives false
  void ForEachFrom(const Key& key, Visit&& visit) const {
    for (auto it = rows_.lower_bound(key); it != rows_.end(); ++it) {
      if (!it->second.erased && !visit(it->second.row)) return;
    }
  }

  template <class Visit>  // visit(const Row&, bool erased), for the changed ones
  void ForEachChange(Visit&& visit) const {
    for (const auto& [key, entry] : rows_) {
      if (entry.changed) visit(entry.row, entry.erased);
    }
  }

  bool empty() const { return rows_.empty(); }

  // Takes over the rows of a set that has none of these.
  void Join(RowSet&& other) { rows_.merge(std::move(other.rows_)); }

  // Forgets the rows that are gone, as if they had never been.
  void DropErased() {
    std::erase_if(rows_, [](const auto& item) { return item.second.erased; });
  }

  void ForgetChanges() {
    for (auto it = rows_.begin(); it != rows_.end();) {
      it->second.changed = false;
      it = it->second.erased ? rows_.erase(it) : std::next(it);
    }
  }

 private:
  struct Entry {
    Row row;
    bool changed = false;
    bool erased = false;
  };

  Row& Set(Row row, bool changed) {
    Key key = KeyOf(row);
    Entry& entry = rows_[std::move(key)];
    entry.row = std::move(row);
    entry.changed = changed;
    entry.erased = false;
    return entry.row;
  }

  std::map<Key, Entry> rows_;
};

// What sourcing needs to know of a touch.
struct TouchFact {
  EventId id;
  Moment at;
  std::string channel;
  CampaignId campaign;
  bool response = false;
};

// Who is an alias of whom, by the merges of a history.
template <class Id>
class Aliases {
 public:
  // A merge that would close a circle is passed over: claimed times can make one known before the
  // undoing of another.
  void Merge(Id alias, Id into) {
    if (!Passes(into, alias)) into_[alias] = into;
  }
  void Part(Id alias) { into_.erase(alias); }

  // The one that it is an alias of in the end; itself if it is none.
  Id RootOf(Id id) const {
    for (auto at = into_.find(id); at != into_.end(); at = into_.find(id)) id = at->second;
    return id;
  }

 private:
  // Whether `id` is `other`, or an alias of it, be it an alias itself.
  bool Passes(Id id, Id other) const {
    for (auto at = into_.find(id); id != other && at != into_.end(); at = into_.find(id)) {
      id = at->second;
    }
    return id == other;
  }

  std::map<Id, Id> into_;
};

struct Rows {
  RowSet<AccountRow> accounts;
  RowSet<AccountDomainRow> account_domains;
  RowSet<AccountMergeRow> account_merges;
  RowSet<ExternalIdRow> external_ids;
  RowSet<ContactRow> contacts;
  RowSet<LeadRow> leads;
  RowSet<OpportunityRow> opportunities;
  RowSet<OpportunityLeadRow> opportunity_leads;
  RowSet<OpportunityRoleRow> opportunity_roles;
  RowSet<OwnerRow> owners;
  RowSet<CampaignRow> campaigns;
  RowSet<CampaignCostRow> campaign_costs;
  RowSet<ExchangeRateRow> exchange_rates;
  RowSet<PolicyRow> policies;
  RowSet<ReviewRow> reviews;

  // The vault: written beside the journal, not derived from it.
  RowSet<ContactProfileRow> contact_profiles;
  RowSet<ContactExternalIdRow> contact_external_ids;
  RowSet<NoteRow> notes;
  RowSet<ErasedIdentityRow> erased_identities;

  // The group's touches that count, as far as `touches_known` says they were read.
  std::vector<TouchFact> touches;
  bool touches_known = false;

  // Of a fold: who is an alias of whom in the end, for all of the history. Else `contacts` says it.
  std::optional<Aliases<ContactId>> persons;

  // visit(RowSet&) for each table that Evolve and Fold derive.
  template <class Self, class Visit>
  static void ForEachDerived(Self& self, Visit&& visit) {
    ForEachDerivedPair(self, self, [&](auto& set, auto&) { visit(set); });
  }

  // visit(RowSet&, RowSet&) for each such table of two.
  template <class A, class B, class Visit>
  static void ForEachDerivedPair(A& a, B& b, Visit&& visit) {
    visit(a.accounts, b.accounts);
    visit(a.account_domains, b.account_domains);
    visit(a.account_merges, b.account_merges);
    visit(a.external_ids, b.external_ids);
    visit(a.contacts, b.contacts);
    visit(a.leads, b.leads);
    visit(a.opportunities, b.opportunities);
    visit(a.opportunity_leads, b.opportunity_leads);
    visit(a.opportunity_roles, b.opportunity_roles);
    visit(a.owners, b.owners);
    visit(a.campaigns, b.campaigns);
    visit(a.campaign_costs, b.campaign_costs);
    visit(a.exchange_rates, b.exchange_rates);
    visit(a.policies, b.policies);
    visit(a.reviews, b.reviews);
  }

  template <class Self, class Visit>
  static void ForEachVault(Self& self, Visit&& visit) {
    visit(self.contact_profiles);
    visit(self.contact_external_ids);
    visit(self.notes);
    visit(self.erased_identities);
  }
};

// Whether a record stands in a stage that is not over.
template <class Record>
bool IsOpen(const Record& record) {
  return record.kind == StageKind::kOpen || record.kind == StageKind::kParked;
}

// Whether an account, or a contact, is part of a merge.
template <class Row>
bool IsMerged(const Row& row) {
  return row.merged_into || row.aliases > 0;
}

// The one that an account, or a contact, is an alias of in the end, as far as the rows are there;
// itself if it is none.
template <class Row>
auto RootOf(const RowSet<Row>& rows, typename RowSet<Row>::Key id) {
  for (const Row* row = rows.Find(id); row != nullptr && row->merged_into; row = rows.Find(id)) {
    id = row->merged_into;
  }
  return id;
}

}  // namespace throughline

#endif  // THROUGHLINE_CORE_ROWS_H_
