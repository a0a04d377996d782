#include <gtest/gtest.h>

#include "core/pure_ledger.h"
#include "core/shown_account.h"
#include "throughline/error.h"

namespace throughline {
namespace {

template <class Row>
int CountOf(const RowSet<Row>& set) {
  int count = 0;
  set.ForEach([&](const Row&) { ++count; });
  return count;
}

class MergeTest : public ::testing::Test {
 protected:
  MergeTest() {
    acme = Open("Acme");
    acme_inc = Open("Acme Inc");
    ann = Add(acme);
    bob = Add(acme_inc);
  }

  AccountId Open(std::string name) { return AccountId{ledger.Must(AccountOpen{.name = name})}; }
  ContactId Add(AccountId account) {
    return ContactId{ledger.Must(ContactAdd{.account = account, .name = "x"})};
  }
  LeadId Lead(ContactId contact, std::string_view when) {
    return LeadId{ledger.Must(LeadOpen{.contact = contact}, On(when))};
  }
  OpportunityId Deal(AccountId account, std::string_view when, std::vector<LeadRef> leads = {}) {
    return OpportunityId{ledger.Must(
        OpportunityOpen{
            .account = account, .leads = std::move(leads), .amount = *ParseMoney("9 EUR")},
        On(when, Mode::kObserve))};  // other systems convert from any stage
  }
  void Kill(LeadId lead, std::string_view when) {
    ledger.Must(LeadClose{lead, "dead", "no_response"}, On(when));
  }
  void Touch(ContactId contact, std::string channel, std::string_view when) {
    ledger.Must(TouchRecord{.contact = contact, .channel = channel, .kind = "webinar"}, On(when));
  }
  void Merge(AccountId account, AccountId merged) {
    ledger.Must(AccountMerge{account, merged, "duplicate"});
  }
  void Unmerge(AccountId account) { ledger.Must(AccountUnmerge{account, "not_the_same"}); }
  std::string RuleOf(const Command& command) {
    return DetailOf(ledger.Execute(command).status()).rule;
  }
  Lineage OfLead(LeadId id) { return ledger.Lead(id.value).lineage; }
  Lineage OfDeal(OpportunityId id) { return ledger.Opportunity(id.value).lineage; }

  PureLedger ledger;
  AccountId acme, acme_inc;
  ContactId ann, bob;
};

// What sales typed in anew, at the company's other entry, comes from where the company came from.
TEST_F(MergeTest, ADealOnTheOtherEntryIsLinkedToThePast) {
  Touch(ann, "webinar", "2023-01-05");
  const LeadId lead = Lead(ann, "2023-01-10");
  Kill(lead, "2023-03-30");
  const OpportunityId deal = Deal(acme_inc, "2023-09-01");
  EXPECT_EQ(OfDeal(deal).link, Link::kNone);
  Merge(acme, acme_inc);
  EXPECT_EQ(OfDeal(deal).link, Link::kReengages);
  EXPECT_EQ(OfDeal(deal).previous_lead, lead);
  EXPECT_EQ(OfDeal(deal).episode, 2);
  EXPECT_EQ(OfDeal(deal).original.channel, "webinar");
  Unmerge(acme_inc);
  EXPECT_EQ(OfDeal(deal), (Lineage{.episode = 1}));
}

TEST_F(MergeTest, EveryEventStaysInItsOwnStream) {
  const LeadId lead = Lead(ann, "2023-01-10");
  Merge(acme, acme_inc);
  ledger.Must(LeadMove{lead, "engaged", "", {}}, On("2023-02-10"));
  const OpportunityId deal = Deal(acme_inc, "2023-09-01", {lead});
  for (const RecordedEvent& event : ledger.History(acme.value)) {
    if (const auto* moved = std::get_if<LeadMoved>(&event.event.payload)) {
      EXPECT_EQ(event.stream, acme) << moved->to.id;
    }
    if (std::holds_alternative<OpportunityOpened>(event.event.payload)) {
      EXPECT_EQ(event.stream, acme_inc);
    }
  }
  EXPECT_EQ(ledger.Lead(lead.value).opportunity, deal);
  EXPECT_EQ(ledger.Lead(lead.value).account, acme);
  EXPECT_EQ(ledger.Opportunity(deal.value).account, acme_inc);
}

TEST_F(MergeTest, AMergedAccountShowsBothAndTheNameOfTheOneItWentInto) {
  Touch(bob, "webinar", "2023-01-05");
  Touch(ann, "paid_search", "2023-02-05");
  Merge(acme, acme_inc);
  const AccountRow shown = ShownAccount(ledger.RowsOf(acme_inc.value), acme_inc);
  EXPECT_EQ(shown.account, acme);
  EXPECT_EQ(shown.name, "Acme");
  EXPECT_EQ(shown.touches, 2);
  EXPECT_EQ(shown.first.channel, "webinar");
  EXPECT_EQ(ledger.Account(acme.value).touches, 1) << "of itself it keeps its own";
}

// Claims of other systems may make a merge known before its leading account.
TEST(ShownAccountTest, WhileTheLeadingAccountIsNotKnownTheAliasShowsItself) {
  PureLedger ledger;
  const auto known = [](std::string_view when) {
    Context context = On(when, Mode::kObserve);
    context.entered_at = context.occurred_at->at;
    return context;
  };
  const AccountId old{ledger.Must(AccountOpen{.name = "Acme"}, known("2024-01-01"))};
  const AccountId leading{ledger.Must(AccountOpen{.name = "Acme Inc"}, known("2024-03-01"))};
  ledger.Must(AccountMerge{.account = leading, .merged = old}, known("2024-02-01"));
  const Rows rows = Fold(ledger.History(old.value), {kMaxTime, *ParseTime("2024-02-15")});
  EXPECT_EQ(ShownAccount(rows, old).name, "Acme");
}

TEST_F(MergeTest, ChainsAreOneGroupAndPartWhereTheyWereJoined) {
  const AccountId third = Open("Acme GmbH");
  const LeadId first = Lead(ann, "2023-01-10");
  Kill(first, "2023-02-01");
  const OpportunityId deal = Deal(third, "2023-05-01");
  Merge(acme_inc, third);
  Merge(acme, acme_inc);
  EXPECT_EQ(OfDeal(deal).previous_lead, first);
  EXPECT_EQ(ShownAccount(ledger.RowsOf(third.value), third).account, acme);
  Unmerge(acme_inc);
  EXPECT_EQ(OfDeal(deal).link, Link::kNone);
  EXPECT_EQ(ShownAccount(ledger.RowsOf(third.value), third).account, acme_inc);
}

TEST_F(MergeTest, WhatMakesNoSenseIsRefused) {
  Merge(acme, acme_inc);
  const AccountId third = Open("Acme GmbH");
  EXPECT_EQ(RuleOf(AccountMerge{acme_inc, acme, ""}), "merged") << "in a circle";
  EXPECT_EQ(RuleOf(AccountMerge{third, acme_inc, ""}), "merged") << "an alias already";
  EXPECT_EQ(RuleOf(AccountUnmerge{acme, ""}), "merged") << "no alias";
  EXPECT_EQ(RuleOf(ContactUnmerge{ann, ""}), "merged") << "no alias";
  EXPECT_EQ(DetailOf(ledger.Execute(AccountMerge{third, third, ""}).status()).field, "merged");
  EXPECT_EQ(DetailOf(ledger.Execute(ContactMerge{ann, ann, ""}).status()).field, "merged");
  EXPECT_EQ(DetailOf(ledger.Execute(ContactMerge{ann, Add(third), ""}).status()).field, "merged");
}

// An import may claim that a later merge was known before the undoing of an earlier one. What was
// known in between is no circle: the merge that was there first counts.
TEST_F(MergeTest, ClaimedTimesCloseNoCircle) {
  const ContactId again = Add(acme);
  const Time between = ledger.now();
  Merge(acme, acme_inc);
  ledger.Must(ContactMerge{ann, again, ""});
  const Time first = ledger.now();
  Unmerge(acme_inc);
  ledger.Must(ContactUnmerge{again, ""});
  Context claimed = On("2023-01-01", Mode::kObserve);
  claimed.entered_at = between;
  ledger.Must(AccountMerge{acme_inc, acme, ""}, claimed);
  ledger.Must(ContactMerge{again, ann, ""}, claimed);
  const Rows rows = Fold(ledger.History(acme.value), {kMaxTime, first});
  EXPECT_EQ(CountOf(rows.accounts), 2);
  EXPECT_EQ(ledger.Account(acme.value).merged_into, acme_inc) << "now";
}

TEST_F(MergeTest, AConversionAcrossIsUndoneWithTheMerge) {
  const LeadId lead = Lead(ann, "2023-01-10");
  Merge(acme, acme_inc);
  const OpportunityId deal = Deal(acme_inc, "2023-09-01", {lead});
  Unmerge(acme_inc);
  EXPECT_EQ(ledger.Lead(lead.value).kind, StageKind::kOpen);
  EXPECT_FALSE(ledger.Lead(lead.value).opportunity);
  EXPECT_EQ(CountOf(ledger.RowsOf(acme_inc.value).opportunity_leads), 0);
  EXPECT_EQ(OfDeal(deal).link, Link::kNone);
}

TEST_F(MergeTest, WhatNamesBothSidesIsListed) {
  Merge(acme, acme_inc);
  const OpportunityId deal = Deal(acme_inc, "2023-09-01");
  ledger.Must(TouchRecord{.contact = ann, .opportunity = deal, .kind = "call"}, On("2023-09-02"));
  const EventId touch = ledger.History(acme.value).back().id;
  Unmerge(acme_inc);
  const auto* unmerged =
      std::get_if<AccountUnmerged>(&ledger.History(acme.value).back().event.payload);
  ASSERT_NE(unmerged, nullptr);
  EXPECT_EQ(unmerged->crossing, std::vector<EventId>{touch});
}

TEST_F(MergeTest, OfMergedContactsAFollowUpCountsForBoth) {
  const ContactId again = Add(acme);
  const LeadId lead = Lead(ann, "2023-01-10");
  const OwnerId rep{ledger.Must(OwnerDefine{})};
  ledger.Must(LeadAssign{lead, rep}, On("2023-01-11"));
  ledger.Must(ContactMerge{ann, again, "duplicate"});
  ledger.Must(TouchRecord{.contact = again, .kind = "call"}, On("2023-01-12"));
  EXPECT_EQ(FormatTime(*ledger.Lead(lead.value).followed_up_at), "2023-01-12T00:00:00Z");
  ledger.Must(ContactUnmerge{again, ""});
  EXPECT_FALSE(ledger.Lead(lead.value).followed_up_at);
}

// Else one of the two would keep what is to be forgotten.
TEST_F(MergeTest, MergedContactsArePartedBeforeTheyAreErased) {
  const ContactId again = Add(acme);
  ledger.Must(ContactMerge{ann, again, "duplicate"});
  EXPECT_EQ(RuleOf(ContactErase{ann, ""}), "merged");
  EXPECT_EQ(RuleOf(ContactErase{again, ""}), "merged");
  ledger.Must(ContactUnmerge{again, ""});
  ledger.Must(ContactErase{ann, ""});
  ledger.Must(ContactErase{again, ""});
  EXPECT_EQ(RuleOf(ContactMerge{ann, again, ""}), "erased");
}

TEST_F(MergeTest, AConversionByMistakeIsUndone) {
  const LeadId lead = Lead(ann, "2023-01-10");
  const OpportunityId deal = Deal(acme, "2023-02-01", {lead});
  EventId opening, conversion;
  for (const RecordedEvent& event : ledger.History(acme.value)) {
    if (std::holds_alternative<OpportunityOpened>(event.event.payload)) opening = event.id;
    if (std::holds_alternative<LeadMoved>(event.event.payload)) conversion = event.id;
  }
  const size_t events = ledger.History(acme.value).size();
  EXPECT_EQ(RuleOf(Void{.event = {opening, ""}, .reason = "mistake"}), "dependents");
  PureLedger before = ledger;  // both ways from here

  ledger.Must(Void{.event = {conversion, ""}, .reason = "mistake"});
  EXPECT_EQ(ledger.Lead(lead.value).kind, StageKind::kOpen);
  EXPECT_EQ(CountOf(ledger.RowsOf(acme.value).opportunity_leads), 0);
  EXPECT_EQ(OfDeal(deal).link, Link::kJoins) << "the deal is kept, beside the lead";
  EXPECT_GT(ledger.History(acme.value).size(), events);

  ledger = before;
  ledger.Must(Void{.event = {opening, ""}, .reason = "mistake", .dependents = true});
  EXPECT_EQ(ledger.Lead(lead.value).kind, StageKind::kOpen);
  EXPECT_EQ(CountOf(ledger.RowsOf(acme.value).opportunities), 0);
}

// An opportunity entered before the old lead was imported is linked when that arrives.
TEST_F(MergeTest, ALeadFoundLaterLinksTheDealThatWasThereFirst) {
  const OpportunityId deal = Deal(acme, "2023-09-01");
  EXPECT_EQ(OfDeal(deal).link, Link::kNone);
  const LeadId lead = Lead(ann, "2023-01-10");
  EXPECT_EQ(OfDeal(deal).link, Link::kJoins) << "as far as is known, the lead is open";
  Kill(lead, "2023-03-30");
  EXPECT_EQ(OfDeal(deal).link, Link::kReengages);
  EXPECT_EQ(OfDeal(deal).previous_lead, lead);
  EXPECT_EQ(OfDeal(deal).episode, 2);
  EXPECT_EQ(OfLead(lead).episode, 1);
}

}  // namespace
}  // namespace throughline
