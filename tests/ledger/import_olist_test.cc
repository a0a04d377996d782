#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "ledger/import_fixture.h"
#include "nlohmann/json.hpp"

// The Olist marketing funnel: real data, whose licence forbids shipping it. Its figures were
// computed independently of this library.

namespace throughline {
namespace {

using Json = nlohmann::json;

std::string OlistFolder() {
  const char* folder = std::getenv("THROUGHLINE_OLIST_DIR");
  if (folder != nullptr) return folder;
  return std::string(THROUGHLINE_SOURCE_DIR) + "/../shared/data/olist";
}

class ImportOlistTest : public ImportTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(OlistFolder() + "/reference.json")) {
      GTEST_SKIP() << "no Olist data in " << OlistFolder() << " (THROUGHLINE_OLIST_DIR)";
    }
    reference_ = Json::parse(ReadText(OlistFolder() + "/reference.json"));
    report_ = ImportAll();
    PageRequest page;
    do {
      const auto leads = ledger_->ListLeads({}, page);
      ASSERT_TRUE(leads.ok()) << leads.status();
      leads_.insert(leads_.end(), leads->items.begin(), leads->items.end());
      page.cursor = leads->next;
    } while (!page.cursor.empty());
  }

  ImportReport ImportAll() {
    const std::string folder = OlistFolder();
    return Import({folder + "/olist_closed_deals_dataset.csv",
                   folder + "/olist_marketing_qualified_leads_dataset.csv"},
                  ReadText(std::string(THROUGHLINE_SOURCE_DIR) + "/mappings/olist.json"));
  }

  // From first contact to win; of the lead's deal, which there must be.
  double DaysToWin(const LeadRow& lead) {
    const auto deal = ledger_->GetOpportunity(OpportunityRef(lead.opportunity));
    EXPECT_TRUE(deal.ok()) << deal.status();
    EXPECT_EQ(deal->phase, Phase::kWon);
    EXPECT_FALSE(deal->amount.has_value());
    return static_cast<double>(deal->closed_at->micros - lead.opened_at.micros) / kMicrosPerDay;
  }

  Json reference_;
  ImportReport report_;
  std::vector<LeadRow> leads_;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

TEST_F(ImportOlistTest, GivesTheReferenceFigures) {
  EXPECT_EQ(report_.rejected, 0) << Rejects();
  EXPECT_EQ(report_.rows, 8842);
  ASSERT_EQ(leads_.size(), reference_["leads"].get<size_t>());
  struct Origin {
    int64_t leads = 0;
    std::vector<double> days;
  };
  std::map<std::string, Origin> origins;
  std::vector<double> days;
  for (const LeadRow& lead : leads_) {
    const std::string& channel = lead.lineage.original.channel;
    Origin& origin = origins[channel.empty() ? "(blank)" : channel];
    ++origin.leads;
    EXPECT_TRUE(lead.lineage.original.touch);
    EXPECT_EQ(lead.lineage.episode, 1);
    if (!lead.opportunity) continue;
    origin.days.push_back(DaysToWin(lead));
    days.push_back(origin.days.back());
  }
  EXPECT_EQ(days.size(), reference_["won"].get<size_t>());
  const Json& to_close = reference_["days_to_close"];
  EXPECT_NEAR(Median(days), to_close["median"].get<double>(), 1e-6);
  EXPECT_NEAR(std::accumulate(days.begin(), days.end(), 0.0) / static_cast<double>(days.size()),
              to_close["mean"].get<double>(), 1e-6);
  EXPECT_NEAR(*std::min_element(days.begin(), days.end()), to_close["min"].get<double>(), 1e-6);
  EXPECT_NEAR(*std::max_element(days.begin(), days.end()), to_close["max"].get<double>(), 1e-6);
  EXPECT_EQ(origins.size(), reference_["by_origin"].size());
  for (const auto& [name, expected] : reference_["by_origin"].items()) {
    EXPECT_EQ(origins[name].leads, expected["leads"]) << name;
    EXPECT_EQ(origins[name].days.size(), expected["won"]) << name;
    EXPECT_NEAR(Median(origins[name].days), expected["median_days_to_close"].get<double>(), 1e-3);
  }
}

TEST_F(ImportOlistTest, WarnsOfTheDealThatWasWonBeforeItsLead) {
  EXPECT_EQ(report_.warnings.at("before_lead"), 1);
  EXPECT_EQ(report_.warnings.at("missing_amount"), 842);
  const auto early = std::count_if(leads_.begin(), leads_.end(), [&](const LeadRow& lead) {
    return lead.opportunity && DaysToWin(lead) < 0;
  });
  EXPECT_EQ(early, 1);
}

TEST_F(ImportOlistTest, DefinesOwnersAndCampaigns) {
  int64_t owners = 0, campaigns = 0;
  for (int64_t id = 1; ledger_->GetOwner(OwnerId{id}).ok(); ++id) ++owners;
  for (int64_t id = 1; ledger_->GetCampaign(CampaignId{id}).ok(); ++id) ++campaigns;
  // 32 SDRs and 22 SRs, of whom 13 are both.
  EXPECT_EQ(owners, 41);
  EXPECT_EQ(campaigns, reference_["distinct_landing_pages"]);
}

TEST_F(ImportOlistTest, ASecondImportAddsNothing) {
  const ImportReport again = ImportAll();
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.known, report_.imported + report_.known);
  EXPECT_EQ(again.rejected, 0) << Rejects();
  EXPECT_EQ(again.events, 0);
  EXPECT_EQ(again.commits, 0);
}

}  // namespace
}  // namespace throughline
