#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "analytics/ledger_paths_history.h"
#include "model/table_rows.h"
#include "throughline/error.h"

// Paths that a ledger's history gives.

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(LedgerPathsTest, MilestonesBelongToTheLatestTouchBefore) {
  Story();
  ExpectNear(ByKey(Ask(AttributionModel::kW), "share"),
             {{"webinar", 0.3}, {"search", 0.3}, {"email", 0.3}, {"event", 0.1}}, 1e-12);
  ExpectNear(ByKey(Ask(AttributionModel::kU), "share"),
             {{"webinar", 0.4}, {"search", 0.4}, {"email", 0.1}, {"event", 0.1}}, 1e-12);
  ExpectNear(ByKey(Ask(AttributionModel::kFullPath), "share"),
             {{"webinar", 0.25}, {"search", 0.25}, {"email", 0.25}, {"event", 0.25}}, 1e-12);
}

TEST_F(LedgerPathsTest, ADealThatReengagesTakesTheCreationOfTheLeadThatDied) {
  Touch("webinar", "2024-01-01");
  const LeadId lead{LeadOf("2024-01-02")};
  ledger.Must(LeadClose{.lead = lead, .stage = "dead", .reason = "no_response"},
              On("2024-01-20", Mode::kObserve));
  Touch("email", "2024-02-01");
  Win(DealOf("2024-02-02", "90 EUR"), "2024-03-01");
  ExpectNear(ByKey(Ask(AttributionModel::kW), "share"), {{"webinar", 2.0 / 3}, {"email", 1.0 / 3}},
             1e-12);
}

TEST_F(LedgerPathsTest, MoneyAddsUpToTheLastCent) {
  Story();
  const Table table = Ask(AttributionModel::kLinear);
  ExpectNear(ByKey(table, "value"),
             {{"webinar", 250.01}, {"search", 250}, {"email", 250}, {"event", 250}}, 1e-9);
  EXPECT_EQ(table.columns[2].unit, "EUR");
  EXPECT_EQ(table.columns[1].unit, "won opportunities");
}

TEST_F(LedgerPathsTest, RevenueWithoutATouchHasARowOfItsOwn) {
  Story();
  account_ = ledger.OpenAccount();
  Win(DealOf("2024-03-01", "500 EUR"), "2024-03-02");
  Touch("email", "2024-03-03");
  const NumbersByKey value = Linear({}, "value");
  EXPECT_EQ(value.at(kNone), 500) << "its only touch came after the close";
  double all = 0;
  for (const auto& [key, each] : value) all += each;
  EXPECT_NEAR(all, 1500.01, 1e-9);
}

TEST_F(LedgerPathsTest, ATouchAtTheVeryInstantEarnsALaterOneDoesNot) {
  Touch("at", "2024-03-05T10:00:00Z");
  Touch("day", "2024-03-05");
  Touch("after", "2024-03-05T10:00:00.000001Z");
  Win(DealOf("2024-03-01", "100 EUR"), "2024-03-05T10:00:00Z");
  ExpectNear(ByKey(Ask(AttributionModel::kFirst), "share"), {{"day", 1}, {"at", 0}}, 0);
}

TEST_F(LedgerPathsTest, ATouchOfADayComesBeforeAllElseOfTheDay) {
  Touch("midnight", "2024-03-05T00:00:00Z");
  Touch("day", "2024-03-05");
  Win(DealOf("2024-03-01", "100 EUR"), "2024-03-06");
  ExpectNear(ByKey(Ask(AttributionModel::kFirst), "share"), {{"day", 1}, {"midnight", 0}}, 0);
}

TEST_F(LedgerPathsTest, TouchesOfOneInstantGoAsTheyWereRecorded) {
  Touch("b", "2024-03-05T10:00:00Z");
  Touch("a", "2024-03-05T10:00:00Z");
  Win(DealOf("2024-03-01", "100 EUR"), "2024-03-06");
  ExpectNear(ByKey(Ask(AttributionModel::kLast), "share"), {{"a", 1}, {"b", 0}}, 0);
}

TEST_F(LedgerPathsTest, RetractedTouchesNeverEarn) {
  Touch("web", "2024-01-01");
  const int64_t wrong = Touch("bot", "2024-01-02");
  Win(DealOf("2024-02-01", "100 EUR"), "2024-03-01");
  ledger.Must(TouchRetract{.touch = EventRef{EventId{wrong}}, .reason = "spam"});
  ExpectNear(Linear(), {{"web", 1}}, 0);
}

TEST_F(LedgerPathsTest, AsFarAsItWasKnown) {
  ledger.SetNow(*ParseTime("2025-06-01"));
  Touch("web", "2024-01-01");
  Win(DealOf("2024-02-01", "100 EUR"), "2024-03-01");
  const Time then = ledger.now();
  ledger.SetNow(*ParseTime("2025-07-01"));
  Touch("late", "2024-01-15");
  ExpectNear(Linear(), {{"web", 0.5}, {"late", 0.5}}, 1e-12);
  PathRequest request;
  request.report.as_of.known_at = then;
  ExpectNear(Linear(request), {{"web", 1}}, 0);
}

TEST_F(LedgerPathsTest, MergedAccountsAreOneCompany) {
  const AccountId kept = account_;
  Win(DealOf("2024-02-01", "100 EUR"), "2024-03-01");
  account_ = ledger.OpenAccount();
  Touch("web", "2024-01-01");
  ExpectNear(Linear(), {{"web", 0}, {kNone, 1}}, 0);
  ledger.Must(AccountMerge{.account = kept, .merged = account_});
  ExpectNear(Linear(), {{"web", 1}}, 0);
}

// A lead that died, and the deal that took up its chain two quarters later.
TEST_F(LedgerPathsTest, WindowsReachBackAsFarAsTheySay) {
  Touch("ancient", "2022-01-01");
  Touch("webinar", "2024-01-10");
  const int64_t lead = LeadOf("2024-01-11");
  ledger.Must(LeadClose{.lead = LeadId{lead}, .stage = "dead", .reason = "no_response"},
              On("2024-02-20", Mode::kObserve));
  Touch("email", "2024-09-01");
  const int64_t deal = DealOf("2024-09-02", "100 EUR");
  Win(deal, "2024-10-01");
  ExpectNear(Linear(), {{"webinar", 0.5}, {"email", 0.5}}, 1e-12);
  PathRequest request;
  request.window = TouchWindow::kEpisode;
  ExpectNear(Linear(request), {{"email", 1}}, 0);
  request.window = TouchWindow::kEver;
  ExpectNear(Linear(request), {{"ancient", 1.0 / 3}, {"webinar", 1.0 / 3}, {"email", 1.0 / 3}},
             1e-12);
  request.window = TouchWindow::kDays;
  request.window_days = 30;
  ExpectNear(Linear(request), {{"email", 1}}, 0);  // exactly 30 days before the close
  request.window_days = 29;
  ExpectNear(Linear(request), {{kNone, 1}}, 0);
}

TEST_F(LedgerPathsTest, SidesAndAnchors) {
  Story();
  ledger.Must(TouchRecord{.account = account_, .channel = "phone", .kind = "call"},
              On("2024-03-10", Mode::kObserve));
  PathRequest request;
  request.side = TouchSide::kSales;
  ExpectNear(Linear(request), {{"phone", 1}}, 0);
  request.side = TouchSide::kBoth;
  EXPECT_EQ(Linear(request).size(), 5u);
  request.side = TouchSide::kMarketing;
  request.anchor = AttributionAnchor::kOpportunity;
  EXPECT_EQ(Linear(request).size(), 3u);
  request.anchor = AttributionAnchor::kLead;
  ExpectNear(Linear(request), {{"webinar", 0.5}, {"search", 0.5}}, 1e-12);
}

TEST_F(LedgerPathsTest, WhoseTouches) {
  const ContactId ann = Person("Ann"), bob = Person("Bob"), eve = Person("Eve");
  Touch("ann", "2024-01-01", ann);
  Touch("bob", "2024-01-02", bob);
  Touch("eve", "2024-01-03", eve);
  Touch("anonymous", "2024-01-04");
  const int64_t lead = LeadOf("2024-01-05", ann);
  const int64_t deal = DealOf("2024-01-06", "100 EUR", {LeadId{lead}});
  ledger.Must(OpportunityRole{
      .opportunity = OpportunityId{deal}, .contact = bob, .role = "decision_maker"});
  ledger.Must(OpportunityRole{.opportunity = OpportunityId{deal}, .contact = eve, .role = "user"});
  ledger.Must(OpportunityRole{.opportunity = OpportunityId{deal}, .contact = eve, .role = ""});
  Win(deal, "2024-02-01");
  EXPECT_EQ(Linear().size(), 4u);
  PathRequest request;
  request.scope = TouchScope::kRoles;
  ExpectNear(Linear(request), {{"ann", 0.5}, {"bob", 0.5}}, 1e-12);
  request.scope = TouchScope::kLeadContact;
  ExpectNear(Linear(request), {{"ann", 1}}, 0);
}

TEST_F(LedgerPathsTest, RepeatsCountOnce) {
  const ContactId ann = Person("Ann");
  Touch("web", "2024-01-01T10:00:00Z", ann);
  Touch("web", "2024-01-01T10:30:00Z", ann);
  Touch("web", "2024-01-01T10:31:00Z", ann);
  Touch("mail", "2024-01-01T10:32:00Z", ann);
  Win(DealOf("2024-01-06", "100 EUR"), "2024-02-01");
  ExpectNear(Linear(), {{"web", 2.0 / 3}, {"mail", 1.0 / 3}}, 1e-12);
  PathRequest request;
  request.collapse_minutes = 0;
  ExpectNear(Linear(request), {{"web", 0.75}, {"mail", 0.25}}, 1e-12);
  request.collapse_minutes = 60;
  ExpectNear(Linear(request), {{"web", 0.5}, {"mail", 0.5}}, 1e-12);
}

TEST_F(LedgerPathsTest, AnonymousTouchesAreNoRepeats) {
  Touch("web", "2024-01-01T10:00:00Z");
  Touch("web", "2024-01-01T10:01:00Z");
  Win(DealOf("2024-01-06", "100 EUR"), "2024-02-01");
  EXPECT_EQ(Paths()->touches(), 2);
}

TEST_F(LedgerPathsTest, RowsGoByTheKeyAskedFor) {
  const ContactId ann = Person("Ann");
  const CampaignId spring{ledger.Must(CampaignDefine{.name = "Spring"})};
  const int64_t first = Touch("web", "2024-01-31", ann, spring);
  const int64_t second = Touch("mail", "2024-02-01");
  Win(DealOf("2024-02-06", "100 EUR"), "2024-03-01");
  const auto keys = [&](AttributionKey by) {
    PathRequest request;
    request.by = by;
    const Table table = Ask(AttributionModel::kLinear, request);
    EXPECT_EQ(table.columns[0].name, NameOf(by));
    return Keys(table);
  };
  const std::string campaign = "Spring #" + std::to_string(spring.value);
  EXPECT_THAT(keys(AttributionKey::kChannel), ElementsAre("mail", "web"));
  EXPECT_THAT(keys(AttributionKey::kCampaign), ElementsAre("(blank)", campaign));
  EXPECT_THAT(keys(AttributionKey::kSource), ElementsAre("mail / (blank)", "web / " + campaign));
  EXPECT_THAT(keys(AttributionKey::kContact), ElementsAre("(blank)", std::to_string(ann.value)));
  EXPECT_THAT(keys(AttributionKey::kSide), ElementsAre("marketing"));
  EXPECT_THAT(keys(AttributionKey::kMonth), ElementsAre("2024-01", "2024-02"));
  EXPECT_THAT(keys(AttributionKey::kTouch),
              ElementsAre(std::to_string(first), std::to_string(second)));
}

TEST_F(LedgerPathsTest, EachCreditHasItsRecords) {
  StoryAndALoss();
  account_ = ledger.OpenAccount();
  Touch("post", "2024-02-01");
  DealOf("2024-02-03", "70 EUR");
  const auto all = [&](AttributionCredit credit, std::string_view column) {
    PathRequest request;
    request.credit = credit;
    double sum = 0;
    const Table table = Ask(AttributionModel::kLinear, request);
    for (const auto& row : RowsOf(table)) {
      for (size_t i = 0; i < row.size(); ++i) {
        const auto* number = std::get_if<double>(&row[i]);
        if (table.columns[i].name == column && number != nullptr) sum += *number;
      }
    }
    return sum;
  };
  EXPECT_NEAR(all(AttributionCredit::kRevenue, "value"), 1000.01, 1e-9);
  EXPECT_NEAR(all(AttributionCredit::kPipeline, "value"), 1120.01, 1e-9);
  EXPECT_NEAR(all(AttributionCredit::kPipeline, "conversions"), 3, 1e-9);
  EXPECT_NEAR(all(AttributionCredit::kWins, "conversions"), 1, 1e-9);
  EXPECT_EQ(all(AttributionCredit::kWins, "value"), 0);
  EXPECT_NEAR(all(AttributionCredit::kLosses, "value"), 50, 1e-9);
  EXPECT_NEAR(all(AttributionCredit::kLeads, "conversions"), 1, 1e-9);
}

TEST_F(LedgerPathsTest, ThePeriodIsOfWhenItWasWon) {
  Story();
  PathRequest request;
  request.report.from = *ParseDate("2024-05-01");
  request.report.to = *ParseDate("2024-05-01");
  EXPECT_EQ(Paths(request)->paths(), 1);
  request.report.from = request.report.to = *ParseDate("2024-05-02");
  EXPECT_EQ(Paths(request)->paths(), 0);
  EXPECT_TRUE(Ask(AttributionModel::kMarkov, request).rows() == 0);
}

TEST_F(LedgerPathsTest, AmountsAreSplitAndThenConverted) {
  ledger.Must(ExchangeRate{*ParseCurrency("USD"), *ParseCurrency("EUR"), Date{0}, 900'000'000});
  for (const char* channel : {"a", "b", "c"}) Touch(channel, "2024-01-01");
  Win(DealOf("2024-02-01", "100 USD"), "2024-03-01");
  Win(DealOf("2024-04-01", "10 EUR"), "2024-05-01");
  Win(DealOf("2024-06-01", ""), "2024-07-01");
  const Table apart = Ask(AttributionModel::kLinear);
  EXPECT_TRUE(IsEmptyAt(apart, "a", "value"));
  ExpectNear(ByKey(apart, "value_usd"), {{"a", 33.34}, {"b", 33.33}, {"c", 33.33}}, 1e-9);
  ExpectNear(ByKey(apart, "value_eur"), {{"a", 3.34}, {"b", 3.33}, {"c", 3.33}}, 1e-9);
  EXPECT_EQ(apart.parameters.back(), std::pair(std::string("unknown_amounts"), std::string("1")));
  PathRequest request;
  request.report.currency = *ParseCurrency("EUR");
  double all = 0;
  for (const auto& [key, value] : Linear(request, "value")) all += value;
  EXPECT_NEAR(all, 100, 1e-9);
  request.report.currency = *ParseCurrency("JPY");
  EXPECT_THAT(Fault(request), HasSubstr("JPY"));
}

TEST_F(LedgerPathsTest, ExplainsOneDeal) {
  const int64_t deal = Story();
  AttributionRequest request = OfModel(AttributionModel::kW);
  const auto table = ExplainAttribution(*Paths(), request, OpportunityId{deal});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->finding, "4 touches share the credit for opportunity 1 (1000.01 EUR).");
  ASSERT_EQ(table->rows(), 4u);
  std::vector<std::string> channels, milestones;
  double weight = 0, value = 0;
  for (const auto& row : RowsOf(*table)) {
    channels.push_back(std::get<std::string>(row[4]));
    milestones.push_back(std::get<std::string>(row[8]));
    weight += std::get<double>(row[9]);
    value += std::get<double>(row[10]);
  }
  EXPECT_THAT(channels, ElementsAre("webinar", "search", "email", "event"));
  EXPECT_THAT(milestones, ElementsAre("first", "lead", "opportunity", "close"));
  EXPECT_NEAR(weight, 1, 1e-12);
  EXPECT_NEAR(value, 1000.01, 1e-9);
  request.model = AttributionModel::kShapley;
  EXPECT_TRUE(ExplainAttribution(*Paths(), request, OpportunityId{deal}).ok());
  request.model = AttributionModel::kMarkov;
  EXPECT_THAT(
      std::string(ExplainAttribution(*Paths(), request, OpportunityId{deal}).status().message()),
      HasSubstr("markov does not weigh the touches of one path"));
  request.model = AttributionModel::kLinear;
  EXPECT_EQ(ExplainAttribution(*Paths(), request, OpportunityId{99}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(ExplainAttribution(*PathWriter().Path("a").Kept(), request, OpportunityId{1}).ok());
}

TEST_F(LedgerPathsTest, AnOpenDealIsExplainedOfThePipeline) {
  Touch("web", "2024-01-01");
  const int64_t deal = DealOf("2024-02-01", "100 EUR");
  Touch("mail", "2024-03-01");
  PathRequest request;
  request.credit = AttributionCredit::kPipeline;
  const auto table = ExplainAttribution(*Paths(request), OfModel(AttributionModel::kFullPath),
                                        OpportunityId{deal});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(std::get<std::string>(table->at(1, 8)), "close") << "the latest touch so far";
}

TEST_F(LedgerPathsTest, BadOptionsAreRefusedByName) {
  PathRequest request;
  request.by = static_cast<AttributionKey>(77);
  EXPECT_EQ(Fault(request), "by: 77 is none");
  request = {};
  request.window_days = 0;
  EXPECT_EQ(Fault(request), "window_days: 0 is not within 1 and 36500");
  request = {};
  request.collapse_minutes = -1;
  EXPECT_THAT(Fault(request), HasSubstr("collapse_minutes: -1"));
  request = {};
  request.report.group_by = {"owner"};
  EXPECT_THAT(Fault(request), HasSubstr("group_by"));
  request = {};
  request.report.late_days = 3;
  EXPECT_EQ(Fault(request), "late_days: means nothing to paths");
  request = {};
  request.weights = MilestoneWeights{.middle = 90, .stages = {{"wroking", 10}}};
  EXPECT_EQ(Fault(request), "weights.stages: there is no stage 'wroking'");
  EXPECT_FALSE(AssemblePaths(*ledger.Take(), {}, {2, 2}).ok());
}

TEST(LedgerPathsPolicyTest, NamesDirectChannelsAndWeights) {
  std::string json(Policy::DefaultJson());
  json = std::regex_replace(json, std::regex("\"time_zone\""),
                            "\"direct_channels\": [\"typed\"], \"milestone_weights\": {\"first\": "
                            "50, \"middle\": 30, \"stages\": {\"proposal\": 20}}, \"time_zone\"");
  auto policy = Policy::Parse(json);
  ASSERT_TRUE(policy.ok()) << policy.status();
  TestLedger ledger(*policy);
  ledger.Must(PolicyChange{.json = json});
  const AccountId account = ledger.OpenAccount();
  const auto touch = [&](std::string channel, std::string_view when) {
    ledger.Must(TouchRecord{.account = account, .channel = channel, .kind = "form"},
                On(when, Mode::kObserve));
  };
  touch("web", "2024-01-01");
  const int64_t deal =
      ledger.Must(OpportunityOpen{.account = account, .amount = *ParseMoney("100 EUR")},
                  On("2024-01-02", Mode::kObserve));
  touch("mail", "2024-01-03");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{deal}, .stage = "proposal"},
              On("2024-01-04", Mode::kObserve));
  touch("typed", "2024-01-05");
  ledger.Must(OpportunityWin{.opportunity = OpportunityId{deal}}, On("2024-02-01", Mode::kObserve));
  const auto paths = AssemblePaths(*ledger.Take(), {});
  ASSERT_TRUE(paths.ok()) << paths.status();
  const auto last = AttributePaths(**paths, OfModel(AttributionModel::kLastNonDirect));
  ASSERT_TRUE(last.ok()) << last.status();
  ExpectNear(ByKey(*last, "share"), {{"mail", 1}, {"web", 0}, {"typed", 0}}, 0);
  const auto custom = AttributePaths(**paths, OfModel(AttributionModel::kCustom));
  ASSERT_TRUE(custom.ok()) << custom.status();
  ExpectNear(ByKey(*custom, "share"), {{"web", 0.5}, {"mail", 0.2}, {"typed", 0.3}}, 1e-12);
}

}  // namespace
}  // namespace throughline
