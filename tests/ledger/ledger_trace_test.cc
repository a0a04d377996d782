#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "throughline/json.h"
#include "throughline/trace.h"

// The through line of a deal and of a lead: what is in it, and what brought it in.

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// A lead that Ann's webinar made and that died, and the deal that Bob's call brought months later.
class TraceTest : public LedgerTest {
 protected:
  TraceTest() {
    account_ = OpenAccount("Acme");
    carl_ = OwnerId{Must(OwnerDefine{.name = "Carl"}).id};
    dora_ = OwnerId{Must(OwnerDefine{.name = "Dora"}).id};
    ann_ = ContactId{Must(ContactAdd{.account = account_, .name = "Ann"}).id};
    bob_ = ContactId{Must(ContactAdd{.account = account_, .name = "Bob"}).id};
    Touch(ann_, "webinar", "2023-01-10");
    lead_ = LeadId{
        Must(LeadOpen{.account = account_, .contact = ann_, .owner = carl_}, Seen("2023-01-12"))
            .id};
    Must(LeadAssign{.lead = lead_, .owner = dora_}, Seen("2023-01-20"));
    Must(LeadClose{lead_, "dead", "no_response"}, Seen("2023-03-30"));
    Touch(bob_, "call_in", "2023-08-20");
    deal_ = OpportunityId{
        Must(OpportunityOpen{.account = account_, .source = "sales"}, Seen("2023-08-25")).id};
    Must(OpportunityWin{.opportunity = deal_, .amount = *ParseMoney("900.00 EUR")},
         Seen("2023-10-01"));
    Touch(ann_, "reply", "2023-11-01");
  }

  static Context Seen(const char* when) { return At(when, Mode::kObserve); }

  Receipt Touch(ContactId contact, const char* kind, const char* when) {
    return Must(
        TouchRecord{.account = account_, .contact = contact, .channel = "web", .kind = kind},
        Seen(when));
  }

  // "event day" of each step.
  static std::vector<std::string> Steps(const Trace& trace) {
    std::vector<std::string> steps;
    for (const TraceStep& step : trace.steps) {
      const Event& event = step.entry.event;
      steps.push_back(std::string(EventName(event.payload)) + " " +
                      FormatDate(DateOf(event.occurred_at)));
    }
    return steps;
  }

  static const TraceStep& StepOf(const Trace& trace, EventId id) {
    for (const TraceStep& step : trace.steps) {
      if (step.entry.id == id) return step;
    }
    ADD_FAILURE() << "no step " << id.seq();
    return trace.steps.front();
  }

  AccountId account_;
  OwnerId carl_, dora_;
  ContactId ann_, bob_;
  LeadId lead_;
  OpportunityId deal_;
};

INSTANTIATE_TEST_SUITE_P(Stores, TraceTest, testing::Values(StoreKind::kMemory, StoreKind::kSqlite),
                         NameOfStore);

TEST_P(TraceTest, OfADealGoesFromTheFirstTouchToItsClose) {
  const Trace trace = *ledger_->TraceOpportunity(deal_);
  EXPECT_THAT(
      Steps(trace),
      ElementsAre("touch_recorded 2023-01-10", "lead_opened 2023-01-12",
                  "lead_handed_off 2023-01-12", "lead_assigned 2023-01-20", "lead_moved 2023-03-30",
                  "touch_recorded 2023-08-20", "opportunity_opened 2023-08-25",
                  "opportunity_valued 2023-10-01", "opportunity_moved 2023-10-01"));
  EXPECT_EQ(trace.sentence,
            "A CRM would call it sales-generated; it starts at a webinar 9 months earlier, on "
            "2023-01-10; closed as dead on 2023-03-30 (no_response); back through another contact "
            "on 2023-08-20; won on 2023-10-01, 900.00 EUR.");
  EXPECT_EQ(trace.opportunity->opportunity, deal_);
  EXPECT_FALSE(trace.lead);
}

TEST_P(TraceTest, SaysWhatBroughtAStepIn) {
  const Trace trace = *ledger_->TraceOpportunity(deal_);
  const TraceLink& first = trace.steps[0].link;
  EXPECT_EQ(first.acquaintance, Acquaintance::kFirst);
  EXPECT_FALSE(first.closed_by);
  const TraceStep& opened = trace.steps[1];
  EXPECT_EQ(opened.link.acquaintance, Acquaintance::kSame);
  EXPECT_EQ(opened.link.lead, lead_);
  EXPECT_EQ(opened.link.owner, carl_);
  EXPECT_EQ(opened.link.silent_days, 2);
  EXPECT_EQ(trace.steps[3].link.owner, dora_);
  const TraceStep& death = trace.steps[4];
  EXPECT_EQ(death.link.owner, dora_);
  EXPECT_EQ(death.link.silent_days, 69);
  const TraceLink& back = trace.steps[5].link;
  EXPECT_EQ(back.acquaintance, Acquaintance::kOther);
  EXPECT_EQ(back.closed_by, death.entry.id);
  EXPECT_EQ(back.days_closed, 143);
  EXPECT_EQ(back.silent_days, 143);
  EXPECT_FALSE(back.lead || back.opportunity);
  EXPECT_EQ(trace.steps[6].link.days_closed, 148);
  EXPECT_EQ(trace.steps[6].link.opportunity, deal_);
  EXPECT_FALSE(trace.steps[7].link.closed_by) << "it is open";
}

TEST_P(TraceTest, OfALeadEndsWithIt) {
  const Trace trace = *ledger_->TraceLead(lead_);
  EXPECT_EQ(trace.steps.size(), 5u);
  EXPECT_EQ(trace.lead->lead, lead_);
  EXPECT_THAT(trace.sentence, HasSubstr("It starts at a webinar 3 months earlier"));
  EXPECT_THAT(trace.sentence, HasSubstr("; dead on 2023-03-30."));
  EXPECT_EQ(ledger_->TraceLead(LeadId{99}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->TraceOpportunity(OpportunityRef("crm", "x")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_P(TraceTest, AConvertedLeadGoesOn) {
  Must(LeadReopen{.lead = lead_}, Seen("2023-12-01"));
  const OpportunityId next{
      Must(OpportunityOpen{.account = account_, .leads = {lead_}}, Seen("2023-12-10")).id};
  const Trace trace = *ledger_->TraceOpportunity(next);
  const TraceStep& opened = trace.steps[trace.steps.size() - 2];
  EXPECT_EQ(opened.link.opportunity, next);
  EXPECT_FALSE(opened.link.closed_by) << "it is the lead that goes on";
  EXPECT_EQ(trace.steps.back().link.lead, lead_);
  const Trace of_lead = *ledger_->TraceLead(lead_);
  EXPECT_EQ(FormatDate(DateOf(of_lead.steps.back().entry.event.occurred_at)), "2023-12-10");
}

TEST_P(TraceTest, LeavesOutWhatIsVoidAndWhatIsAnothers) {
  const size_t before = ledger_->TraceOpportunity(deal_)->steps.size();
  const Receipt touch = Touch(ann_, "reply", "2023-02-01");
  Must(OpportunityOpen{.account = account_, .type = OpportunityType::kExpansion},
       Seen("2023-09-01"));
  EXPECT_EQ(ledger_->TraceOpportunity(deal_)->steps.size(), before + 1);
  Must(Void{.event = {EventId::Of(touch.seq, 0)}, .reason = "mistake"});
  EXPECT_EQ(ledger_->TraceOpportunity(deal_)->steps.size(), before);
}

TEST_P(TraceTest, SaysThroughWhomADealOpened) {
  Must(ContactUpdate{.contact = ann_, .email = "ann@acme.com"});
  const Receipt opened =
      Must(OpportunityOpen{.match = {.email = "ann@acme.com"}}, Seen("2023-12-01"));
  const Trace trace = *ledger_->TraceOpportunity(OpportunityId{opened.id});
  const TraceStep& role = StepOf(trace, EventId::Of(opened.seq, opened.events - 1));
  EXPECT_EQ(std::get<OpportunityRoleSet>(role.entry.event.payload).contact, ann_);
  EXPECT_EQ(role.link.opportunity, OpportunityId{opened.id});
  EXPECT_EQ(role.link.acquaintance, Acquaintance::kSame);
}

TEST_P(TraceTest, SomebodyWhoseRoleEndsIsNotMet) {
  const ContactId eve{Must(ContactAdd{.account = account_, .name = "Eve"}).id};
  const Receipt ends = Must(OpportunityRole{deal_, eve, ""}, Seen("2023-09-02"));
  const Receipt starts = Must(OpportunityRole{deal_, eve, "user"}, Seen("2023-09-03"));
  const Trace trace = *ledger_->TraceOpportunity(deal_);
  EXPECT_EQ(StepOf(trace, EventId::Of(ends.seq, 0)).link.acquaintance, Acquaintance::kNone);
  EXPECT_EQ(StepOf(trace, EventId::Of(starts.seq, 0)).link.acquaintance, Acquaintance::kOther);
}

TEST_P(TraceTest, IsAsOfATime) {
  AsOfRequest early;
  early.through = *ParseTime("2023-09-01");
  const Trace trace = *ledger_->TraceOpportunity(deal_, early);
  EXPECT_EQ(trace.steps.size(), 7u);
  EXPECT_THAT(trace.sentence, HasSubstr("back through another contact on 2023-08-20; discovery"));
  early.through = *ParseTime("2023-03-01");
  const absl::Status unopened = ledger_->TraceOpportunity(deal_, early).status();
  EXPECT_EQ(unopened.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(unopened.message()), HasSubstr("had not opened by 2023-03-01"));
  const AsOfAnswer now = ledger_->TraceLead(lead_)->as_of;
  Touch(ann_, "reply", "2023-02-01");
  AsOfRequest known{.known_at = now.known_at, .seq = now.seq};
  EXPECT_EQ(ledger_->TraceLead(lead_, known)->steps.size(), 5u);
  EXPECT_EQ(ledger_->TraceLead(lead_)->steps.size(), 6u);
  known.seq = LastSeq() + 1;
  EXPECT_EQ(ledger_->TraceLead(lead_, known).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(TraceTest, SaysInWhichMergedAccountAStepWas) {
  const AccountId other = OpenAccount("Acme Inc");
  const Receipt touch =
      Must(TouchRecord{.account = other, .channel = "web", .kind = "form"}, Seen("2023-01-05"));
  Must(AccountMerge{.account = account_, .merged = other});
  const Trace trace = *ledger_->TraceOpportunity(deal_);
  EXPECT_EQ(StepOf(trace, EventId::Of(touch.seq, 0)).entry.stream, other);
  EXPECT_EQ(StepOf(trace, EventId::Of(touch.seq, 0)).link.acquaintance, Acquaintance::kNone);
  EXPECT_THAT(trace.sentence, HasSubstr("starts at a form"));
}

TEST_P(TraceTest, IsJsonOfOneObject) {
  const std::string json = ToJson(*ledger_->TraceOpportunity(deal_));
  EXPECT_THAT(json, StartsWith("{\"opportunity\":1,\"known_at\":"));
  EXPECT_THAT(json, HasSubstr("\"link\":{\"acquaintance\":\"other\",\"silent_days\":143,"
                              "\"closed_by\":\""));
  EXPECT_THAT(json, HasSubstr("\"days_closed\":143}}"));
}

}  // namespace
}  // namespace throughline
