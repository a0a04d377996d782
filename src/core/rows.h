#ifndef THROUGHLINE_CORE_ROWS_H_
#define THROUGHLINE_CORE_ROWS_H_

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "throughline/row.h"

// The rows that a rule works on: those of one account's stream, as far as they were read, and what
// the rule changed in them.

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

  template <class Visit>  // visit(const Row&, bool erased), for the changed ones
  void ForEachChange(Visit&& visit) const {
    for (const auto& [key, entry] : rows_) {
      if (entry.changed) visit(entry.row, entry.erased);
    }
  }

  bool empty() const { return rows_.empty(); }

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

struct Rows {
  RowSet<AccountRow> accounts;
  RowSet<AccountDomainRow> account_domains;
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

  // The vault: written beside the journal, not derived from it.
  RowSet<ContactProfileRow> contact_profiles;
  RowSet<ContactExternalIdRow> contact_external_ids;
  RowSet<NoteRow> notes;
  RowSet<ErasedIdentityRow> erased_identities;

  // The account's touches that count, as far as `touches_known` says they were read.
  std::vector<TouchFact> touches;
  bool touches_known = false;

  // visit(RowSet&) for each table that Evolve and Fold derive.
  template <class Self, class Visit>
  static void ForEachDerived(Self& self, Visit&& visit) {
    visit(self.accounts);
    visit(self.account_domains);
    visit(self.external_ids);
    visit(self.contacts);
    visit(self.leads);
    visit(self.opportunities);
    visit(self.opportunity_leads);
    visit(self.opportunity_roles);
    visit(self.owners);
    visit(self.campaigns);
    visit(self.campaign_costs);
    visit(self.exchange_rates);
    visit(self.policies);
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

}  // namespace throughline

#endif  // THROUGHLINE_CORE_ROWS_H_
