#include <string>

#include "ledger/salesforce_fixture.h"

// Histories of fields, owners, and how files and accounts are found.

namespace throughline {
namespace {

using testing::HasSubstr;

constexpr char kFieldHeader[] = "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n";

TEST_F(SalesforceTest, FieldHistoryTellsStagesAmountsAndOwners) {
  salesforce_.currency = "EUR";
  Write("Opportunity.csv",
        "Id,AccountId,Name,StageName,Amount,CloseDate,OwnerId,CreatedDate\n"
        "0065f00000DDDD1,0015f00000AAAA1,Seats,Proposal/Price Quote,200,2024-09-30,"
        "0055f00000UUUU2,2024-02-01T10:00:00.000Z\n");
  Write("OpportunityFieldHistory.csv",
        std::string(kFieldHeader) +
            "0175f00000HHHH1,0065f00000DDDD1,created,,,2024-02-01T10:00:00.000Z\n"
            "0175f00000HHHH2,0065f00000DDDD1,StageName,Prospecting,Proposal/Price Quote,"
            "2024-03-01T10:00:00.000Z\n"
            "0175f00000HHHH3,0065f00000DDDD1,Amount,100,200,2024-03-02T10:00:00.000Z\n"
            "0175f00000HHHH4,0065f00000DDDD1,Owner,Ada Byron,Max Young,2024-03-03T10:00:00.000Z\n"
            "0175f00000HHHH5,0065f00000DDDD1,Owner,0055f00000UUUU1,0055f00000UUUU2,"
            "2024-03-03T10:00:00.000Z\n");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.count("no_stage_date"), 0u);
  const OpportunityRow deal = DealOf(kDealOne);
  EXPECT_EQ(deal.stage_since, ParseTime("2024-03-01T10:00:00Z").value());
  EXPECT_EQ(deal.amount, (Money{20'000, *ParseCurrency("EUR")}));
  EXPECT_EQ(ledger_->GetOwner(OwnerRef("salesforce", LongId("0055f00000UUUU2")))->owner,
            deal.owner);
  auto then = ledger_->StateOf(AccountRef("salesforce", LongId(kAccountOne)),
                               {.through = ParseTime("2024-02-15T00:00:00Z").value()});
  ASSERT_TRUE(then.ok()) << then.status();
  ASSERT_EQ(then->opportunities.size(), 1u);
  EXPECT_EQ(then->opportunities[0].amount, (Money{10'000, *ParseCurrency("EUR")}));
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, OpportunityHistoryCountsBeforeFieldHistory) {
  WriteStory();
  Write("OpportunityFieldHistory.csv",
        std::string(kFieldHeader) +
            "0175f00000HHHH2,0065f00000DDDD1,StageName,Prospecting,Proposal/Price Quote,"
            "2024-03-01T10:00:00.000Z\n");
  Export();
  const auto events = EventsOfAccount(AccountOf(kAccountOne).account);
  EXPECT_EQ(std::count(events.begin(), events.end(), "opportunity_moved"), 2);
}

// A queue holds it until Ada takes it: that is the hand-off.
TEST_F(SalesforceTest, TakingALeadFromAQueueIsTheHandOff) {
  Write("Lead.csv",
        "Id,Company,LastName,Status,OwnerId,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt,Young,Open - Not Contacted,0055f00000UUUU1,"
        "2024-01-10T09:00:00.000Z\n");
  Write("LeadHistory.csv",
        "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n"
        "0175f00000HHHH1,00Q5f00000LLLL1,Owner,00G5f00000QQQQ1,0055f00000UUUU1,"
        "2024-01-12T09:00:00.000Z\n");
  Export();
  EXPECT_EQ(LeadOf(kLeadOne).handed_off_at, ParseTime("2024-01-12T09:00:00Z").value());
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, TwoAccountsOfOneNameAreNotTheLeadsCompany) {
  Write("Account.csv",
        "Id,Name,CreatedDate\n"
        "0015f00000AAAA1,Acme,2024-01-02T08:00:00.000Z\n"
        "0015f00000AAAA2,ACME,2024-01-02T08:00:00.000Z\n");
  Write("Lead.csv",
        "Id,Company,LastName,Status,CreatedDate\n"
        "00Q5f00000LLLL1,Acme,Young,New,2024-01-10T09:00:00.000Z\n"
        "00Q5f00000LLLL2,,Nobody,New,2024-01-10T09:00:00.000Z\n");
  Export();
  const AccountId company = LeadOf(kLeadOne).account;
  EXPECT_NE(company, AccountOf(kAccountOne).account);
  EXPECT_EQ(company, ledger_->GetAccount(AccountRef("salesforce-company", "acme"))->account);
  EXPECT_NE(LeadOf("00Q5f00000LLLL2").account, company);
}

TEST_F(SalesforceTest, FilesAreKnownByTheirColumnsToo) {
  Write("report1699.csv",
        "Opportunity ID;Account Name;Opportunity Name;Stage;Amount;Amount Currency;Close Date;"
        "Opportunity Owner;Created Date\n"
        "0065f00000DDDD1;Bolt;Seats;Closed Won;1.200,50;EUR;28.03.2024;Ada Byron;01.02.2024\n");
  salesforce_.dates = "%d.%m.%Y";
  salesforce_.decimal = ',';
  salesforce_.thousands = '.';
  Export();
  const OpportunityRow deal = DealOf(kDealOne);
  EXPECT_EQ(deal.amount, (Money{120'050, *ParseCurrency("EUR")}));
  EXPECT_EQ(deal.closed_at, ParseTime("2024-03-28T00:00:00Z").value());
  EXPECT_EQ(ledger_->GetOwner(OwnerRef("salesforce-user-name", "Ada Byron"))->owner, deal.owner);
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, OldOpportunitiesAreConvertedIntoOnTheirDay) {
  WriteStory();
  Write("Lead.csv",
        "Id,Company,LastName,Status,IsConverted,ConvertedDate,ConvertedAccountId,"
        "ConvertedContactId,ConvertedOpportunityId,CreatedDate\n"
        "00Q5f00000LLLL1,Acme,Miller,Closed - Converted,true,2024-03-10,0015f00000AAAA1,"
        "0035f00000CCCC1,0065f00000DDDD1,2024-03-05T09:00:00.000Z\n");
  Write("LeadHistory.csv", "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n");
  Export();
  EXPECT_EQ(LeadOf(kLeadOne).opportunity, DealOf(kDealOne).opportunity);
  EXPECT_EQ(LeadOf(kLeadOne).stage_since, ParseTime("2024-03-10T00:00:00Z").value());
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, AnOwnerAfterTheLastRowOfTheHistoryIsTold) {
  const std::string header = "Id,Name,StageName,OwnerId,CreatedDate,LastModifiedDate\n";
  const std::string deal = "0065f00000DDDD1,Seats,Prospecting,";
  Write("Opportunity.csv",
        header + deal + "0055f00000UUUU1,2024-02-01T10:00:00.000Z,2024-02-01T10:00:00.000Z\n");
  Export();
  Write("Opportunity.csv",
        header + deal + "0055f00000UUUU3,2024-02-01T10:00:00.000Z,2024-04-01T10:00:00.000Z\n");
  Write("OpportunityFieldHistory.csv",
        "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n"
        "0175f00000HHHH1,0065f00000DDDD1,Owner,0055f00000UUUU1,0055f00000UUUU2,"
        "2024-03-01T09:00:00.000Z\n");
  Export();
  auto owner = ledger_->GetOwner(OwnerRef("salesforce", LongId("0055f00000UUUU3")));
  ASSERT_TRUE(owner.ok()) << owner.status();
  EXPECT_EQ(DealOf(kDealOne).owner, owner->owner);
  EXPECT_EQ(Export().imported, 0);
}

// Two accounts with a person each, imported; then Salesforce says that they are one.
class MergedSalesforceTest : public SalesforceTest {
 protected:
  static constexpr char kAccountTwo[] = "0015f00000AAAA2";
  static constexpr char kContactTwo[] = "0035f00000CCCC2";

  void SetUp() override {
    SalesforceTest::SetUp();
    Write("Account.csv",
          "Id,Name,CreatedDate\n"
          "0015f00000AAAA1,Acme,2024-01-02T08:00:00.000Z\n"
          "0015f00000AAAA2,Acme Ltd,2024-01-02T08:00:00.000Z\n");
    WriteContacts("0015f00000AAAA2", "false,");
    Export();
  }
  void WriteContacts(const std::string& account_of_two, const std::string& deleted_and_master) {
    Write("Contact.csv",
          "Id,AccountId,LastName,IsDeleted,MasterRecordId,CreatedDate,SystemModstamp\n"
          "0035f00000CCCC1,0015f00000AAAA1,Miller,false,,2024-01-03T08:00:00.000Z,"
          "2024-01-03T08:00:00.000Z\n"
          "0035f00000CCCC2," +
              account_of_two + ",Millar," + deleted_and_master +
              ",2024-01-03T08:00:00.000Z,2024-05-01T09:00:00.000Z\n");
  }
  void WriteMergedAccounts() {
    Write("Account.csv",
          "Id,Name,IsDeleted,MasterRecordId,CreatedDate,SystemModstamp\n"
          "0015f00000AAAA1,Acme,false,,2024-01-02T08:00:00.000Z,2024-05-01T08:00:00.000Z\n"
          "0015f00000AAAA2,Acme Ltd,true,0015f00000AAAA1,2024-01-02T08:00:00.000Z,"
          "2024-05-01T08:00:00.000Z\n");
  }
  ContactRow ContactOf(const std::string& id) {
    auto row = ledger_->GetContact(ContactRef("salesforce", LongId(id)));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : ContactRow();
  }
};

TEST_F(MergedSalesforceTest, AccountsMergedAfterTheImportAreMergedHere) {
  WriteMergedAccounts();
  WriteContacts("0015f00000AAAA1", "false,");  // is of the master now: that is no move
  const ImportReport report = Export();
  EXPECT_THAT(report.warnings, testing::IsEmpty());
  EXPECT_EQ(report.imported, 1);
  EXPECT_EQ(AccountOf(kAccountTwo).merged_into, AccountOf(kAccountOne).account);
  auto before = ledger_->StateOf(AccountRef("salesforce", LongId(kAccountTwo)),
                                 {.through = ParseTime("2024-04-30T00:00:00Z").value(),
                                  .known_at = ParseTime("2024-04-30T00:00:00Z").value()});
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->account.name, "Acme Ltd");
  EXPECT_EQ(Export().imported, 0);
}

TEST_F(MergedSalesforceTest, PeopleMergedAfterTheImportAreMergedHere) {
  WriteMergedAccounts();
  WriteContacts("0015f00000AAAA1", "true,0035f00000CCCC1");
  EXPECT_EQ(Export().imported, 2);
  EXPECT_EQ(ContactOf(kContactTwo).merged_into, ContactOf(kContactOne).contact);
  EXPECT_EQ(Export().imported, 0);
}

// Salesforce merged the accounts on 1 May at 8:00.
TEST_F(MergedSalesforceTest, PeopleMergedBeforeTheirAccountsAreMergedWithThem) {
  WriteMergedAccounts();
  Write("Contact.csv",
        "Id,AccountId,LastName,IsDeleted,MasterRecordId,CreatedDate,SystemModstamp\n"
        "0035f00000CCCC1,0015f00000AAAA1,Miller,false,,2024-01-03T08:00:00.000Z,"
        "2024-01-03T08:00:00.000Z\n"
        "0035f00000CCCC2,0015f00000AAAA2,Millar,true,0035f00000CCCC1,2024-01-03T08:00:00.000Z,"
        "2024-03-01T09:00:00.000Z\n");
  EXPECT_EQ(Export().imported, 2);
  EXPECT_EQ(ContactOf(kContactTwo).merged_into, ContactOf(kContactOne).contact);
  const auto day_before = ledger_->StateOf(
      AccountRef("salesforce", LongId(kAccountTwo)),
      {.through = ParseTime("2024-04-30").value(), .known_at = ParseTime("2024-04-30").value()});
  ASSERT_TRUE(day_before.ok()) << day_before.status();
  EXPECT_FALSE(day_before->contacts.at(0).merged_into);
  EXPECT_EQ(Export().imported, 0);
}

// By a chain, of which what is not dated counts as merged now.
TEST_F(MergedSalesforceTest, PeopleWaitForTheLastMergeBetweenThem) {
  Write("Account.csv",
        "Id,Name,IsDeleted,MasterRecordId,CreatedDate,SystemModstamp\n"
        "0015f00000AAAA1,Acme,true,0015f00000AAAA3,2024-01-02T08:00:00.000Z,\n"
        "0015f00000AAAA2,Acme Ltd,true,0015f00000AAAA3,2024-01-02T08:00:00.000Z,"
        "2024-05-01T08:00:00.000Z\n"
        "0015f00000AAAA3,Acme Group,false,,2024-03-02T08:00:00.000Z,2024-05-01T08:00:00.000Z\n");
  WriteContacts("0015f00000AAAA3", "true,0035f00000CCCC1");
  EXPECT_EQ(Export().imported, 4);
  EXPECT_EQ(ContactOf(kContactTwo).merged_into, ContactOf(kContactOne).contact);
}

TEST_F(MergedSalesforceTest, PeopleOfDifferentAccountsStayTwo) {
  WriteContacts("0015f00000AAAA2", "true,0035f00000CCCC1");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("merged_after_import"), 1);
  EXPECT_EQ(report.imported, 0);
  EXPECT_THAT(report.samples, testing::Contains(HasSubstr("contacts of different accounts")));
}

// What people say about the ledger holds: a merge that they undid is not done again.
TEST_F(MergedSalesforceTest, WhatWasDoneByHandStays) {
  WriteMergedAccounts();
  Export();
  ASSERT_TRUE(
      ledger_->Execute(AccountUnmerge{AccountOf(kAccountTwo).account, "not_the_same"}, {}).ok());
  EXPECT_EQ(Export().imported, 0);
  EXPECT_FALSE(AccountOf(kAccountTwo).merged_into);
}

TEST_F(MergedSalesforceTest, AMasterThatIsNewTakesInWhatWasMerged) {
  Write("Account.csv",
        "Id,Name,IsDeleted,MasterRecordId,CreatedDate,SystemModstamp\n"
        "0015f00000AAAA1,Acme,true,0015f00000AAAA3,2024-01-02T08:00:00.000Z,"
        "2024-05-01T08:00:00.000Z\n"
        "0015f00000AAAA2,Acme Ltd,true,0015f00000AAAA1,2024-01-02T08:00:00.000Z,"
        "2024-05-01T08:00:00.000Z\n"
        "0015f00000AAAA3,Acme Group,false,,2024-03-02T08:00:00.000Z,2024-05-01T08:00:00.000Z\n");
  EXPECT_EQ(Export().imported, 3);
  EXPECT_EQ(AccountOf(kAccountOne).merged_into, AccountOf("0015f00000AAAA3").account);
  EXPECT_EQ(AccountOf(kAccountTwo).merged_into, AccountOf("0015f00000AAAA3").account);
  EXPECT_EQ(Export().imported, 0);
}

TEST_F(SalesforceTest, LeadsMergedAfterTheImportStayTwo) {
  const std::string header = "Id,Company,LastName,Status,IsDeleted,MasterRecordId,CreatedDate\n";
  const std::string master = "00Q5f00000LLLL1,Bolt,Young,New,false,,2024-01-10T09:00:00.000Z\n";
  Write("Lead.csv",
        header + master + "00Q5f00000LLLL2,Bolt,Yang,New,false,,2024-01-10T09:00:00.000Z\n");
  Export();
  Write("Lead.csv", header + master +
                        "00Q5f00000LLLL2,Bolt,Yang,New,true,00Q5f00000LLLL1,"
                        "2024-01-10T09:00:00.000Z\n");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("merged_after_import"), 1);
  EXPECT_EQ(report.imported, 0);
}

}  // namespace
}  // namespace throughline
