#include <gmock/gmock.h>

#include <string>
#include <variant>
#include <vector>

#include "ledger/salesforce_fixture.h"

// When deals closed, and what they were worth then.

namespace throughline {
namespace {

using testing::ElementsAre;

constexpr char kStates[] =
    "Id,OpportunityId,StageName,Amount,CurrencyIsoCode,CloseDate,CreatedDate\n";
constexpr char kFields[] = "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n";
constexpr char kDeals[] =
    "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate,CreatedDate,LastModifiedDate\n";

class SalesforceCloseTest : public SalesforceTest {
 protected:
  void WriteDeal(const std::string& stage_to_close_date, const std::string& modified) {
    Write("Opportunity.csv", std::string(kDeals) + "0065f00000DDDD1,0015f00000AAAA1,Seats," +
                                 stage_to_close_date + ",2024-02-01T10:00:00.000Z," + modified +
                                 "\n");
  }
  void WriteOpenDeal() {
    WriteDeal("Prospecting,100,EUR,2024-06-30", "2024-02-01T10:00:00.000Z");
    Export();
  }

  // "event day" or "amount day" of the deal, in the order in which it happened.
  std::vector<std::string> Story() {
    std::vector<std::string> story;
    auto page = ledger_->Timeline(AccountRef("salesforce", LongId(kAccountOne)), {});
    if (!page.ok()) return story;
    for (const TimelineEntry& entry : page->items) {
      const std::string day = " " + FormatDate(DateOf(entry.event.occurred_at));
      if (const auto* moved = std::get_if<OpportunityMoved>(&entry.event.payload)) {
        story.push_back(std::string(moved->to.phase == Phase::kWon ? "won" : "moved") + day);
      } else if (const auto* value = std::get_if<OpportunityValued>(&entry.event.payload)) {
        story.push_back((value->amount ? FormatMoney(*value->amount) : "close date") + day);
      }
    }
    return story;
  }
};

TEST_F(SalesforceCloseTest, TheAmountThatWasEnteredWithTheCloseIsThatOfTheClose) {
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-04-15T10:00:00.000Z");
  Write("OpportunityHistory.csv",
        std::string(kStates) +
            "0085f00000SSSS1,0065f00000DDDD1,Prospecting,400,EUR,2024-06-30,"
            "2024-02-01T10:00:00.000Z\n"
            "0085f00000SSSS3,0065f00000DDDD1,Closed Won,450,EUR,2024-03-28,"
            "2024-04-15T10:00:00.000Z\n"
            "0085f00000SSSS4,0065f00000DDDD1,Closed Won,430,EUR,2024-03-28,"
            "2024-05-02T10:00:00.000Z\n");
  WriteDeal("Closed Won,430,EUR,2024-03-28", "2024-05-02T10:00:00.000Z");
  Export();
  EXPECT_THAT(Story(), ElementsAre("450.00 EUR 2024-03-28", "won 2024-03-28",
                                   "430.00 EUR 2024-05-02"));  // corrected
  const auto known = ledger_->StateOf(
      AccountRef("salesforce", LongId(kAccountOne)),
      {.through = ParseTime("2024-03-31").value(), .known_at = ParseTime("2024-03-31").value()});
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_EQ(known->opportunities.at(0).amount, (Money{40'000, *ParseCurrency("EUR")}));
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceCloseTest, ADealDoesNotCloseBeforeItCameToItsLastStage) {
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-04-15T10:00:00.000Z");
  const std::string before =
      std::string(kStates) +
      "0085f00000SSSS1,0065f00000DDDD1,Prospecting,400,EUR,2024-03-28,2024-02-01T10:00:00.000Z\n"
      "0085f00000SSSS3,0065f00000DDDD1,Closed Won,450,EUR,2024-03-28,2024-04-15T10:00:00.000Z\n"
      "0085f00000SSSS2,0065f00000DDDD1,Proposal/Price Quote,400,EUR,2024-03-28,";
  Write("OpportunityHistory.csv", before + "2024-04-05T10:00:00.000Z\n");
  Export();
  EXPECT_EQ(DealOf(kDealOne).phase, Phase::kWon);
  EXPECT_THAT(Story(), ElementsAre("moved 2024-04-05", "450.00 EUR 2024-04-15", "won 2024-04-15"));
  EXPECT_EQ(Export().events, 0);
}

// The close date was set back on the day before the deal was closed.
TEST_F(SalesforceCloseTest, AmountsThatWereEnteredSinceTheCloseComeAfterIt) {
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-04-15T10:00:00.000Z");
  Write("OpportunityHistory.csv",
        std::string(kStates) +
            "0085f00000SSSS1,0065f00000DDDD1,Prospecting,400,EUR,2024-06-30,"
            "2024-02-01T10:00:00.000Z\n"
            "0085f00000SSSS2,0065f00000DDDD1,Prospecting,420,EUR,2024-03-28,"
            "2024-04-14T10:00:00.000Z\n"
            "0085f00000SSSS3,0065f00000DDDD1,Closed Won,450,EUR,2024-03-28,"
            "2024-04-15T10:00:00.000Z\n");
  Export();
  EXPECT_THAT(Story(),
              ElementsAre("won 2024-03-28", "420.00 EUR 2024-04-14", "450.00 EUR 2024-04-15"));
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceCloseTest, ADealMayCloseOnTheDayOfItsLastStage) {
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-04-15T10:00:00.000Z");
  Write("OpportunityFieldHistory.csv",
        std::string(kFields) +
            "0175f00000HHHH3,0065f00000DDDD1,StageName,Proposal/Price Quote,Closed Won,"
            "2024-04-15T10:00:00.000Z\n"
            "0175f00000HHHH2,0065f00000DDDD1,StageName,Prospecting,Proposal/Price Quote,"
            "2024-03-28T10:00:00.000Z\n");
  Export();
  EXPECT_EQ(DealOf(kDealOne).phase, Phase::kWon);
  EXPECT_EQ(DateOf(*DealOf(kDealOne).closed_at), ParseDate("2024-03-28").value());
  EXPECT_THAT(Story(), ElementsAre("moved 2024-03-28", "won 2024-03-28"));
}

// Without a history of amounts.
TEST_F(SalesforceCloseTest, WhatANewerExportSaysOfAClosedDealIsThatOfTheClose) {
  WriteOpenDeal();
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-04-15T10:00:00.000Z");
  Export();
  EXPECT_THAT(Story(), ElementsAre("450.00 EUR 2024-03-28", "won 2024-03-28"));
  EXPECT_EQ(DealOf(kDealOne).close_date, ParseDate("2024-03-28").value());
  EXPECT_EQ(Export().events, 0);
  WriteDeal("Closed Won,430,EUR,2024-03-28", "2024-05-02T10:00:00.000Z");
  EXPECT_EQ(Export().warnings.at("date_of_last_change"), 1);
  EXPECT_EQ(Story().back(), "430.00 EUR 2024-05-02");
  EXPECT_EQ(Export().events, 0);
}

TEST_F(SalesforceCloseTest, AHistoryOfStagesAloneDatesTheAmountToo) {
  WriteOpenDeal();
  WriteDeal("Closed Won,450,EUR,2024-03-28", "2024-05-15T10:00:00.000Z");
  Write("OpportunityFieldHistory.csv",
        std::string(kFields) +
            "0175f00000HHHH2,0065f00000DDDD1,StageName,Prospecting,Closed Won,"
            "2024-04-15T10:00:00.000Z\n");
  Export();
  EXPECT_THAT(Story(), ElementsAre("450.00 EUR 2024-03-28", "won 2024-03-28"));
  EXPECT_EQ(Export().events, 0);
}

}  // namespace
}  // namespace throughline
