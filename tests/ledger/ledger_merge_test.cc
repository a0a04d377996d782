#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "throughline/trace.h"

namespace throughline {
namespace {

// Acme and Acme Inc: a lead that died at one, a deal that was typed in at the other.
class LedgerMergeTest : public LedgerTest {
 protected:
  void Tell() {
    acme_ = OpenAccount("Acme");
    acme_inc_ =
        AccountId{Must(AccountOpen{.name = "Acme Inc", .external_ids = {{"crm", "A-7"}}}).id};
    Must(TouchRecord{.account = acme_, .channel = "webinar", .kind = "webinar"}, At("2024-01-05"));
    lead_ = LeadId{Must(LeadOpen{.account = acme_}, At("2024-01-10")).id};
    Must(LeadClose{lead_, "dead", "no_response"}, At("2024-03-29"));
    deal_ = OpportunityId{
        Must(OpportunityOpen{.account = acme_inc_, .source = "sales"}, At("2024-08-20")).id};
    before_ = Must(NoteAdd{.account = acme_, .text = "the same?"}).recorded_at;
  }
  Receipt Merge() { return Must(AccountMerge{acme_, acme_inc_, "duplicate"}); }

  std::vector<std::string> Events(AccountId account, const AsOfRequest& as_of = {}) {
    std::vector<std::string> names;
    const TimelinePage page = *ledger_->Timeline(account, {.as_of = as_of});
    for (const TimelineEntry& e : page.items) {
      names.emplace_back(EventName(e.event.payload));
    }
    return names;
  }
  int64_t Differences() {
    const VerifyReport report = *ledger_->Verify();
    for (const std::string& sample : report.samples) ADD_FAILURE() << sample;
    return report.differences;
  }

  AccountId acme_, acme_inc_;
  LeadId lead_;
  OpportunityId deal_;
  Time before_;
};

INSTANTIATE_TEST_SUITE_P(Stores, LedgerMergeTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(LedgerMergeTest, TheUndoingListsWhatNamesPeopleOfTheOtherSide) {
  Tell();
  const ContactId ann{Must(ContactAdd{.account = acme_, .name = "Ann"}).id};
  Must(TouchRecord{.account = acme_, .contact = ann, .kind = "form"});
  Merge();
  const Receipt touch = Must(TouchRecord{.account = acme_inc_, .contact = ann, .kind = "form"});
  const Receipt role = Must(OpportunityRole{deal_, ann, "user"});
  const Receipt lead = Must(LeadOpen{.account = acme_inc_, .contact = ann});
  const Receipt undone = Must(AccountUnmerge{acme_inc_, "mistake"});
  const Commit commit = ledger_->ReadCommits(undone.seq - 1, 1)->front();
  EXPECT_EQ(std::get<AccountUnmerged>(commit.events.front().payload).crossing,
            (std::vector<EventId>{EventId::Of(touch.seq, 0), EventId::Of(role.seq, 0),
                                  EventId::Of(lead.seq, 0)}));
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, TheUndoingPartsPeopleOfBothSides) {
  Tell();
  const ContactId ann{Must(ContactAdd{.account = acme_, .name = "Ann"}).id};
  const ContactId anne{Must(ContactAdd{.account = acme_inc_, .name = "Anne"}).id};
  Merge();
  Must(ContactMerge{.contact = ann, .merged = anne});
  Must(AccountUnmerge{acme_inc_, "mistake"});
  EXPECT_FALSE(ledger_->GetContact(anne)->merged_into);
  EXPECT_EQ(ledger_->GetContact(ann)->aliases, 0);
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, BothAreOneFromThenOn) {
  Tell();
  Merge();
  const OpportunityRow deal = *ledger_->GetOpportunity(deal_);
  EXPECT_EQ(deal.lineage.link, Link::kReengages);
  EXPECT_EQ(deal.lineage.original.channel, "webinar");
  EXPECT_EQ(Events(acme_), Events(acme_inc_));
  const AccountState state = *ledger_->StateOf(AccountRef("crm", "A-7"));
  EXPECT_EQ(state.account.name, "Acme");
  EXPECT_EQ(state.leads.size() + state.opportunities.size(), 2u);
  EXPECT_EQ(state.aliases.at(0).name, "Acme Inc");
  EXPECT_EQ(ledger_->GetAccount(acme_inc_)->merged_into, acme_);
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, AsOfBeforeItTheyAreTwo) {
  Tell();
  const std::vector<std::string> acme = Events(acme_), inc = Events(acme_inc_);
  Merge();
  const AsOfRequest then{.known_at = before_};
  EXPECT_EQ(Events(acme_, then), acme);
  EXPECT_EQ(Events(acme_inc_, then), inc);
  EXPECT_EQ(ledger_->StateOf(acme_inc_, then)->opportunities.at(0).lineage.link, Link::kNone);
}

TEST_P(LedgerMergeTest, ACommandMayNameRecordsOfBoth) {
  Tell();
  const ContactId ann{Must(ContactAdd{.account = acme_, .name = "Ann"}).id};
  const Command call = TouchRecord{.contact = ann, .opportunity = deal_, .kind = "call"};
  EXPECT_EQ(DetailOf(Refused(call)).field, "opportunity");
  Merge();
  EXPECT_EQ(Must(call).account, acme_);
  Must(LeadReopen{lead_}, At("2024-09-01"));
  const Receipt converted = Must(LeadConvert{lead_, deal_}, At("2024-09-02", Mode::kObserve));
  EXPECT_EQ(converted.account, acme_) << "the lead's";
  EXPECT_EQ(ledger_->GetLead(lead_)->opportunity, deal_);
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, UnmergedTheyAreTwoAgain) {
  Tell();
  const AccountState acme = *ledger_->StateOf(acme_), inc = *ledger_->StateOf(acme_inc_);
  Merge();
  Must(AccountUnmerge{AccountRef("crm", "A-7"), "not_the_same"});
  EXPECT_EQ(ledger_->StateOf(acme_)->leads, acme.leads);
  EXPECT_EQ(ledger_->StateOf(acme_inc_)->opportunities, inc.opportunities);
  EXPECT_FALSE(ledger_->GetAccount(acme_inc_)->merged_into);
  EXPECT_EQ(ledger_->GetAccount(acme_)->aliases, 0);
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, RowsCanBeRebuilt) {
  Tell();
  Merge();
  const std::vector<std::string> rows = DumpRows(ledger_->store());
  ASSERT_TRUE(ledger_->Rebuild().ok());
  EXPECT_EQ(DumpRows(ledger_->store()), rows);
}

// No touch brought it back: the only one is older than the death of the lead.
TEST_P(LedgerMergeTest, TheTraceTellsTheReturnInItsPlace) {
  Tell();
  Merge();
  const absl::StatusOr<Trace> trace = ledger_->TraceOpportunity(deal_);
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_NE(trace->sentence.find("closed as dead on 2024-03-29 (no_response); back on 2024-08-20;"),
            std::string::npos)
      << trace->sentence;
}

TEST_P(LedgerMergeTest, AMergeNeedsTwo) {
  Tell();
  const std::vector<std::string> rows = DumpRows(ledger_->store());
  EXPECT_EQ(DetailOf(Refused(AccountMerge{.account = acme_})).field, "merged");
  EXPECT_EQ(DetailOf(Refused(AccountMerge{.merged = acme_})).field, "account");
  EXPECT_EQ(DetailOf(Refused(AccountMerge{acme_, acme_, ""})).field, "merged");
  EXPECT_EQ(DetailOf(Refused(AccountMerge{acme_, AccountId{99}, ""})).field, "merged");
  EXPECT_EQ(DumpRows(ledger_->store()), rows);
}

// What was read for a merge that is refused is not the account's.
TEST_P(LedgerMergeTest, AfterARefusedMergeTheOtherIsAStranger) {
  Tell();
  const AccountId third = OpenAccount("Acme GmbH"), bolt = OpenAccount("Bolt");
  Must(AccountMerge{third, acme_inc_, "duplicate"});
  const std::vector<Request> requests = {{AccountMerge{bolt, acme_inc_, ""}, {}},
                                         {LeadOpen{.account = bolt}, {}}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_FALSE(outcomes[0].ok());
  ASSERT_TRUE(outcomes[1].ok());
  EXPECT_EQ(ledger_->GetLead(LeadId{outcomes[1]->id})->lineage.link, Link::kNone);
  EXPECT_EQ(Differences(), 0);
}

TEST_P(LedgerMergeTest, TheMergeIsTheLastCommandOfItsCommit) {
  Tell();
  const std::vector<Command> commands = {AccountMerge{acme_, acme_inc_, "duplicate"},
                                         NoteAdd{.account = acme_, .text = "merged"}};
  EXPECT_FALSE(ledger_->ExecuteAtomic(commands, {}).ok());
  EXPECT_FALSE(ledger_->GetAccount(acme_inc_)->merged_into);
  std::vector<absl::StatusOr<Receipt>> outcomes;
  std::vector<Request> requests;
  for (const Command& command : commands) requests.push_back({command, {}});
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_TRUE(outcomes[0].ok() && outcomes[1].ok());
}

}  // namespace
}  // namespace throughline
