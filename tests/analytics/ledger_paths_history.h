#ifndef THROUGHLINE_TESTS_ANALYTICS_LEDGER_PATHS_HISTORY_H_
#define THROUGHLINE_TESTS_ANALYTICS_LEDGER_PATHS_HISTORY_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/attribution_paths.h"
#include "throughline/ledger_paths.h"

namespace throughline {

using NumbersByKey = std::map<std::string, double>;

inline const std::string kNone(kNoTouchKey);

// Companies whose history leads to paths.
class LedgerPathsTest : public ReportTest {
 protected:
  LedgerPathsTest() { account_ = ledger.OpenAccount(); }

  int64_t Touch(std::string channel, std::string_view when, ContactId contact = {},
                CampaignId campaign = {}, std::string kind = "form") {
    TouchRecord touch{.account = account_, .channel = channel, .kind = kind};
    if (contact) touch.contact = contact;
    if (campaign) touch.campaign = campaign;
    ledger.Must(touch, On(when, Mode::kObserve));
    return ledger.History(account_.value).back().id.packed;
  }
  ContactId Person(std::string name) {
    return ContactId{ledger.Must(ContactAdd{.account = account_, .name = name})};
  }
  int64_t LeadOf(std::string_view when, ContactId contact = {}) {
    LeadOpen open{.account = account_};
    if (contact) open.contact = contact;
    return ledger.Must(open, On(when, Mode::kObserve));
  }
  int64_t DealOf(std::string_view when, std::string amount, std::vector<LeadRef> leads = {}) {
    OpportunityOpen open{.account = account_, .leads = leads};
    if (!amount.empty()) open.amount = *ParseMoney(amount);
    return ledger.Must(open, On(when, Mode::kObserve));
  }
  void LoseOn(int64_t deal, std::string_view when) {
    ledger.Must(OpportunityLose{.opportunity = OpportunityId{deal}, .reason = "price"},
                On(when, Mode::kObserve));
  }
  // Three touches, a lead after the second, a deal after the third, won after one more.
  int64_t Story() {
    Touch("webinar", "2024-01-10");
    Touch("search", "2024-02-01");
    const int64_t lead = LeadOf("2024-02-02");
    Touch("email", "2024-03-01");
    const int64_t deal = DealOf("2024-03-05", "1000.01 EUR", {LeadId{lead}});
    Touch("event", "2024-04-01");
    Win(deal, "2024-05-01");
    return deal;
  }

  void StoryAndALoss() {
    Story();
    account_ = ledger.OpenAccount();
    Touch("fair", "2024-02-01");
    LoseOn(DealOf("2024-02-02", "50 EUR"), "2024-06-01");
  }

  std::shared_ptr<const AttributionPaths> Paths(const PathRequest& request = {}) {
    auto paths = AssemblePaths(*ledger.Take(), request);
    EXPECT_TRUE(paths.ok()) << paths.status();
    return *paths;
  }
  Table Ask(AttributionModel model, const PathRequest& request = {}) {
    auto table = AttributePaths(*Paths(request), OfModel(model));
    EXPECT_TRUE(table.ok()) << table.status();
    return *std::move(table);
  }
  NumbersByKey Linear(const PathRequest& request = {}, std::string_view column = "share") {
    return ByKey(Ask(AttributionModel::kLinear, request), column);
  }
  std::string Fault(const PathRequest& request) {
    const auto paths = AssemblePaths(*ledger.Take(), request);
    EXPECT_FALSE(paths.ok());
    return std::string(paths.status().message());
  }

  AccountId account_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_ANALYTICS_LEDGER_PATHS_HISTORY_H_
