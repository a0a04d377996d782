#ifndef THROUGHLINE_TESTS_LEDGER_SALESFORCE_FIXTURE_H_
#define THROUGHLINE_TESTS_LEDGER_SALESFORCE_FIXTURE_H_

#include <string>
#include <vector>

#include "ledger/import/salesforce/salesforce_id.h"
#include "ledger/import_fixture.h"
#include "throughline/salesforce.h"

namespace throughline {

// Long ids of 15 characters, by what they are.
inline std::string LongId(const std::string& short_id) {
  auto id = SalesforceId::Parse(short_id);
  EXPECT_TRUE(id.ok()) << id.status();
  return id.ok() ? id->Long() : "";
}
inline constexpr char kAccountOne[] = "0015f00000AAAA1";
inline constexpr char kLeadOne[] = "00Q5f00000LLLL1";
inline constexpr char kDealOne[] = "0065f00000DDDD1";
inline constexpr char kContactOne[] = "0035f00000CCCC1";

// A folder for an export, and short ways to import it.
class SalesforceTest : public ImportTest {
 protected:
  absl::StatusOr<ImportReport> TryExport() {
    return ImportSalesforce(*ledger_, folder_.string(), salesforce_, options_);
  }
  ImportReport Export() {
    absl::StatusOr<ImportReport> report = TryExport();
    EXPECT_TRUE(report.ok()) << report.status();
    if (!report.ok()) return {};
    if (report->rejected > 0) ADD_FAILURE() << Rejects();
    return *std::move(report);
  }
  ImportReport ExportWithFaults() {
    absl::StatusOr<ImportReport> report = TryExport();
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : ImportReport();
  }

  LeadRow LeadOf(const std::string& id) {
    auto row = ledger_->GetLead(LeadRef("salesforce", LongId(id)));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : LeadRow();
  }
  OpportunityRow DealOf(const std::string& id) {
    auto row = ledger_->GetOpportunity(OpportunityRef("salesforce", LongId(id)));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : OpportunityRow();
  }
  AccountRow AccountOf(const std::string& id) {
    auto row = ledger_->GetAccount(AccountRef("salesforce", LongId(id)));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : AccountRow();
  }
  std::vector<std::string> EventsOfAccount(AccountId account) {
    std::vector<std::string> names;
    auto commits = ledger_->ReadCommits(0, kMaxPageSize);
    if (!commits.ok()) return names;
    for (const Commit& commit : *commits) {
      if (commit.head.account != account) continue;
      for (const Event& event : commit.events) names.emplace_back(EventName(event.payload));
    }
    return names;
  }

  // An account, a contact, a lead that was converted into a deal which was won.
  void WriteStory() {
    Write("Account.csv",
          "Id,Name,Website,Industry,IsDeleted,MasterRecordId,CreatedDate\n"
          "0015f00000AAAA1,Acme,https://www.acme.example/,Chemicals,false,,"
          "2024-01-02T08:00:00.000Z\n");
    Write("Contact.csv",
          "Id,AccountId,FirstName,LastName,Email,CreatedDate\n"
          "0035f00000CCCC1,0015f00000AAAA1,Zoe,Miller,zoe@acme.example,"
          "2024-02-01T10:00:00.000+0000\n");
    Write("User.csv",
          "Id,Name,IsActive,Department\n"
          "0055f00000UUUU1,Ada Byron,true,Sales\n");
    Write("Lead.csv",
          "Id,Company,FirstName,LastName,Status,LeadSource,OwnerId,IsConverted,ConvertedDate,"
          "ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,CreatedDate\n"
          "00Q5f00000LLLL1,Acme,Zoe,Miller,Closed - Converted,Web,0055f00000UUUU1,true,2024-02-01,"
          "0015f00000AAAA1,0035f00000CCCC1,0065f00000DDDD1,2024-01-10T09:00:00.000Z\n");
    Write("LeadHistory.csv",
          "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n"
          "0175f00000HHHH1,00Q5f00000LLLL1,Status,Open - Not Contacted,Working - Contacted,"
          "2024-01-15T09:00:00.000Z\n"
          "0175f00000HHHH2,00Q5f00000LLLL1,Status,Working - Contacted,Closed - Converted,"
          "2024-02-01T10:00:00.000Z\n");
    Write("Opportunity.csv",
          "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate,IsWon,IsClosed,Type,"
          "OwnerId,CreatedDate\n"
          "0065f00000DDDD1,0015f00000AAAA1,200 seats,Closed Won,45000.00,EUR,2024-03-28,true,true,"
          "New Customer,0055f00000UUUU1,2024-02-01T10:00:00.000Z\n");
    Write("OpportunityHistory.csv",
          "Id,OpportunityId,StageName,Amount,CurrencyIsoCode,CloseDate,CreatedDate\n"
          "0085f00000SSSS1,0065f00000DDDD1,Prospecting,40000,EUR,2024-06-30,"
          "2024-02-01T10:00:00.000Z\n"
          "0085f00000SSSS3,0065f00000DDDD1,Closed Won,45000,EUR,2024-03-28,"
          "2024-04-15T10:00:00.000Z\n"
          "0085f00000SSSS2,0065f00000DDDD1,Proposal/Price Quote,45000,EUR,2024-06-30,"
          "2024-03-01T10:00:00.000Z\n");
  }

  SalesforceOptions salesforce_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_LEDGER_SALESFORCE_FIXTURE_H_
