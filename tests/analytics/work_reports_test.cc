#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/history.h"

// The reports on what became of leads and opportunities, by examples worked by hand.

namespace throughline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using WorkReportTest = ReportTest;

TEST_F(WorkReportTest, FollowUpTellsWhoWasCalledAndHowSoon) {
  const OwnerId ann = Owner("Ann"), bob = Owner("Bob");
  const int64_t soon = Lead("2024-03-01"), late = Lead("2024-03-01"), never = Lead("2024-03-01"),
                dead = Lead("2024-03-01"), other = Lead("2024-02-01");
  for (const int64_t lead : {soon, late, never, dead}) Assign(lead, ann, "2024-03-02T09:00:00Z");
  Assign(other, bob, "2024-02-02T09:00:00Z");
  Call(soon, "2024-03-02T21:00:00Z");
  Call(late, "2024-03-06T09:00:00Z");
  Close(dead, "dead", "no_response", "2024-03-20");
  const Table table = ledger.Run("follow_up", Period("2024-03-01", "2024-03-31"));
  EXPECT_THAT(Keys(table), ElementsAre("Ann"));
  EXPECT_EQ(IntegerAt(table, "Ann", "handed_off"), 4);
  EXPECT_EQ(IntegerAt(table, "Ann", "followed_up"), 2);
  EXPECT_DOUBLE_EQ(RealAt(table, "Ann", "follow_up_rate"), 0.5);
  EXPECT_DOUBLE_EQ(RealAt(table, "Ann", "within_day"), 0.25);
  EXPECT_DOUBLE_EQ(RealAt(table, "Ann", "median_days"), (0.5 + 4) / 2);
  EXPECT_EQ(IntegerAt(table, "Ann", "waiting"), 1);
  EXPECT_EQ(IntegerAt(table, "Ann", "closed"), 1);
  EXPECT_THAT(table.finding, HasSubstr("Too little data"));
}

TEST_F(WorkReportTest, WhereaboutsHasARowForEachLeadThatSalesWasGiven) {
  const OwnerId ann = Owner("Ann");
  const int64_t open = Lead("2024-03-01"), won = Lead("2024-03-01");
  Lead("2024-03-01");  // nobody has it
  Assign(open, ann, "2024-03-02");
  Assign(won, ann, "2024-03-02");
  Call(open, "2024-03-09");
  Win(Deal("2024-03-10", "10 EUR", {LeadRef(LeadId{won})}), "2024-03-20");
  ReportRequest request = Period("2024-03-01", "2024-03-31");
  request.as_of.through = *ParseTime("2024-03-31");
  const Table table = ledger.Run("whereabouts", request);
  ASSERT_EQ(table.rows(), 2u);
  const TableRow first = RowsOf(table)[0];
  EXPECT_EQ(std::get<int64_t>(first[0]), open);
  EXPECT_EQ(std::get<std::string>(first[4]), "open");
  EXPECT_EQ(Time{std::get<int64_t>(first[5])}, *ParseTime("2024-03-02"));
  EXPECT_EQ(std::get<int64_t>(first[6]), 1);
  EXPECT_EQ(Time{std::get<int64_t>(first[7])}, *ParseTime("2024-03-09"));
  EXPECT_DOUBLE_EQ(std::get<double>(first[8]), 22);
  EXPECT_EQ(std::get<std::string>(table.at(1, 4)), "won");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(table.at(1, 8))) << "it is over";
}

TEST_F(WorkReportTest, MovementIsABridgeThatAddsUp) {
  const int64_t won = Deal("2024-01-01", "100 EUR"), grows = Deal("2024-01-01", "10 EUR"),
                back = Deal("2024-01-01", "7 EUR");
  Lose(back, "2024-02-01");
  Deal("2024-03-05", "50 EUR");
  Lose(Deal("2024-03-06", "5 EUR"), "2024-03-07");
  Win(won, "2024-03-10");
  ledger.Must(
      OpportunityValue{.opportunity = OpportunityId{grows}, .amount = *ParseMoney("25 EUR")},
      On("2024-03-11"));
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{back}, .stage = "discovery"},
              On("2024-03-12", Mode::kObserve));
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{grows}, .stage = "proposal"},
              On("2024-03-12", Mode::kObserve));
  Win(grows, "2024-05-01");  // behind the period
  const Table table = ledger.Run("movement", Period("2024-03-01", "2024-04-30"));
  EXPECT_THAT(Keys(table),
              ElementsAre("begin", "opened", "reopened", "revalued", "won", "lost", "end"));
  const std::pair<const char*, std::pair<int64_t, double>> expected[] = {
      {"begin", {2, 110}}, {"opened", {2, 55}}, {"reopened", {1, 7}}, {"revalued", {1, 15}},
      {"won", {1, -100}},  {"lost", {1, -5}},   {"end", {3, 82}}};
  for (const auto& [step, figures] : expected) {
    EXPECT_EQ(IntegerAt(table, step, "count"), figures.first) << step;
    EXPECT_DOUBLE_EQ(RealAt(table, step, "amount_eur"), figures.second) << step;
  }
  EXPECT_THAT(table.finding, HasSubstr("1 advanced"));
}

TEST_F(WorkReportTest, MovementHasWhatCameBackAndWasClosedAgain) {
  const int64_t deal = Deal("2024-01-04", "30 EUR");
  Lose(deal, "2024-02-01");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{deal}, .stage = "discovery"},
              On("2024-04-05", Mode::kObserve));
  Win(deal, "2024-05-10");
  const Table table = ledger.Run("movement", Period("2024-04-01", "2024-06-30"));
  EXPECT_EQ(IntegerAt(table, "begin", "count"), 0);
  EXPECT_EQ(IntegerAt(table, "reopened", "count"), 1);
  EXPECT_EQ(IntegerAt(table, "won", "count"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "reopened", "amount_eur") + RealAt(table, "won", "amount_eur"), 0);
  EXPECT_EQ(IntegerAt(table, "end", "count"), 0);
}

TEST_F(WorkReportTest, FallOffTellsEarlyFromLateAndFromUntested) {
  const OwnerId ann = Owner("Ann");
  const int64_t early = Lead("2024-03-01", "mql"), untested = Lead("2024-03-01"),
                late = Lead("2024-03-01"), unfit = Lead("2024-03-01");
  Close(early, "disqualified", "no_fit", "2024-03-05");
  for (const int64_t lead : {untested, late, unfit}) Assign(lead, ann, "2024-03-02");
  MoveLead(late, "accepted", "2024-03-03");
  MoveLead(unfit, "sql", "2024-03-03");
  Close(untested, "dead", "no_response", "2024-03-31");
  Close(late, "dead", "no_budget", "2024-03-11");
  Close(unfit, "disqualified", "no_fit", "2024-03-21");
  const Table table = ledger.Run("fall_off");
  EXPECT_THAT(Keys(table), ElementsAre("mql", "assigned", "accepted", "sql"));
  EXPECT_EQ(IntegerAt(table, "mql", "early"), 1);
  EXPECT_EQ(IntegerAt(table, "assigned", "untested"), 1);
  EXPECT_EQ(IntegerAt(table, "accepted", "late"), 1);
  EXPECT_EQ(IntegerAt(table, "accepted", "late_unfit"), 0);
  EXPECT_EQ(IntegerAt(table, "sql", "late_unfit"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "sql", "median_days"), 20);
  EXPECT_EQ(Sum(table, "early") + Sum(table, "late") + Sum(table, "untested"), Sum(table, "left"));
}

TEST_F(WorkReportTest, FallOffSaysWhatWasNotKnownWhenSalesAccepted) {
  // Declared by the default policy: those of accounts and leads.
  const int64_t lead = Lead("2024-03-01");
  ledger.Must(AccountUpdate{.account = ledger.accounts()[0], .attributes = {{"industry", "steel"}}},
              On("2024-03-02", Mode::kObserve));
  MoveLead(lead, "accepted", "2024-03-03");
  ledger.Must(AccountUpdate{.account = ledger.accounts()[0], .attributes = {{"segment", "smb"}}},
              On("2024-03-10", Mode::kObserve));
  Close(lead, "disqualified", "no_fit", "2024-03-21");
  const Table table = ledger.Run("fall_off");
  EXPECT_EQ(std::get<std::string>(At(table, "accepted", "missing_then")),
            "segment (1), country (1), employees (1), annual_revenue (1), product (1), "
            "timeframe (1)");
}

TEST_F(WorkReportTest, RepsHaveTheirTouches) {
  const OwnerId ann = Owner("Ann");
  const int64_t lead = Lead("2024-03-01");
  Assign(lead, ann, "2024-03-02");
  for (const char* when : {"2024-03-03", "2024-03-04"}) {
    ledger.Must(TouchRecord{.lead = LeadId{lead},
                            .owner = ann,
                            .channel = "phone",
                            .kind = "call",
                            .side = Side::kSales},
                On(when, Mode::kObserve));
  }
  EXPECT_EQ(IntegerAt(ledger.Run("reps"), "Ann", "touches"), 2);
  EXPECT_EQ(IntegerAt(ledger.Run("reps", Period("2024-03-04", "2024-03-31")), "Ann", "touches"), 1);
  ReportRequest filtered;
  filtered.filters = {{"owner", "Ann"}};
  EXPECT_TRUE(IsEmptyAt(ledger.Run("reps", filtered), "Ann", "touches"));
}

TEST_F(WorkReportTest, RepsAreRankedOnlyWhereEnoughIsKnown) {
  const OwnerId ann = Owner("Ann"), bob = Owner("Bob"), cid = Owner("Cid");
  const auto deals = [&](OwnerId owner, int won, int lost) {
    for (int i = 0; i < won + lost; ++i) {
      const int64_t deal = Deal("2024-03-01", "10 EUR");
      ledger.Must(OpportunityAssign{.opportunity = OpportunityId{deal}, .owner = owner},
                  On("2024-03-01"));
      i < won ? Win(deal, "2024-03-11") : Lose(deal, "2024-03-11");
    }
  };
  deals(ann, 3, 7);
  deals(bob, 6, 6);
  deals(cid, 2, 0);
  const Table table = ledger.Run("reps");
  EXPECT_THAT(Keys(table), ElementsAre("Bob", "Ann", "Cid"));
  EXPECT_EQ(IntegerAt(table, "Bob", "rank"), 1);
  EXPECT_EQ(IntegerAt(table, "Ann", "rank"), 2);
  EXPECT_TRUE(IsEmptyAt(table, "Cid", "rank")) << "two deals say nothing";
  EXPECT_DOUBLE_EQ(RealAt(table, "Ann", "win_rate"), 0.3);
  EXPECT_LT(RealAt(table, "Ann", "win_rate_low"), 0.3);
  EXPECT_DOUBLE_EQ(RealAt(table, "Bob", "cycle_days"), 10);
  EXPECT_DOUBLE_EQ(RealAt(table, "Bob", "won_amount_eur"), 60);
}

TEST_F(WorkReportTest, VelocityCountsWhatIsNotOverYet) {
  const int64_t quick = Lead("2024-03-01"), slow = Lead("2024-03-01");
  Lead("2024-03-01");
  MoveLead(quick, "mql", "2024-03-11");
  MoveLead(slow, "nurture", "2024-03-21");
  ReportRequest request;
  request.as_of.through = *ParseTime("2024-03-31");
  const Table table = ledger.Run("velocity", request);
  EXPECT_EQ(IntegerAt(table, "inquiry", "stays"), 3);
  EXPECT_EQ(IntegerAt(table, "inquiry", "ended"), 2);
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "quarter_days"), 10);
  EXPECT_DOUBLE_EQ(RealAt(table, "inquiry", "median_days"), 20);
  EXPECT_TRUE(IsEmptyAt(table, "inquiry", "three_quarters_days"));
  EXPECT_NEAR(RealAt(table, "inquiry", "went_on_90"), 1.0 / 3, 1e-12);
  EXPECT_NEAR(RealAt(table, "inquiry", "left_90"), 1.0 / 3, 1e-12);
}

TEST_F(WorkReportTest, SalesVelocityIsOfOpenDealsAlone) {
  for (int i = 0; i < 10; ++i) {
    const int64_t deal = Deal("2024-01-01", "100 EUR");
    i < 5 ? Win(deal, "2024-01-11") : Lose(deal, "2024-01-31");
  }
  Deal("2024-02-01", "5 EUR");
  const int64_t parked = Deal("2024-02-01", "5 EUR");
  ledger.Must(OpportunityMove{.opportunity = OpportunityId{parked}, .stage = "on_hold"},
              On("2024-02-02", Mode::kObserve));
  ReportRequest request;
  request.as_of.through = *ParseTime("2024-03-01");
  EXPECT_THAT(ledger.Run("velocity", request).finding,
              HasSubstr("Sales velocity: 5.00 EUR a day: 1 open opportunity, of those closed 50.0% "
                        "won, half of these within 10.0 days."));
}

TEST_F(WorkReportTest, FindingsOfGroupedReportsAreOfAll) {
  const OwnerId ann = Owner("Ann"), bob = Owner("Bob");
  for (int i = 0; i < 12; ++i) {
    const int64_t lead = Lead("2024-01-02");
    Assign(lead, i < 6 ? ann : bob, "2024-01-03");
    if (i % 2 == 0) MoveLead(lead, "mql", "2024-01-05");
  }
  ReportRequest request;
  request.group_by = {"owner"};
  EXPECT_THAT(ledger.Run("cohorts", request).finding, HasSubstr("Of 12 records that came to"));
  EXPECT_EQ(ledger.Run("campaigns", request).finding, "12 leads.");
}

TEST_F(WorkReportTest, CampaignsReturnWhatTheirLeadsBroughtWheneverItCame) {
  const CampaignId fair{ledger.Must(CampaignDefine{.name = "Fair"})};
  const CampaignId idle{ledger.Must(CampaignDefine{.name = "Idle"})};
  const auto spend = [&](CampaignId campaign, std::string_view day, std::string_view amount) {
    ledger.Must(CampaignCost{
        .campaign = campaign, .spent_on = *ParseDate(day), .amount = *ParseMoney(amount)});
  };
  spend(fair, "2024-03-01", "40 EUR");
  spend(fair, "2024-06-01", "99 EUR");
  spend(idle, "2024-03-02", "5 EUR");
  const AccountId account = ledger.OpenAccount();
  ledger.Must(TouchRecord{.account = account, .campaign = fair, .channel = "fair", .kind = "form"},
              On("2024-03-03"));
  const int64_t lead = ledger.Must(LeadOpen{.account = account}, On("2024-03-04"));
  Win(Deal("2024-03-20", "100 EUR", {LeadRef(LeadId{lead})}), "2024-09-01");
  const Table table = ledger.Run("campaigns", Period("2024-03-01", "2024-03-31"));
  const std::string name = "Fair #" + std::to_string(fair.value);
  EXPECT_EQ(IntegerAt(table, name, "responses"), 1);
  EXPECT_EQ(IntegerAt(table, name, "leads"), 1);
  EXPECT_EQ(IntegerAt(table, name, "won"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, name, "cost_eur"), 40);
  EXPECT_DOUBLE_EQ(RealAt(table, name, "cost_per_lead"), 40);
  EXPECT_DOUBLE_EQ(RealAt(table, name, "revenue_eur"), 100);
  EXPECT_DOUBLE_EQ(RealAt(table, name, "return_on_investment"), 1.5);
  EXPECT_DOUBLE_EQ(RealAt(table, name, "attributed_eur"), 0) << "nothing was won in March";
  const Table autumn = ledger.Run("campaigns", Period("2024-06-01", "2024-09-30"));
  EXPECT_DOUBLE_EQ(RealAt(autumn, name, "attributed_eur"), 100);
  EXPECT_DOUBLE_EQ(RealAt(autumn, name, "attributed_return"), 1.0 / 99);
  EXPECT_DOUBLE_EQ(RealAt(autumn, name, "revenue_eur"), 0) << "its lead is of March";
  const std::string other = "Idle #" + std::to_string(idle.value);
  EXPECT_DOUBLE_EQ(RealAt(table, other, "return_on_investment"), -1) << "nothing came of it";
  ReportRequest of_part = Period("2024-03-01", "2024-03-31");
  of_part.filters = {{"channel", "fair"}};
  const Table part = ledger.Run("campaigns", of_part);
  EXPECT_THAT(Keys(part), ElementsAre(name)) << "the other has nothing to do with it";
  EXPECT_EQ(IntegerAt(part, name, "leads"), 1);
  EXPECT_TRUE(IsEmptyAt(part, name, "cost_per_lead")) << "the cost was for more than these";
  EXPECT_TRUE(IsEmptyAt(part, name, "return_on_investment"));
  EXPECT_TRUE(IsEmptyAt(part, name, "responses")) << "not counted, so not 0";
  spend(fair, "2024-03-05", "7 USD");
  of_part.currency = *ParseCurrency("EUR");
  EXPECT_EQ(Keys(ledger.Run("campaigns", of_part)), Keys(part)) << "no rate is needed";
}

TEST_F(WorkReportTest, TheScorecardSetsThePeriodBesideTheLast) {
  const OwnerId ann = Owner("Ann");
  for (const char* day : {"2024-02-10", "2024-05-01", "2024-05-02", "2024-06-30"}) {
    const int64_t lead = Lead("2024-01-05");
    MoveLead(lead, "mql", day);
    Assign(lead, ann, day);
  }
  const AccountId account = ledger.OpenAccount();
  ledger.Must(TouchRecord{.account = account, .channel = "web", .kind = "form"}, On("2024-04-01"));
  Win(ledger.Must(OpportunityOpen{.account = account, .amount = *ParseMoney("30 EUR")},
                  On("2024-04-02", Mode::kObserve)),
      "2024-05-20");
  Lose(Deal("2024-01-05", "10 EUR"), "2024-06-01");
  const Table table = ledger.Run("scorecard", Period("2024-04-01", "2024-06-29"));
  EXPECT_DOUBLE_EQ(RealAt(table, "mql", "this_period"), 2);
  EXPECT_DOUBLE_EQ(RealAt(table, "mql", "last_period"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "mql", "change"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "responses", "this_period"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "follow_up_rate", "this_period"), 0);
  EXPECT_DOUBLE_EQ(RealAt(table, "win_rate", "this_period"), 50);
  EXPECT_TRUE(IsEmptyAt(table, "win_rate", "last_period"));
  EXPECT_DOUBLE_EQ(RealAt(table, "sourced_won", "this_period"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "sourced_won_amount", "this_period"), 30);
  EXPECT_DOUBLE_EQ(RealAt(table, "pipeline_created", "last_period"), 10);
  ReportRequest quarter;
  quarter.as_of.through = *ParseTime("2024-05-15T00:00:00Z");
  EXPECT_DOUBLE_EQ(RealAt(ledger.Run("scorecard", quarter), "mql", "this_period"), 2);
  EXPECT_DOUBLE_EQ(RealAt(ledger.Run("scorecard", quarter), "mql", "last_period"), 1)
      << "of the same days of the quarter before";
}

TEST_F(WorkReportTest, ThePipelineOfAPeriodIsThatOfItsEnd) {
  Win(Deal("2024-01-05", "10 EUR"), "2024-05-01");
  Deal("2024-04-02", "20 EUR");
  const Table march = ledger.Run("pipeline", Period("2024-01-01", "2024-03-31"));
  EXPECT_EQ(Sum(march, "count"), 1);
  EXPECT_EQ(IntegerAt(march, "won", "count"), 0);
  EXPECT_EQ(FormatTime(march.as_of.through), "2024-03-31T23:59:59.999999Z");
  const Table movement = ledger.Run("movement", Period("2024-01-01", "2024-03-31"));
  EXPECT_EQ(IntegerAt(movement, "end", "count"), 1);
  const Table now = ledger.Run("pipeline", Period("2024-01-01", "2034-03-31"));
  EXPECT_EQ(IntegerAt(now, "won", "count"), 1);
  EXPECT_EQ(Sum(now, "count"), 2);
}

TEST_F(WorkReportTest, TheScorecardSetsWholeQuartersBesideWholeQuarters) {
  for (const char* day : {"2023-10-01", "2023-12-31", "2024-01-01", "2024-03-31"}) {
    Win(Deal("2023-01-05", "10 EUR"), day);
  }
  const auto wins = [&](const ReportRequest& request) {
    const Table table = ledger.Run("scorecard", request);
    const auto period = std::ranges::find(table.parameters, "last_period",
                                          &std::pair<std::string, std::string>::first);
    return std::pair(RealAt(table, "won", "last_period"),
                     period == table.parameters.end() ? "" : period->second);
  };
  ReportRequest quarter;
  quarter.as_of.through = Time{ParseTime("2024-04-01")->micros - 1};
  const std::pair whole(2.0, std::string("2023-10-01 to 2023-12-31"));
  EXPECT_EQ(wins(quarter), whole) << "its days are two more";
  EXPECT_EQ(wins(Period("2024-01-01", "2024-03-31")), whole);
  quarter.as_of.through = *ParseTime("2024-03-30T23:59:59Z");
  EXPECT_EQ(wins(quarter), std::pair(1.0, std::string("2023-10-01 to 2023-12-29")));
  EXPECT_EQ(wins(Period("2024-01-02", "2024-03-31")),
            std::pair(2.0, std::string("2023-10-04 to 2024-01-01")));
}

TEST_F(WorkReportTest, TheScorecardSaysWhatItsSumsLack) {
  Win(Deal("2024-02-01", "10 EUR"), "2024-03-01");
  const AccountId account = ledger.OpenAccount();
  ledger.Must(OpportunityOpen{.account = account}, On("2024-02-02", Mode::kObserve));
  const Table table = ledger.Run("scorecard", Period("2024-01-01", "2024-03-31"));
  EXPECT_DOUBLE_EQ(RealAt(table, "unknown_pipeline", "this_period"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "unknown_won", "this_period"), 0);
  EXPECT_EQ(Sum(ledger.Run("sources"), "unknown_pipeline"), 1);
  ReportRequest part = Period("2024-01-01", "2024-03-31");
  part.filters = {{"owner", "(blank)"}};
  EXPECT_TRUE(IsEmptyAt(ledger.Run("scorecard", part), "responses", "this_period"));
}

TEST_F(WorkReportTest, ResurrectionTellsWhatCameBackAndWhatMight) {
  const auto open = [&](AccountId account, std::string_view when) {
    return ledger.Must(LeadOpen{.account = account}, On(when));
  };
  const auto respond = [&](AccountId account, std::string_view when) {
    ledger.Must(TouchRecord{.account = account, .channel = "web", .kind = "form"}, On(when));
  };
  const AccountId back = ledger.OpenAccount(), alive = ledger.OpenAccount(),
                  quiet = ledger.OpenAccount();
  for (const AccountId account : {back, alive, quiet}) {
    Close(open(account, "2024-01-01"), "dead", "no_response", "2024-02-01");
  }
  respond(back, "2024-03-01");
  const int64_t again = open(back, "2024-03-02");
  Win(Deal("2024-03-05", "30 EUR", {LeadRef(LeadId{again})}), "2024-03-20");
  respond(alive, "2024-04-01");
  const Table table = ledger.Run("resurrection");
  EXPECT_EQ(IntegerAt(table, "web", "reengaged"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "dormant_days"), 30);
  EXPECT_EQ(IntegerAt(table, "web", "opportunities"), 1);
  EXPECT_EQ(IntegerAt(table, "web", "won"), 1);
  EXPECT_DOUBLE_EQ(RealAt(table, "web", "won_amount_eur"), 30);
  EXPECT_EQ(Sum(table, "signs_of_life"), 1) << "of the one that is alive";
}

}  // namespace
}  // namespace throughline
