#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_CONTEXT_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_CONTEXT_H_

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ledger/import/salesforce/export_file.h"
#include "ledger/import/salesforce/export_index.h"
#include "ledger/import/salesforce/fact_list.h"
#include "ledger/import/salesforce/ledger_records.h"
#include "model/hash_map.h"
#include "throughline/policy.h"

namespace throughline::salesforce {

// The systems of external ids. Only the first holds ids that Salesforce gave.
inline constexpr char kSystem[] = "salesforce";
inline constexpr char kCompanySystem[] = "salesforce-company";      // CompanyKey of a name
inline constexpr char kPersonSystem[] = "salesforce-person";        // a lead or contact of nobody
inline constexpr char kNamelessSystem[] = "salesforce-nameless";    // a deal without account
inline constexpr char kOwnerNameSystem[] = "salesforce-user-name";  // an owner without id

inline ExternalId ExternalOf(SalesforceId id) { return {kSystem, id.Long()}; }

// An account: by its number if the ledger knew it before this import.
struct Home {
  AccountId known;
  ExternalId external;

  AccountRef ref() const { return known ? AccountRef(known) : AccountRef(external); }
};

// Whose a lead was before it became a person, and so on: what the rows of all files say together,
// and what the ledger knew. Everything that is borrowed must outlive it.
class ExportContext {
 public:
  ExportContext(const ExportIndex* index, LedgerRecords records,
                std::shared_ptr<const Policy> policy)
      : index_(*index), records_(std::move(records)), policy_(std::move(policy)) {}

  const ExportIndex& index() const { return index_; }
  const Policy& policy() const { return *policy_; }
  LedgerRecords& records() { return records_; }

  Home HomeOfAccount(SalesforceId id);
  Home HomeOfCompany(std::string_view company);  // not empty
  Home HomeOfLead(SalesforceId id);
  Home HomeOfContact(SalesforceId id);
  Home HomeOfOpportunity(SalesforceId id);

  // Whether this opportunity's row opens it, and with it converts the lead.
  bool ConvertsByOpening(SalesforceId lead, SalesforceId opportunity);

  // The account under which a company's leads were kept until Salesforce had an account of that
  // name; it is taken over by that.
  std::optional<AccountRow> CompanyToTakeOver(SalesforceId account);

  // Whether they are one account, or merged in the ledger.
  bool IsSame(const Home& a, const Home& b);

  // The same, once the merges that were noted are done as well.
  bool WillBeSame(const Home& a, const Home& b) { return IsSame(RootOf(a), RootOf(b)); }
  // This import merges an account that is no alias yet into one that it would not be the same as.
  void NoteMerge(AccountId merged, const Home& into, const When& when) {
    merged_[merged.value] = {into, when.at};
  }
  // The later of `when` and of the noted merges that make one of two accounts that will be the
  // same.
  When OnceSame(const Home& a, const Home& b, const When& when);

  // Opens the account if no row of the export does and the ledger does not have it.
  void EnsureAccount(const Home& home, std::string_view name, const When& when, FactList& facts);
  // The owner of a row, defined if no User row does; none if the row names nobody.
  OwnerRef OwnerOf(ExportRow& row, FactList& facts);
  OwnerRef OwnerById(SalesforceId id, std::string_view name, FactList& facts);
  // The owner that a record opened with: the first of its history, else that of its row.
  OwnerRef OpeningOwner(SalesforceId record, ExportRow& row, FactList& facts);
  void EnsureCampaign(SalesforceId id, FactList& facts);

  // Puts the value under a name that the policy declares for the kind of record.
  void AddAttribute(EntityKind entity, const char* name, std::string_view value,
                    std::vector<Attribute>& attributes) const;

  // False: this import has said so before.
  bool FirstTime(const std::string& what) { return said_.insert(what).second; }

 private:
  struct MergedHome {
    Home home;
    std::optional<Moment> at;  // none: now
  };

  // What it is an alias of, at the end of all merges.
  Home RootOf(const Home& home) { return MergesOf(home, std::nullopt).back().home; }
  // Itself at `at`, and what it becomes one with by the noted merges, not before `at`.
  std::vector<MergedHome> MergesOf(Home home, std::optional<Moment> at);

  const ExportIndex& index_;
  LedgerRecords records_;
  std::shared_ptr<const Policy> policy_;
  std::unordered_set<std::string> said_;
  HashMap<int64_t, MergedHome> merged_;
};

// A key of the ledger's of a picklist value: "Phone Inquiry" is "phone_inquiry".
std::string KeyOfText(std::string_view text);

// What of `wanted` the record does not have yet. A blank value removes one that is there.
std::vector<Attribute> ChangedAttributes(const std::vector<Attribute>& wanted,
                                         const std::vector<Attribute>& present);

// The date of a change that no history tells: when the record was changed last. Warns of it; if the
// row does not say that either, the row has a fault.
std::optional<Moment> LastChange(ExportRow& row, std::string_view what, FactList& facts);

// When a row that was merged into another became an alias of it.
When MergedWhen(ExportRow& row);

// The owner of a record, by its row, if it is not the one that the ledger has and no history tells
// of it.
OwnerRef NewOwner(SalesforceId record, OwnerId known, ExportRow& row, ExportContext& context,
                  FactList& facts);

// Tells of it. `Assign`: LeadAssign or OpportunityAssign.
template <class Assign>
void TellNewOwner(SalesforceId record, OwnerId known, ExportRow& row, ExportContext& context,
                  FactList& facts) {
  const OwnerRef owner = NewOwner(record, known, row, context, facts);
  if (!owner) return;
  const std::optional<Moment> at = LastChange(row, "OwnerId", facts);
  if (!at) return;
  facts.Add(Assign{ExternalOf(record), owner}, EnteredAt(at),
            std::string(Assign::kName) + "/" + record.Long() + "/" + FormatMoment(*at));
}

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_CONTEXT_H_
