#include <string>
#include <vector>

#include "ledger/salesforce_fixture.h"

namespace throughline {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(SalesforceId, HasAChecksum) {
  EXPECT_EQ(LongId("a0D30000001n7Pi"), "a0D30000001n7PiEAI");
  EXPECT_EQ(LongId("a0D30000001n7PiEAI"), "a0D30000001n7PiEAI");
  EXPECT_NE(LongId("a0D30000001n7PI"), LongId("a0D30000001n7Pi"));
}

TEST(SalesforceId, CaseThatWasLostIsMended) {
  EXPECT_EQ(LongId("A0D30000001N7PIEAI"), "a0D30000001n7PiEAI");
  EXPECT_EQ(LongId("a0d30000001n7pieai"), "a0D30000001n7PiEAI");
}

TEST(SalesforceId, RefusesAWrongChecksum) {
  EXPECT_FALSE(SalesforceId::Parse("a0D30000001n7PiEAA").ok());
  EXPECT_FALSE(SalesforceId::Parse("a0D30000001n7").ok());
  EXPECT_FALSE(SalesforceId::Parse("a0D30000001n7P!").ok());
}

TEST_F(SalesforceTest, FollowsALeadToTheDealThatWasWon) {
  WriteStory();
  const ImportReport report = Export();
  EXPECT_THAT(report.warnings, Contains(testing::Key("missing_reason")).Times(0));
  const LeadRow lead = LeadOf(kLeadOne);
  EXPECT_EQ(lead.kind, StageKind::kConverted);
  EXPECT_EQ(lead.stage_since, ParseTime("2024-02-01T10:00:00Z").value());
  EXPECT_EQ(lead.source, "web");
  const OpportunityRow deal = DealOf(kDealOne);
  EXPECT_EQ(lead.opportunity, deal.opportunity);
  EXPECT_EQ(lead.account, deal.account);
  EXPECT_EQ(deal.phase, Phase::kWon);
  EXPECT_EQ(deal.amount, (Money{4'500'000, *ParseCurrency("EUR")}));
  const AccountRow account = AccountOf(kAccountOne);
  EXPECT_EQ(account.account, deal.account);
  EXPECT_EQ(account.name, "Acme");
  auto contact = ledger_->GetContact(ContactRef("salesforce", LongId(kLeadOne)));
  ASSERT_TRUE(contact.ok()) << contact.status();
  EXPECT_EQ(contact->contact,
            ledger_->GetContact(ContactRef("salesforce", LongId(kContactOne)))->contact);
}

// The deal was closed on 28 March, says CloseDate, and entered as closed on 15 April.
TEST_F(SalesforceTest, WhatWasEnteredLateIsKnownLate) {
  WriteStory();
  Export();
  auto state = ledger_->StateOf(AccountRef("salesforce", LongId(kAccountOne)),
                                {.through = ParseTime("2024-03-31T00:00:00Z").value(),
                                 .known_at = ParseTime("2024-03-31T00:00:00Z").value()});
  ASSERT_TRUE(state.ok()) << state.status();
  ASSERT_EQ(state->opportunities.size(), 1u);
  EXPECT_EQ(state->opportunities[0].phase, Phase::kOpportunity);
  auto later = ledger_->StateOf(AccountRef("salesforce", LongId(kAccountOne)),
                                {.through = ParseTime("2024-03-31T00:00:00Z").value(),
                                 .known_at = ParseTime("2024-04-30T00:00:00Z").value()});
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->opportunities[0].phase, Phase::kWon);
}

TEST_F(SalesforceTest, TheSameExportAgainAddsNothing) {
  WriteStory();
  Export();
  const ImportReport again = Export();
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.events, 0);
}

TEST_F(SalesforceTest, ANewerExportAddsWhatHasChanged) {
  WriteStory();
  Export();
  Write("Account.csv",
        "Id,Name,Website,Industry,LastModifiedDate,CreatedDate\n"
        "0015f00000AAAA1,Acme Group,https://www.acme.example/,Chemicals,2024-05-01T08:00:00.000Z,"
        "2024-01-02T08:00:00.000Z\n");
  const ImportReport newer = Export();
  EXPECT_EQ(newer.events, 1);
  EXPECT_EQ(AccountOf(kAccountOne).name, "Acme Group");
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, NewHistoryRowsAreMoves) {
  WriteStory();
  Export();
  Write("Opportunity.csv",
        "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate,IsWon,IsClosed,OwnerId,"
        "CreatedDate\n"
        "0065f00000DDDD1,0015f00000AAAA1,200 seats,Negotiation/Review,45000.00,EUR,2024-09-30,"
        "false,false,0055f00000UUUU1,2024-02-01T10:00:00.000Z\n");
  Write("OpportunityHistory.csv",
        "Id,OpportunityId,StageName,Amount,CurrencyIsoCode,CloseDate,CreatedDate\n"
        "0085f00000SSSS3,0065f00000DDDD1,Closed Won,45000,EUR,2024-03-28,"
        "2024-04-15T10:00:00.000Z\n"
        "0085f00000SSSS4,0065f00000DDDD1,Negotiation/Review,45000,EUR,2024-09-30,"
        "2024-05-15T10:00:00.000Z\n");
  EXPECT_EQ(Export().events, 2);  // reopened, and a new close date
  EXPECT_EQ(DealOf(kDealOne).phase, Phase::kOpportunity);
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, WithoutHistoryAStageHasNoDate) {
  Write("Lead.csv",
        "Id,Company,LastName,Status,OwnerId,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt,Young,Working - Contacted,00G5f00000QQQQ1,"
        "2024-01-10T09:00:00.000Z\n");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("no_stage_date"), 1);
  const LeadRow lead = LeadOf(kLeadOne);
  EXPECT_EQ(ledger_->CurrentPolicy()->policy->FindStage(lead.stage)->key, "working");
  EXPECT_EQ(lead.stage_since, lead.opened_at);
  // A queue is nobody's: no hand-off yet.
  EXPECT_FALSE(lead.handed_off_at);
}

TEST_F(SalesforceTest, WithoutHistoryANewStageIsDatedByTheLastChange) {
  const std::string header = "Id,Company,LastName,Status,CreatedDate,LastModifiedDate\n";
  Write("Lead.csv", header +
                        "00Q5f00000LLLL1,Bolt,Young,Open - Not Contacted,"
                        "2024-01-10T09:00:00.000Z,2024-01-10T09:00:00.000Z\n");
  Export();
  Write("Lead.csv", header +
                        "00Q5f00000LLLL1,Bolt,Young,Closed - Not Converted,"
                        "2024-01-10T09:00:00.000Z,2024-03-30T09:00:00.000Z\n");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("date_of_last_change"), 1);
  EXPECT_EQ(LeadOf(kLeadOne).kind, StageKind::kClosed);
  EXPECT_EQ(LeadOf(kLeadOne).stage_since, ParseTime("2024-03-30T09:00:00Z").value());
  EXPECT_EQ(Export().events, 0);
}

// Bolt is known by a lead only, until Salesforce has an account of that name.
TEST_F(SalesforceTest, AnAccountTakesOverTheCompanyOfItsLeads) {
  Write("Lead.csv",
        "Id,Company,LastName,Status,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt  Inc,Young,Open - Not Contacted,2024-01-10T09:00:00.000Z\n");
  Export();
  const AccountId company = LeadOf(kLeadOne).account;
  Write("Lead.csv",
        "Id,Company,LastName,Status,IsConverted,ConvertedDate,ConvertedAccountId,"
        "ConvertedContactId,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt Inc,Young,Closed - Converted,true,2024-02-01,0015f00000AAAA1,"
        "0035f00000CCCC1,2024-01-10T09:00:00.000Z\n");
  Write("Account.csv", "Id,Name,CreatedDate\n0015f00000AAAA1,bolt inc,2024-02-01T10:00:00.000Z\n");
  Write("Contact.csv",
        "Id,AccountId,LastName,CreatedDate\n"
        "0035f00000CCCC1,0015f00000AAAA1,Young,2024-02-01T10:00:00.000Z\n");
  Export();
  EXPECT_EQ(AccountOf(kAccountOne).account, company);
  EXPECT_EQ(LeadOf(kLeadOne).kind, StageKind::kConverted);
  auto contact = ledger_->GetContact(ContactRef("salesforce", LongId(kContactOne)));
  ASSERT_TRUE(contact.ok()) << contact.status();
  EXPECT_EQ(contact->contact, LeadOf(kLeadOne).contact);
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, MergedRecordsAreOne) {
  Write("Account.csv",
        "Id,Name,IsDeleted,MasterRecordId,CreatedDate\n"
        "0015f00000AAAA1,Acme,false,,2024-01-02T08:00:00.000Z\n"
        "0015f00000AAAA2,Acme Ltd,true,0015f00000AAAA1,2024-01-03T08:00:00.000Z\n");
  Write("Opportunity.csv",
        "Id,AccountId,Name,StageName,CreatedDate\n"
        "0065f00000DDDD1,0015f00000AAAA2,Seats,Prospecting,2024-02-01T10:00:00.000Z\n");
  Export();
  EXPECT_EQ(AccountOf("0015f00000AAAA2").account, AccountOf(kAccountOne).account);
  EXPECT_EQ(DealOf(kDealOne).account, AccountOf(kAccountOne).account);
}

TEST_F(SalesforceTest, DeletedRowsAreLeftOutAndTold) {
  WriteStory();
  Write("Lead.csv",
        "Id,Company,LastName,Status,IsDeleted,CreatedDate\n"
        "00Q5f00000LLLL1,Acme,Miller,Open,true,2024-01-10T09:00:00.000Z\n");
  ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("deleted"), 1);
  EXPECT_EQ(report.warnings.at("of_deleted_record"), 2);
  EXPECT_FALSE(ledger_->GetLead(LeadRef("salesforce", LongId(kLeadOne))).ok());
  ledger_ = NewLedger();
  WriteStory();
  Export();
  Write("Account.csv",
        "Id,Name,IsDeleted,CreatedDate\n0015f00000AAAA1,Acme,true,2024-01-02T08:00:00.000Z\n");
  report = Export();
  EXPECT_EQ(report.warnings.at("deleted_after_import"), 1);
  EXPECT_EQ(AccountOf(kAccountOne).name, "Acme");
}

TEST_F(SalesforceTest, CampaignsTasksAndEventsAreTouches) {
  WriteStory();
  Write("Campaign.csv",
        "Id,Name,Type,StartDate,ActualCost,CurrencyIsoCode\n"
        "7015f00000KKKK1,Spring,Webinar,2024-01-01,1500,EUR\n");
  Write("CampaignMember.csv",
        "Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate\n"
        "00v5f00000MMMM1,7015f00000KKKK1,00Q5f00000LLLL1,,Attended,true,2024-01-09,"
        "2024-01-05T09:00:00.000Z\n"
        "00v5f00000MMMM2,7015f00000KKKK1,,0035f00000CCCC1,Sent,false,,2024-02-05T09:00:00.000Z\n");
  Write("Task.csv",
        "Id,WhoId,WhatId,OwnerId,TaskSubtype,CallType,Status,IsClosed,ActivityDate\n"
        "00T5f00000TTTT1,00Q5f00000LLLL1,,0055f00000UUUU1,Call,Outbound,Completed,true,2024-01-16\n"
        "00T5f00000TTTT2,0035f00000CCCC1,0065f00000DDDD1,0055f00000UUUU1,Email,,Not Started,false,"
        "2024-03-01\n"
        "00T5f00000TTTT3,,,0055f00000UUUU1,Email,,Completed,true,2024-03-01\n");
  Write("Event.csv",
        "Id,WhoId,WhatId,OwnerId,StartDateTime\n"
        "00U5f00000EEEE1,0035f00000CCCC1,0065f00000DDDD1,0055f00000UUUU1,"
        "2024-02-20T10:00:00.000Z\n");
  Write("OpportunityContactRole.csv",
        "Id,OpportunityId,ContactId,Role,IsPrimary,CreatedDate\n"
        "00K5f00000RRRR1,0065f00000DDDD1,0035f00000CCCC1,Decision Maker,true,"
        "2024-02-02T10:00:00.000Z\n");
  const ImportReport report = Export();
  EXPECT_EQ(AccountOf(kAccountOne).touches, 4);
  EXPECT_EQ(AccountOf(kAccountOne).first.channel, "webinar");
  EXPECT_EQ(report.warnings.at("task_to_do"), 1);
  EXPECT_EQ(report.warnings.at("activity_of_nobody"), 1);
  EXPECT_TRUE(LeadOf(kLeadOne).followed_up_at);
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceTest, ReportsNeedTheirZoneAndDateOrder) {
  Write("leads.csv",
        "\"Lead ID\",\"Company / Account\",\"Last Name\",\"Lead Status\",\"Create Date\"\n"
        "\"00Q5f00000LLLL1\",\"Bolt\",\"Young\",\"Open - Not Contacted\",\"10/01/2024 09:30\"\n"
        "\n"
        "\"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved.\"\n");
  EXPECT_THAT(std::string(TryExport().status().message()),
              HasSubstr("leads.csv:2: Create Date: '10/01/2024 09:30' does not say which number"));
  salesforce_.dates = "%d/%m/%Y %H:%M";
  EXPECT_THAT(std::string(TryExport().status().message()), HasSubstr("has no time zone"));
  salesforce_.time_zone = "Europe/Berlin";
  Export();
  EXPECT_EQ(LeadOf(kLeadOne).opened_at, ParseTime("2024-01-10T08:30:00Z").value());
}

TEST_F(SalesforceTest, WhatBelongedToADeletedAccountIsLeftOut) {
  WriteStory();
  Write("Account.csv",
        "Id,Name,IsDeleted,CreatedDate\n0015f00000AAAA1,Acme,true,2024-01-02T08:00:00.000Z\n");
  Export();
  EXPECT_FALSE(ledger_->GetAccount(AccountRef("salesforce", LongId(kAccountOne))).ok());
  EXPECT_FALSE(ledger_->GetLead(LeadRef("salesforce", LongId(kLeadOne))).ok()) << "it became it";
  EXPECT_FALSE(ledger_->GetOpportunity(OpportunityRef("salesforce", LongId(kDealOne))).ok());
}

TEST_F(SalesforceTest, TheFooterOfAReportIsPassedOverWhole) {
  const std::string rows =
      "\"Lead ID\",\"Company / Account\",\"Last Name\",\"Lead Status\",\"Create Date\"\n"
      "\"00Q5f00000LLLL1\",\"Bolt\",\"Young\",\"Open - Not Contacted\",\"2024-01-05\"\n";
  salesforce_.time_zone = "UTC";
  Write("leads.csv", rows +
                         "\n\"Leads this quarter\"\n"
                         "\"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved.\"\n"
                         "\"Confidential Information - Do Not Distribute\"\n"
                         "\"Generated by: Ada Byron 3/31/2024 10:00 AM\"\n\"Acme Inc\"\n");
  EXPECT_EQ(Export().rejected, 0);
  ledger_ = NewLedger();
  Write("leads.csv", rows + "broken\n" + rows.substr(rows.find('\n') + 1) + "also broken\n");
  EXPECT_EQ(ExportWithFaults().rejected, 2) << "no footer says so";
  ledger_ = NewLedger();
  std::string broken;
  for (int i = 0; i < 250; ++i) broken += "broken\n";
  Write("leads.csv", rows + broken + "Generated by: Ada Byron 3/31/2024 10:00 AM\n");
  EXPECT_EQ(ExportWithFaults().rejected, 200) << "no footer has that many lines";
}

TEST_F(SalesforceTest, AmountsNeedACurrency) {
  Write("Opportunity.csv",
        "Id,AccountId,Name,StageName,Amount,CreatedDate\n"
        "0065f00000DDDD1,0015f00000AAAA1,Seats,Prospecting,100,2024-02-01T10:00:00.000Z\n");
  EXPECT_THAT(std::string(TryExport().status().message()), HasSubstr("--currency"));
  salesforce_.currency = "USD";
  Export();
  EXPECT_EQ(DealOf(kDealOne).amount, (Money{10'000, *ParseCurrency("USD")}));
}

TEST_F(SalesforceTest, AllUnknownStagesAreNamedAtOnce) {
  Write("Lead.csv",
        "Id,Company,LastName,Status,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt,Young,Hot,2024-01-10T09:00:00.000Z\n");
  Write("Opportunity.csv",
        "Id,AccountId,Name,StageName,IsWon,IsClosed,CreatedDate\n"
        "0065f00000DDDD1,0015f00000AAAA1,Seats,Pilot,false,false,2024-02-01T10:00:00.000Z\n"
        "0065f00000DDDD2,0015f00000AAAA1,Seats,Signed,true,true,2024-02-01T10:00:00.000Z\n");
  const std::string message(TryExport().status().message());
  EXPECT_THAT(message, HasSubstr("'Hot' (1)"));
  EXPECT_THAT(message, HasSubstr("'Pilot' (1)"));
  EXPECT_THAT(message, testing::Not(HasSubstr("Signed")));
  EXPECT_THAT(message,
              HasSubstr(R"(--stages: {"lead": {"Hot": ""}, "opportunity": {"Pilot": ""}})"));
  salesforce_.stages_json = R"({"lead": {"hot": "sql"}, "opportunity": {"Pilot": "proposal"}})";
  Export();
  EXPECT_EQ(DealOf("0065f00000DDDD2").phase, Phase::kWon);
  salesforce_.stages_json = R"({"lead": {"hot": "warm"}})";
  EXPECT_THAT(std::string(TryExport().status().message()), HasSubstr("no stage 'warm'"));
}

TEST_F(SalesforceTest, BadRowsArePutAsideWithTheirColumn) {
  Write("Account.csv",
        "Id,Name,CreatedDate\n"
        "0015f00000AAAA1AAA,Acme,2024-01-02T08:00:00.000Z\n"
        "0015f00000AAAA2,Bolt,yesterday\n"
        ",Cog,2024-01-02T08:00:00.000Z\n");
  const ImportReport report = ExportWithFaults();
  EXPECT_EQ(report.rejected, 3);
  const std::string rejects = Rejects();
  EXPECT_THAT(rejects, HasSubstr("Account.csv,2,Id,"));
  EXPECT_THAT(rejects, HasSubstr("last three characters"));
  EXPECT_THAT(rejects, HasSubstr("Account.csv,3,CreatedDate,"));
  EXPECT_THAT(rejects, HasSubstr("Account.csv,4,Id,Id: is blank"));
}

TEST_F(SalesforceTest, SaysWhatItDoesNotUse) {
  Write("Account.csv",
        "Id,Name,Fax,Color__c,CreatedDate\n0015f00000AAAA1,Acme,1,red,2024-01-02T08:00:00.000Z\n");
  Write("AccountHistory.csv", "a,b\n1,2\n");
  const ImportReport report = Export();
  EXPECT_EQ(report.warnings.at("ignored_columns of Account"), 1);
  EXPECT_THAT(report.samples, Contains(HasSubstr("Fax, Color__c")));
  EXPECT_EQ(report.warnings.at("unknown_file"), 1);
}

TEST_F(SalesforceTest, AMissingColumnOrFolderIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(TryExport().status()));
  Write("Lead.csv", "Id,Company\n00Q5f00000LLLL1,Bolt\n");
  EXPECT_THAT(std::string(TryExport().status().message()),
              HasSubstr("needs the columns Status, CreatedDate"));
  EXPECT_TRUE(absl::IsNotFound(
      ImportSalesforce(*ledger_, Path("nowhere"), salesforce_, options_).status()));
}

}  // namespace
}  // namespace throughline
