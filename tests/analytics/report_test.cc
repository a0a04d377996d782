#include "throughline/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "analytics/history.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReportTest : public ::testing::Test {
 protected:
  int64_t Lead(std::string_view when, std::string stage = "", std::string source = "") {
    return ledger.Must(LeadOpen{.account = ledger.OpenAccount(), .stage = stage, .source = source},
                       On(when, Mode::kObserve));
  }
  void MoveLead(int64_t lead, std::string stage, std::string_view when) {
    ledger.Must(LeadMove{.lead = LeadId{lead}, .stage = stage}, On(when, Mode::kObserve));
  }
  int64_t Deal(std::string_view when, std::string amount = "", std::vector<LeadRef> leads = {},
               OpportunityType type = OpportunityType::kNone) {
    OpportunityOpen open{.leads = leads, .type = type};
    if (leads.empty()) open.account = ledger.OpenAccount();
    if (!amount.empty()) open.amount = *ParseMoney(amount);
    return ledger.Must(open, On(when, Mode::kObserve));
  }
  void Win(int64_t deal, std::string_view when) {
    ledger.Must(OpportunityWin{.opportunity = OpportunityId{deal}}, On(when, Mode::kObserve));
  }
  void Lose(int64_t deal, std::string_view when) {
    ledger.Must(OpportunityLose{.opportunity = OpportunityId{deal}, .reason = "price"}, On(when));
  }

  TestLedger ledger;
};

// --- What all reports share. ---

TEST_F(ReportTest, UnknownNameIsRefusedWithTheKnownOnes) {
  const absl::Status status = RunReport(*ledger.Take(), "piepline", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("no 'piepline'; there are: pipeline, funnel, sources"));
}

TEST_F(ReportTest, EveryListedReportRunsOnAnEmptyLedger) {
  for (const ReportInfo& info : Reports()) {
    const Table table = ledger.Run(info.name);
    EXPECT_EQ(table.report, info.name);
    EXPECT_THAT(table.finding, HasSubstr("Too little data"));
    EXPECT_FALSE(info.about.empty());
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
    for (const TableColumn& column : table.columns) EXPECT_FALSE(column.definition.empty());
  }
}

TEST_F(ReportTest, ThroughAfterAllThatIsKnownIsRefused) {
  Lead("2024-02-01");
  const auto snapshot = ledger.Take();
  ReportRequest request;
  request.as_of.through = snapshot->recorded_at();
  EXPECT_TRUE(RunReport(*snapshot, "funnel", request).ok());
  request.as_of.through = Time{snapshot->recorded_at().micros + 1};
  const absl::Status status = RunReport(*snapshot, "funnel", request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("through"));
}

TEST_F(ReportTest, AnswersSayWhatTheyWereMadeFrom) {
  Lead("2024-02-01");
  const auto snapshot = ledger.Take();
  Table table = *RunReport(*snapshot, "pipeline", {});
  EXPECT_EQ(table.as_of.through, snapshot->recorded_at());
  EXPECT_EQ(table.as_of.known_at, snapshot->recorded_at());
  EXPECT_EQ(table.as_of.seq, snapshot->seq());
  ReportRequest request;
  request.as_of = {*ParseTime("2024-03-31"), kMaxTime};  // capped at the last commit
  table = *RunReport(*snapshot, "pipeline", request);
  EXPECT_EQ(FormatTime(table.as_of.through), "2024-03-31T00:00:00Z");
  EXPECT_EQ(table.as_of.known_at, snapshot->recorded_at());
}

// What was true on 31 March, and what was known of it then, differ by what was entered late.
TEST_F(ReportTest, LateEntryChangesWhatWasTrueButNotWhatWasKnown) {
  ledger.SetNow(*ParseTime("2024-03-20"));
  const int64_t lead = Lead("2024-03-20", "working");
  ledger.SetNow(*ParseTime("2024-04-15"));
  Deal("2024-03-28", "900 EUR", {LeadId{lead}});
  ledger.SetNow(*ParseTime("2024-05-02"));
  Lead("2024-05-01");

  const Table then = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-03-31"));
  EXPECT_EQ(IntegerAt(then, "working", "count"), 1);
  EXPECT_EQ(IntegerAt(then, "discovery", "count"), 0);
  EXPECT_FALSE(HasColumn(then, "amount_eur"));
  const Table later = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-04-30"));
  EXPECT_EQ(IntegerAt(later, "working", "count"), 0);
  EXPECT_EQ(IntegerAt(later, "converted", "count"), 1);
  EXPECT_EQ(RealAt(later, "discovery", "amount_eur"), 900);
  EXPECT_EQ(IntegerAt(later, "inquiry", "count"), 0);
  EXPECT_EQ(IntegerAt(ledger.Run("pipeline"), "inquiry", "count"), 1);
}

TEST_F(ReportTest, ClaimedEntryDatesCountAsKnown) {
  ledger.SetNow(*ParseTime("2024-06-01"));
  Context imported = On("2024-03-01", Mode::kObserve);
  imported.entered_at = *ParseTime("2024-04-10");
  ledger.Must(LeadOpen{.account = ledger.OpenAccount()}, imported);
  EXPECT_EQ(IntegerAt(ledger.Run("funnel", AsOfDates("2024-03-31", "2024-04-09")), "inquiry",
                      "entered"),
            0);
  EXPECT_EQ(IntegerAt(ledger.Run("funnel", AsOfDates("2024-03-31", "2024-04-10")), "inquiry",
                      "entered"),
            1);
}

TEST_F(ReportTest, AmendmentsAndVoidsCountFromWhenTheyAreKnown) {
  ledger.SetNow(*ParseTime("2024-03-01"));
  const int64_t deal = Deal("2024-03-01", "100 EUR");
  ledger.Must(OpportunityValue{.opportunity = OpportunityId{deal}, .amount = *ParseMoney("500 EUR")},
              On("2024-03-01"));
  const EventId valued = ledger.History(ledger.accounts()[0].value).back().id;
  ledger.SetNow(*ParseTime("2024-04-01"));
  ledger.Must(Amend{.event = {valued}, .changes = {{"amount", "700 EUR"}}, .reason = "typo"});
  ledger.SetNow(*ParseTime("2024-05-01"));
  ledger.Must(Void{.event = {valued}, .reason = "another deal"});
  ledger.SetNow(*ParseTime("2024-06-01"));
  ledger.Must(Void{.event = {ledger.History(ledger.accounts()[0].value).back().id},
                   .reason = "it was this deal"});
  const auto amount_known_at = [&](std::string_view known_at) {
    return RealAt(ledger.Run("pipeline", AsOfDates("2024-03-31", known_at)), "discovery",
                  "amount_eur");
  };
  EXPECT_EQ(amount_known_at("2024-03-31"), 500);
  EXPECT_EQ(amount_known_at("2024-04-30"), 700);
  EXPECT_EQ(amount_known_at("2024-05-31"), 100);
  EXPECT_EQ(amount_known_at("2024-06-30"), 700);
}

// --- Pipeline. ---

TEST_F(ReportTest, PipelineHasOneRowPerStageInThePolicysOrder) {
  Lead("2024-02-01", "mql");
  const Table table = ledger.Run("pipeline");
  std::vector<std::string> stages;
  for (const Stage& stage : Policy::Default()->stages()) stages.push_back(stage.key);
  EXPECT_EQ(Keys(table), stages);
  EXPECT_EQ(IntegerAt(table, "mql", "count"), 1);
  EXPECT_EQ(At(table, "mql", "phase"), Cell("marketing"));
  EXPECT_EQ(At(table, "nurture", "kind"), Cell("parked"));
}

TEST_F(ReportTest, PipelineKeepsCurrenciesApartAndUnknownAmountsOut) {
  Deal("2024-02-01", "100.50 EUR");
  Deal("2024-02-01", "200 EUR");
  Deal("2024-02-01", "50 USD");
  Deal("2024-02-01");
  Win(Deal("2024-02-01"), "2024-02-02");
  const Table table = ledger.Run("pipeline");
  EXPECT_EQ(IntegerAt(table, "discovery", "count"), 4);
  EXPECT_EQ(RealAt(table, "discovery", "amount_eur"), 300.5);
  EXPECT_EQ(RealAt(table, "discovery", "amount_usd"), 50);
  EXPECT_EQ(IntegerAt(table, "discovery", "unknown_amounts"), 1);
  EXPECT_TRUE(IsEmptyAt(table, "won", "amount_eur")) << "unknown is never zero";
  EXPECT_EQ(IntegerAt(table, "won", "unknown_amounts"), 1);
  EXPECT_EQ(RealAt(table, "proposal", "amount_eur"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "inquiry", "amount_eur")) << "leads have no amounts";
  EXPECT_TRUE(IsEmptyAt(table, "inquiry", "unknown_amounts"));
  EXPECT_EQ(table.finding,
            "0 leads and 4 opportunities are open, the opportunities worth 300.50 EUR and "
            "50.00 USD; the amount of 1 more is not known.");
}

TEST_F(ReportTest, PipelineTellsHowLongRecordsHaveWaited) {
  ledger.SetNow(*ParseTime("2024-03-31"));
  Lead("2024-03-01");
  Lead("2024-03-11");
  Lead("2024-03-21");
  Lead("2024-03-27");
  const Table table = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-04-01"));
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "oldest_days"), 30);
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "median_days"), 15);
  EXPECT_TRUE(IsEmptyAt(table, "mql", "median_days"));
  Win(Deal("2024-03-01", "1 EUR"), "2024-03-02");
  EXPECT_TRUE(IsEmptyAt(ledger.Run("pipeline"), "won", "oldest_days")) << "nobody waits there";
}

TEST_F(ReportTest, PipelineCountsReopenedDealsWhereTheyStand) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  Win(deal, "2024-02-10");
  ledger.Must(OpportunityReopen{.opportunity = OpportunityId{deal}}, On("2024-03-01"));
  Table table = ledger.Run("pipeline");
  EXPECT_EQ(IntegerAt(table, "won", "count"), 0);
  EXPECT_EQ(IntegerAt(table, "discovery", "count"), 1);
  Lose(deal, "2024-04-01");
  EXPECT_EQ(IntegerAt(ledger.Run("pipeline"), "lost", "count"), 1);
}

// --- Funnel. ---

TEST_F(ReportTest, FunnelTellsEnteredFromReached) {
  const int64_t lead = Lead("2024-02-01", "inquiry");
  MoveLead(lead, "working", "2024-02-02");
  MoveLead(lead, "inquiry", "2024-02-03");
  MoveLead(lead, "dead", "2024-02-04");
  Lead("2024-02-01", "nurture");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "inquiry", "entered"), 1) << "twice there, counted once";
  EXPECT_EQ(IntegerAt(table, "mql", "entered"), 0);
  EXPECT_EQ(IntegerAt(table, "mql", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "working", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "sql", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "dead", "entered"), 1);
  EXPECT_EQ(IntegerAt(table, "dead", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "disqualified", "reached"), 0) << "dead is not behind it";
  EXPECT_EQ(IntegerAt(table, "nurture", "reached"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "working", "conversion"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "sql", "conversion")) << "a share of nobody";
  EXPECT_TRUE(IsEmptyAt(table, "converted", "conversion"));
  EXPECT_TRUE(IsEmptyAt(table, "dead", "conversion"));
}

TEST_F(ReportTest, FunnelConversionReachesAllOpenStages) {
  const int64_t lead = Lead("2024-02-01", "inquiry");
  Win(Deal("2024-03-01", "10 EUR", {LeadId{lead}}), "2024-04-01");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "sql", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "converted", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "entered"), 0);
  EXPECT_EQ(IntegerAt(table, "won", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "lost", "reached"), 0);
  EXPECT_DOUBLE_EQ(RealAt(table, "negotiation", "conversion"), 1);
}

TEST_F(ReportTest, FunnelOfDealsWithoutLeadsHasNoLeads) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{deal}, .stage = "proposal"},
              On("2024-02-02"));
  Lose(deal, "2024-02-03");
  const Table table = ledger.Run("funnel");
  EXPECT_EQ(IntegerAt(table, "inquiry", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "converted", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "proposal", "reached"), 1);
  EXPECT_EQ(IntegerAt(table, "negotiation", "reached"), 0);
  EXPECT_EQ(IntegerAt(table, "lost", "reached"), 1);
  EXPECT_THAT(table.finding, HasSubstr("Too little data: 0 leads and 1 opportunity."));
}

TEST_F(ReportTest, FunnelFindsTheSteepestFall) {
  for (int i = 0; i < 40; ++i) {
    const int64_t lead = Lead("2024-02-01", "mql");
    if (i < 20) MoveLead(lead, "assigned", "2024-02-02");
    if (i < 4) Win(Deal("2024-02-03", "1 EUR", {LeadId{lead}}), "2024-02-04");
  }
  EXPECT_EQ(ledger.Run("funnel").finding,
            "Of 40 leads, 4 (10.0%) were converted; of 4 opportunities, 4 (100.0%) were won; the "
            "fewest went on from assigned: 4 of 20 (20.0%).");
}

// --- Sources. ---

TEST_F(ReportTest, SourcesCountLeadsAndDealsByOriginalSource) {
  const int64_t lead = Lead("2024-02-01", "accepted", "web");
  Win(Deal("2024-03-01", "10 EUR", {LeadId{lead}}), "2024-04-01");
  Lead("2024-02-01", "mql", "web");
  Lead("2024-02-01", "inquiry", "unknown");
  Lead("2024-02-01", "inquiry");
  Lose(Deal("2024-02-01", "99 EUR"), "2024-02-02");
  const Table table = ledger.Run("sources");
  EXPECT_THAT(Keys(table), ElementsAre("web", "(blank)", "unknown")) << "leads, then name";
  EXPECT_EQ(IntegerAt(table, "web", "leads"), 2);
  EXPECT_EQ(IntegerAt(table, "web", "mql"), 2);
  EXPECT_EQ(IntegerAt(table, "web", "accepted"), 1);
  EXPECT_EQ(IntegerAt(table, "web", "opportunities"), 1);
  EXPECT_EQ(IntegerAt(table, "web", "won"), 1);
  EXPECT_EQ(RealAt(table, "web", "won_amount_eur"), 10);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "win_rate"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "won_per_lead"), 0.5);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 1);
  EXPECT_EQ(RealAt(table, "(blank)", "won_amount_eur"), 0) << "lost deals bring nothing";
  EXPECT_TRUE(IsEmptyAt(table, "unknown", "win_rate"));
  EXPECT_DOUBLE_EQ(RealAt(table, "unknown", "won_per_lead"), 0);
}

TEST_F(ReportTest, SourcesGoByTheSourceAskedFor) {
  const AccountId account = ledger.OpenAccount();
  const ContactId ann{ledger.Must(ContactAdd{.account = account, .name = "Ann"})};
  const auto touch = [&](std::string channel, std::string kind, std::string_view when) {
    ledger.Must(TouchRecord{.account = account, .contact = ann, .channel = channel, .kind = kind},
                On(when));
  };
  touch("advert", "ad_impression", "2024-01-01");
  touch("webinar", "webinar", "2024-01-02");
  touch("search", "form", "2024-01-03");
  const int64_t lead = ledger.Must(LeadOpen{.account = account, .contact = ann}, On("2024-01-04"));
  ReportRequest request;
  EXPECT_THAT(Keys(ledger.Run("sources", request)), ElementsAre("webinar"));
  request.source = SourceChoice::kLatest;
  EXPECT_THAT(Keys(ledger.Run("sources", request)), ElementsAre("search"));
  request.source = SourceChoice::kFirst;
  const Table table = ledger.Run("sources", request);
  EXPECT_THAT(Keys(table), ElementsAre("advert"));
  EXPECT_THAT(table.parameters, ElementsAre(std::pair<std::string, std::string>("source", "first")));
  EXPECT_EQ(ledger.Lead(lead).lineage.original.channel, "webinar");
}

TEST_F(ReportTest, SourcesOfAReengagedLeadAreThoseOfItsChain) {
  const AccountId account = ledger.OpenAccount();
  const int64_t lead =
      ledger.Must(LeadOpen{.account = account, .source = "webinar"}, On("2024-01-04"));
  ledger.Must(LeadClose{.lead = LeadId{lead}, .stage = "dead", .reason = "no_response"},
              On("2024-03-30"));
  ledger.Must(LeadOpen{.account = account, .source = "call_in"}, On("2024-06-01"));
  EXPECT_EQ(IntegerAt(ledger.Run("sources"), "webinar", "leads"), 2);
}

TEST_F(ReportTest, SourcesCountReopenedDealsOnce) {
  const int64_t deal = Deal("2024-02-01", "10 EUR");
  Lose(deal, "2024-02-10");
  ledger.Must(OpportunityReopen{.opportunity = OpportunityId{deal}}, On("2024-03-01"));
  Win(deal, "2024-03-02");
  const Table table = ledger.Run("sources");
  EXPECT_EQ(IntegerAt(table, "(blank)", "won"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 0);
  EXPECT_TRUE(IsEmptyAt(table, "(blank)", "won_per_lead")) << "deals without leads";
}

TEST_F(ReportTest, SourcesKeepFollowOnBusinessApart) {
  Win(Deal("2024-02-01", "10 EUR"), "2024-02-10");
  Win(Deal("2024-02-01", "90 EUR", {}, OpportunityType::kRenewal), "2024-02-10");
  Lose(Deal("2024-02-01", "", {}, OpportunityType::kExpansion), "2024-02-10");
  const Table table = ledger.Run("sources");
  EXPECT_EQ(IntegerAt(table, "(blank)", "opportunities"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "won"), 1);
  EXPECT_EQ(IntegerAt(table, "(blank)", "lost"), 0);
  EXPECT_EQ(RealAt(table, "(blank)", "won_amount_eur"), 10);
  EXPECT_EQ(IntegerAt(table, "(blank)", "follow_on"), 2);
  EXPECT_EQ(IntegerAt(table, "(blank)", "follow_on_won"), 1);
}

TEST_F(ReportTest, SourcesNameTheMostAndTheBest) {
  for (int i = 0; i < 30; ++i) Lead("2024-02-01", "mql", "web");
  for (int i = 0; i < 10; ++i) {
    const int64_t lead = Lead("2024-02-01", "mql", "fair");
    if (i < 5) Win(Deal("2024-02-03", "1 EUR", {LeadId{lead}}), "2024-02-04");
  }
  EXPECT_EQ(ledger.Run("sources").finding,
            "web brought the most leads, 30 of 40 (75.0%), and 0 of 5 won deals; fair won the "
            "most per lead, 5 of 10 (50.0%).");
}

// --- Whole pictures. ---

TEST_F(ReportTest, AllOpen) {
  for (int i = 0; i < 12; ++i) Lead("2024-02-01", "mql", "web");
  EXPECT_EQ(ledger.Run("pipeline").finding, "12 leads and 0 opportunities are open.");
  EXPECT_EQ(ledger.Run("funnel").finding,
            "Of 12 leads, 0 (0.0%) were converted; there are no opportunities; the fewest went on "
            "from mql: 0 of 12 (0.0%).");
  EXPECT_EQ(ledger.Run("sources").finding,
            "web brought the most leads, 12 of 12 (100.0%), and 0 of 0 won deals.");
}

TEST_F(ReportTest, AllLost) {
  for (int i = 0; i < 12; ++i) Lose(Deal("2024-02-01"), "2024-03-01");
  EXPECT_EQ(ledger.Run("pipeline").finding, "0 leads and 0 opportunities are open.");
  const Table sources = ledger.Run("sources");
  EXPECT_DOUBLE_EQ(RealAt(sources, "(blank)", "win_rate"), 0);
  EXPECT_EQ(sources.finding, "Too little data: 0 leads.");
}

TEST_F(ReportTest, OneLead) {
  Lead("2024-02-01");
  EXPECT_EQ(ledger.Run("pipeline").finding, "1 lead and 0 opportunities are open.");
  EXPECT_EQ(ledger.Run("funnel").finding, "Too little data: 1 lead and 0 opportunities.");
  EXPECT_EQ(ledger.Run("sources").finding, "Too little data: 1 lead.");
}

TEST(ReportPolicyTest, MilestonesThatAPolicyLacksAreEmpty) {
  std::string json(Policy::DefaultJson());
  json = std::regex_replace(json, std::regex("\"mql\""), "\"hot\"");
  json = std::regex_replace(json, std::regex("\"MQL\""), "\"Hot\"");
  json = std::regex_replace(json, std::regex("\"marketing qualified lead\", "), "");
  auto policy = Policy::Parse(json);
  ASSERT_TRUE(policy.ok()) << policy.status();
  JournalStore store;
  Event set, opened;
  set.payload = PolicySet{1, json};
  LeadOpened lead;
  lead.lead = LeadId{1};
  lead.stage = {3, Phase::kMarketing, StageKind::kOpen};
  opened.payload = lead;
  store.Append(kNoAccount, "2024-01-01", std::vector<Event>{set});
  store.Append(AccountId{1}, "2024-01-02", std::vector<Event>{opened});
  auto snapshot = Snapshot::Take(store);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Table table = *RunReport(**snapshot, "sources", {});
  EXPECT_TRUE(IsEmptyAt(table, "(blank)", "mql"));
  EXPECT_EQ(IntegerAt(table, "(blank)", "accepted"), 0);
  EXPECT_EQ(IntegerAt(*RunReport(**snapshot, "pipeline", {}), "hot", "count"), 1);
}

// The page tells of every column what the table itself tells.
TEST_F(ReportTest, EveryDefinitionIsInTheDocuments) {
  std::ifstream file(THROUGHLINE_SOURCE_DIR "/docs/reports.md");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(page.empty());
  Win(Deal("2024-02-01", "10 EUR"), "2024-02-10");
  for (const ReportInfo& info : Reports()) {
    EXPECT_THAT(page, HasSubstr("## " + std::string(info.name)));
    for (const TableColumn& column : ledger.Run(info.name).columns) {
      std::string name = column.name, unit = column.unit, definition = column.definition;
      if (unit == "EUR") {
        name.replace(name.size() - 3, 3, "<currency>");
        unit = "the currency";
        definition.replace(definition.find("EUR"), 3, "that currency");
      }
      std::string line = "| `" + name + "` | " + unit + " | " + definition + " |";
      EXPECT_THAT(page, HasSubstr(line)) << info.name;
    }
  }
}

}  // namespace
}  // namespace throughline
