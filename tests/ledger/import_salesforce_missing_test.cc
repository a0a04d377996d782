#include <gtest/gtest.h>

#include "ledger/salesforce_fixture.h"

// What an export names, but does not have.

namespace throughline {
namespace {

TEST_F(SalesforceTest, TellsOfWhatIsNamedAndNotThere) {
  WriteStory();
  Write("Account.csv", "Id,Name,CreatedDate\n");
  Write("User.csv", "Id,Name\n");
  Write("Opportunity.csv", "Id,AccountId,Name,StageName,CloseDate,CreatedDate\n");
  Write("OpportunityHistory.csv", "Id,OpportunityId,StageName,CreatedDate\n");
  Write("CampaignMember.csv",
        "Id,CampaignId,LeadId,HasResponded,CreatedDate\n"
        "00v5f00000MMMM1,7015f00000KKKK1,00Q5f00000LLLL1,false,2024-01-12T09:00:00.000Z\n"
        "00v5f00000MMMM2,7015f00000KKKK1,00Q5f00000LLLL1,true,2024-01-13T09:00:00.000Z\n");
  const ImportReport report = Export();
  for (const char* kind : {"campaign_not_in_export", "account_not_in_export", "owner_not_in_export",
                           "opportunity_not_in_export"}) {
    const auto found = report.warnings.find(kind);
    EXPECT_EQ(found == report.warnings.end() ? 0 : found->second, 1) << kind;
  }
  const ImportReport again = Export();
  EXPECT_EQ(again.events, 0);
  EXPECT_EQ(again.warnings.count("campaign_not_in_export"), 0u);
}

TEST_F(SalesforceTest, QueuesAreNoUsersThatAreMissing) {
  Write("Lead.csv",
        "Id,Company,LastName,Status,OwnerId,CreatedDate\n"
        "00Q5f00000LLLL1,Bolt,Young,New,00G5f00000QQQQ1,2024-01-10T09:00:00.000Z\n");
  EXPECT_EQ(Export().warnings.count("owner_not_in_export"), 0u);
}

}  // namespace
}  // namespace throughline
