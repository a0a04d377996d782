#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_INDEX_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_INDEX_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ledger/import/salesforce/change_history.h"
#include "ledger/import/salesforce/export_file.h"
#include "ledger/import/salesforce/salesforce_id.h"
#include "ledger/import/salesforce/stage_map.h"
#include "model/hash_map.h"
#include "throughline/time.h"

namespace throughline::salesforce {

// What rows have to know of other rows: read in a first pass over all files, kept in memory, 100 to
// 200 bytes a record or line of history.
class ExportIndex {
 public:
  struct Lead {
    std::string company;  // as CompanyKey
    bool converted = false;
    SalesforceId account, contact, opportunity;  // converted into
    std::optional<Moment> converted_at;
  };
  struct Opportunity {
    SalesforceId account;
    std::string company;
    std::optional<Moment> created;
    std::optional<Date> close_date;
    std::vector<SalesforceId> leads;  // that say they became it
  };
  struct Contact {
    SalesforceId account;
    std::string company;
    std::vector<SalesforceId> leads;  // that say they became this person
  };

  explicit ExportIndex(StageMap stages) : stages_(std::move(stages)) {}

  // Reads a file. Faults of single rows are left to the second pass; FAILED_PRECONDITION and
  // INVALID_ARGUMENT are of the export as a whole and name file, line and column.
  absl::Status Read(const ExportFile& file, const ExportValues& values);
  absl::Status Finish();  // after all files

  // The record that the id stands for by now: merged ones stand for what they were merged into.
  SalesforceId Master(SalesforceId id) const;
  // Deleted, and not because it was merged.
  bool IsDeleted(SalesforceId id) const { return deleted_.contains(id); }
  // The ids that were merged into the record.
  std::vector<SalesforceId> MergedInto(SalesforceId master) const;

  bool HasAccount(SalesforceId id) const { return account_companies_.contains(id); }
  std::string_view CompanyOf(SalesforceId account) const;
  // The one account of that name; none if there are several.
  SalesforceId AccountNamed(std::string_view company) const;

  const Lead* FindLead(SalesforceId id) const;
  const Opportunity* FindOpportunity(SalesforceId id) const;
  const Contact* FindContact(SalesforceId id) const;
  bool HasContactRow(SalesforceId id) const { return contact_rows_.contains(id); }
  bool HasUser(SalesforceId id) const { return users_.contains(id); }
  SalesforceId UserNamed(std::string_view name) const;
  // The type of a campaign of the export; null if it is not there.
  const std::string* CampaignType(SalesforceId id) const;

  const ChangeHistory& history() const { return history_; }
  const std::string& Text(uint32_t number) const { return texts_.Text(number); }
  const Stage* StageOf(bool of_lead, std::string_view name) const {
    return stages_.Find(of_lead, name);
  }
  Time newest() const { return newest_; }  // the last change that the export knows of
  // About how much memory it takes.
  size_t memory_bytes() const;

 private:
  absl::Status ReadRow(ExportRow& row);
  void DeleteWhatAccountsHad();
  void NoteAccount(ExportRow& row);
  void NoteContact(ExportRow& row);
  void NoteLead(ExportRow& row);
  void NoteOpportunity(ExportRow& row);
  void NoteUser(ExportRow& row);
  void NoteState(ExportRow& row);
  void NoteField(ExportRow& row, bool of_lead);
  void NoteNewest(ExportRow& row);

  StageMap stages_;
  TextTable texts_;
  ChangeHistory history_;
  Time newest_;
  HashMap<SalesforceId, bool> deleted_;
  HashMap<SalesforceId, SalesforceId> masters_;
  HashMap<SalesforceId, std::vector<SalesforceId>> losers_;
  HashMap<SalesforceId, std::string> account_companies_;
  HashMap<std::string, std::vector<SalesforceId>> accounts_by_company_;
  HashMap<SalesforceId, Lead> leads_;
  HashMap<SalesforceId, Opportunity> opportunities_;
  HashMap<SalesforceId, Contact> contacts_;
  HashMap<SalesforceId, bool> contact_rows_;
  HashMap<SalesforceId, bool> users_;
  HashMap<std::string, SalesforceId> users_by_name_;
  HashMap<SalesforceId, std::string> campaigns_;
};

// What two spellings of one company name have in common: lower case, single spaces.
std::string CompanyKey(std::string_view name);

// Name, else FirstName and LastName.
std::string PersonName(const ExportRow& row);

// Which history fields mean what, whatever their spelling: "StageName", "Stage".
enum class HistoryField : uint8_t { kOther, kStage, kOwner, kAmount, kCloseDate };
HistoryField FieldOf(std::string_view name);

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_INDEX_H_
