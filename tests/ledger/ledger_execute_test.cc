#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ExecuteTest : public LedgerTest {};

INSTANTIATE_TEST_SUITE_P(Stores, ExecuteTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

LeadOpen LeadIn(AccountId account) {
  LeadOpen open;
  open.account = account;
  return open;
}

LeadMove MoveTo(LeadId lead, std::string stage) {
  return {.lead = lead, .stage = std::move(stage)};
}

TEST_P(ExecuteTest, FoundsTheLedgerWithThePolicyAsCommitOne) {
  const std::vector<Commit> commits = *ledger_->ReadCommits(0, 10);
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_EQ(commits[0].head.seq, 1);
  EXPECT_EQ(commits[0].head.account, kNoAccount);
  EXPECT_EQ(commits[0].head.policy, 1);
  const auto* set = std::get_if<PolicySet>(&commits[0].events.at(0).payload);
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->json, Policy::DefaultJson());
  EXPECT_EQ(ledger_->CurrentPolicy()->version, 1);
}

TEST_P(ExecuteTest, ReceiptNamesTheCommitAndWhatWasOpened) {
  const AccountId account = OpenAccount("Acme");
  const Receipt receipt = Must(LeadIn(account));
  EXPECT_EQ(receipt.seq, 3);
  EXPECT_EQ(receipt.account, account);
  EXPECT_EQ(receipt.version, 2);
  EXPECT_EQ(receipt.events, 1);
  EXPECT_EQ(receipt.entity, EntityKind::kLead);
  EXPECT_EQ(receipt.id, 1);
  EXPECT_FALSE(receipt.repeated);
  EXPECT_EQ(ledger_->GetAccount(account)->version, 2);
  EXPECT_EQ(ledger_->GetLead(LeadId{1})->account, account);
  EXPECT_EQ(ledger_->ReadCommits(2, 10)->at(0).head.recorded_at, receipt.recorded_at);
}

TEST_P(ExecuteTest, ResolvesExternalIdsAlsoOfWhatTheSameBatchOpened) {
  AccountOpen account{.name = "Acme", .external_ids = {{"crm", "A-1"}}};
  LeadOpen lead{.account = AccountRef("crm", "A-1"), .external_ids = {{"crm", "L-1"}}};
  LeadMove move{.lead = LeadRef("crm", "L-1"), .stage = "mql"};
  const std::vector<Command> commands = {account, lead, move};
  const Receipt receipt = *ledger_->ExecuteAtomic(commands, {});
  EXPECT_EQ(receipt.entity, EntityKind::kAccount);
  EXPECT_EQ(receipt.events, 3);
  EXPECT_EQ(receipt.version, 1);
  EXPECT_EQ(ledger_->GetLead(LeadRef("crm", "L-1"))->stage, 3);
  EXPECT_THAT(*ledger_->GetExternalIds(EntityKind::kLead, 1),
              ElementsAre(ExternalId{"crm", "L-1"}));
}

TEST_P(ExecuteTest, LaterCommandsCanMeanWhatWasOpenedBefore) {
  const std::vector<Command> commands = {
      AccountOpen{.name = "Acme"}, ContactAdd{.account = AccountRef::OpenedBefore(), .name = "Ada"},
      LeadOpen{.account = AccountRef::OpenedBefore(), .contact = ContactRef::OpenedBefore()},
      LeadMove{.lead = LeadRef::OpenedBefore(), .stage = "sql"},
      OpportunityOpen{.account = AccountRef::OpenedBefore(), .leads = {LeadRef::OpenedBefore()}}};
  const Receipt receipt = *ledger_->ExecuteAtomic(commands, {});
  EXPECT_EQ(receipt.events, 6);  // the lead is converted
  EXPECT_EQ(ledger_->GetLead(LeadId{1})->contact, ContactId{1});
  EXPECT_EQ(ledger_->GetLead(LeadId{1})->kind, StageKind::kConverted);
  EXPECT_EQ(ledger_->GetOpportunity(OpportunityId{1})->account, receipt.account);
}

TEST_P(ExecuteTest, WhatWasOpenedBeforeIsTheLast) {
  const AccountId one = OpenAccount("One"), two = OpenAccount("Two");
  const LeadMove move{.lead = LeadRef::OpenedBefore(), .stage = "mql"};
  const std::vector<Request> requests = {
      {LeadIn(one), {}}, {move, {}}, {LeadIn(two), {}}, {LeadIn(one), {}}, {move, {}}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_EQ(ledger_->ExecuteAll(requests, outcomes), absl::OkStatus());
  const int64_t inquiry = ledger_->GetLead(LeadId{2})->stage;
  EXPECT_NE(ledger_->GetLead(LeadId{1})->stage, inquiry);
  EXPECT_NE(ledger_->GetLead(LeadId{3})->stage, inquiry);
}

// Not the one before it: that would be another record than was meant.
TEST_P(ExecuteTest, WhatWasRefusedIsNotOpenedBefore) {
  const AccountId account = OpenAccount("Acme");
  LeadOpen refused = LeadIn(account);
  refused.stage = "no such stage";
  const LeadMove move{.lead = LeadRef::OpenedBefore(), .stage = "mql"};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  const std::vector<Request> requests = {{LeadIn(account), {}}, {refused, {}}, {move, {}}};
  ASSERT_EQ(ledger_->ExecuteAll(requests, outcomes), absl::OkStatus());
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_EQ(outcomes[2].status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DetailOf(outcomes[2].status()).field, "lead");
  EXPECT_THAT(std::string(outcomes[2].status().message()), HasSubstr("was refused"));
}

TEST_P(ExecuteTest, NothingIsOpenedBeforeTheFirstCommand) {
  const LeadMove move{.lead = LeadRef::OpenedBefore(), .stage = "mql"};
  const absl::Status status = Refused(move);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DetailOf(status).field, "lead");
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_EQ(ledger_->ExecuteAll(std::vector<Request>{{move, {}}}, outcomes), absl::OkStatus());
  EXPECT_EQ(outcomes[0].status(), status);
  EXPECT_EQ(ledger_->ExecuteAtomic(std::vector<Command>{move}, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->GetLead(LeadRef::OpenedBefore()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Also when the request that opened it is repeated.
TEST_P(ExecuteTest, WhatARepeatedRequestOpenedIsOpenedBefore) {
  const AccountId account = OpenAccount("Acme");
  const LeadMove move{.lead = LeadRef::OpenedBefore(), .stage = "mql"};
  const std::vector<Request> requests = {{LeadIn(account), {.request_id = "r-1"}},
                                         {move, {.request_id = "r-2"}}};
  std::vector<absl::StatusOr<Receipt>> first, second;
  ASSERT_EQ(ledger_->ExecuteAll(requests, first), absl::OkStatus());
  ASSERT_EQ(ledger_->ExecuteAll(requests, second), absl::OkStatus());
  EXPECT_TRUE(second[0]->repeated);
  EXPECT_TRUE(second[1]->repeated);
  EXPECT_EQ(second[1]->seq, first[1]->seq);
}

TEST_P(ExecuteTest, AtomicIsAllOrNothing) {
  const AccountId account = OpenAccount("Acme");
  const std::vector<std::string> before = DumpRows(ledger_->store());
  const std::vector<Command> commands = {LeadIn(account), MoveTo(LeadId{1}, "mql"),
                                         MoveTo(LeadId{1}, "no such stage")};
  const absl::Status status = ledger_->ExecuteAtomic(commands, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).field, "commands[2].stage");
  EXPECT_THAT(std::string(status.message()), HasSubstr("commands[2].stage: "));
  EXPECT_EQ(DumpRows(ledger_->store()), before);
  EXPECT_EQ(LastSeq(), 2);
  EXPECT_EQ(Must(LeadIn(account)).id, 1) << "ids of a refused batch are given out again";
}

TEST_P(ExecuteTest, AtomicConcernsOneAccount) {
  const AccountId one = OpenAccount("One");
  const AccountId two = OpenAccount("Two");
  const std::vector<Command> commands = {LeadIn(one), LeadIn(two)};
  const absl::Status status = ledger_->ExecuteAtomic(commands, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).field, "commands[1].account");
  const std::vector<Command> opens = {LeadIn(one), AccountOpen{.name = "Three"}};
  EXPECT_FALSE(ledger_->ExecuteAtomic(opens, {}).ok());
}

TEST_P(ExecuteTest, ExecuteAllGivesOneOutcomeEach) {
  const AccountId account = OpenAccount("Acme");
  const std::vector<Request> requests = {{LeadIn(account), {}},
                                         {MoveTo(LeadId{1}, "nowhere"), {}},
                                         {MoveTo(LeadId{1}, "mql"), {}},
                                         {OwnerDefine{.name = "Ann"}, {}}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  ASSERT_EQ(outcomes.size(), 4u);
  EXPECT_EQ(outcomes[0]->id, 1);
  EXPECT_EQ(DetailOf(outcomes[1].status()).field, "stage");
  EXPECT_EQ(outcomes[2]->version, 3);
  EXPECT_EQ(outcomes[3]->entity, EntityKind::kOwner);
  EXPECT_EQ(LastSeq(), 5);
}

TEST_P(ExecuteTest, BatchesHaveALimit) {
  const AccountId account = OpenAccount("Acme");
  std::vector<Command> commands(kMaxCommandsPerCall + 1, NoteAdd{.account = account, .text = "n"});
  EXPECT_EQ(DetailOf(ledger_->ExecuteAtomic(commands, {}).status()).field, "commands");
  commands.pop_back();
  EXPECT_EQ(ledger_->ExecuteAtomic(commands, {})->events,
            static_cast<int64_t>(kMaxCommandsPerCall));
  EXPECT_EQ(DetailOf(ledger_->ExecuteAtomic({}, {}).status()).field, "commands");
  const std::vector<Request> requests(kMaxCommandsPerCall + 1);
  std::vector<absl::StatusOr<Receipt>> outcomes;
  EXPECT_EQ(DetailOf(ledger_->ExecuteAll(requests, outcomes)).field, "requests");
  EXPECT_TRUE(ledger_->ExecuteAll({}, outcomes).ok());
  EXPECT_THAT(outcomes, IsEmpty());
}

TEST_P(ExecuteTest, VersionConflictCarriesTheCurrentVersion) {
  const AccountId account = OpenAccount("Acme");
  Must(LeadIn(account));
  Context stale;
  stale.expected_version = 1;
  const absl::Status status = Refused(MoveTo(LeadId{1}, "mql"), stale);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(DetailOf(status).version, 2);
  EXPECT_EQ(DetailOf(status).account, account.value);
  stale.expected_version = 2;
  EXPECT_EQ(Must(MoveTo(LeadId{1}, "mql"), stale).version, 3);
}

TEST_P(ExecuteTest, VersionsOutsideAccountsAreThoseOfTheEntity) {
  const OwnerId ann{Must(OwnerDefine{.name = "Ann"}).id};
  Must(OwnerDefine{.name = "Bob"});
  Context context;
  context.expected_version = 1;
  EXPECT_EQ(Must(OwnerDefine{.owner = ann, .name = "Anna"}, context).version, 4);
  const absl::Status status = Refused(OwnerDefine{.owner = ann, .name = "A"}, context);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(DetailOf(status).version, 2);
  context.expected_version = 0;
  Must(CampaignDefine{.name = "Spring"}, context);
  context.expected_version = 1;
  Must(
      CampaignCost{
          .campaign = CampaignId{1}, .spent_on = Date{20'000}, .amount = *ParseMoney("5.00 EUR")},
      context);
  Must(PolicyChange{.json = std::string(Policy::DefaultJson())}, context);
  EXPECT_EQ(Refused(PolicyChange{.json = std::string(Policy::DefaultJson())}, context).code(),
            absl::StatusCode::kAborted);
  const ExchangeRate rate{*ParseCurrency("EUR"), *ParseCurrency("USD"), Date{20'000},
                          1'100'000'000};
  EXPECT_EQ(DetailOf(Refused(rate, context)).field, "expected_version");
}

TEST_P(ExecuteTest, PolicyHoldsForLaterCommandsOnlyIfItIsCommitted) {
  const AccountId account = OpenAccount("Acme");
  std::string json(Policy::DefaultJson());
  const size_t at = json.find("\"Inquiry\"");
  json.replace(at, 9, "\"Anfrage\"");
  const std::vector<Command> refused = {PolicyChange{.json = json}, CampaignCost{}};
  EXPECT_FALSE(ledger_->ExecuteAtomic(refused, {}).ok());
  EXPECT_EQ(ledger_->CurrentPolicy()->version, 1);
  Must(LeadIn(account));
  EXPECT_EQ(ledger_->ReadCommits(2, 1)->at(0).head.policy, 1);
  Must(PolicyChange{.json = json});
  EXPECT_EQ(ledger_->CurrentPolicy()->version, 2);
  EXPECT_EQ(ledger_->CurrentPolicy()->policy->FindStage("inquiry")->name, "Anfrage");
  Must(MoveTo(LeadId{1}, "mql"));
  EXPECT_EQ(ledger_->ReadCommits(4, 1)->at(0).head.policy, 2);
}

TEST_P(ExecuteTest, MovedContactStandsInTwoStreams) {
  const AccountId from = OpenAccount("From");
  const AccountId to = OpenAccount("To");
  const ContactId contact{Must(ContactAdd{.account = from, .email = "ann@acme.com"}).id};
  const Receipt receipt = Must(ContactMove{.contact = contact, .account = to}, RequestId("move"));
  EXPECT_EQ(receipt.account, from);
  const std::vector<Commit> commits = *ledger_->ReadCommits(receipt.seq - 1, 10);
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[1].head.seq, receipt.seq + 1);
  EXPECT_EQ(commits[1].head.account, to);
  EXPECT_EQ(commits[1].head.version, 2);
  EXPECT_LT(commits[0].head.recorded_at, commits[1].head.recorded_at);
  EXPECT_EQ(ledger_->GetContact(contact)->account, to);
  EXPECT_TRUE(ledger_->StateOf(from)->contacts.empty());
  EXPECT_EQ(ledger_->StateOf(to)->contacts.size(), 1u);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(ExecuteTest, UpdatedContactKeepsItsEarlierProfileInTheVault) {
  const AccountId account = OpenAccount("Acme");
  const ContactId contact{
      Must(ContactAdd{.account = account, .name = "Ann", .email = "ann@acme.com"}).id};
  const std::vector<Command> commands = {ContactUpdate{.contact = contact, .email = "ann@new.com"},
                                         ContactUpdate{.contact = contact, .name = "Anna"}};
  ASSERT_TRUE(ledger_->ExecuteAtomic(commands, {}).ok());
  EXPECT_EQ(ledger_->GetContactProfile(contact)->name, "Anna");
  EXPECT_EQ(ledger_->GetContactProfile(contact)->email, "ann@new.com");
  EXPECT_EQ(ledger_->GetContactProfile(contact)->revision, 3);
  EXPECT_THAT(*ledger_->FindContactsByEmail("ann@acme.com"), IsEmpty());
  EXPECT_EQ(ledger_->FindContactsByEmail(" ANN@new.com ")->size(), 1u);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(ExecuteTest, RevisionsReplaceAllRowsOfTheAccount) {
  const AccountId account = OpenAccount("Acme");
  Must(LeadOpen{.account = account, .external_ids = {{"crm", "L-1"}}});
  const Receipt moved = Must(MoveTo(LeadId{1}, "mql"));
  Must(Void{.event = {EventId::Of(moved.seq, 0)}, .reason = "mistake"});
  EXPECT_EQ(ledger_->GetLead(LeadId{1})->stage, 1);
  Must(Void{.event = {EventId::Of(3, 0)}, .reason = "mistake"});
  EXPECT_EQ(ledger_->GetLead(LeadId{1}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->GetLead(LeadRef("crm", "L-1")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(ExecuteTest, WhatOneBatchErasedIsGoneForItsLaterCommands) {
  const AccountId account = OpenAccount("Acme");
  const LeadOpen open{.account = account, .external_ids = {{"crm", "L-1"}}};
  const Receipt first = Must(open);
  const Void undo{.event = {EventId::Of(first.seq, 0)}, .reason = "mistake"};
  const std::vector<Command> moves_it = {undo, MoveTo(LeadId{1}, "mql")};
  const absl::Status status = ledger_->ExecuteAtomic(moves_it, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
  const std::vector<Command> opens_anew = {undo, open};
  const absl::StatusOr<Receipt> receipt = ledger_->ExecuteAtomic(opens_anew, {});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(ledger_->GetLead(LeadRef("crm", "L-1"))->lead, LeadId{2});
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(ExecuteTest, RevisingAnUnknownCommitIsRefused) {
  OpenAccount("Acme");
  EXPECT_EQ(DetailOf(Refused(Void{.event = {EventId::Of(99, 0)}, .reason = "x"})).field, "event");
  EXPECT_EQ(DetailOf(Refused(TouchRetract{.touch = {EventId::Of(99, 0)}})).field, "touch");
}

TEST_P(ExecuteTest, RecordedTimesIncreaseAlsoWhenTheClockGoesBack) {
  const AccountId account = OpenAccount("Acme");
  clock_.Set(StartOf(Date{10'000}));
  Must(LeadIn(account));
  Must(MoveTo(LeadId{1}, "mql"));
  const std::vector<Commit> commits = *ledger_->ReadCommits(0, 10);
  for (size_t i = 1; i < commits.size(); ++i) {
    EXPECT_LT(commits[i - 1].head.recorded_at, commits[i].head.recorded_at);
  }
}

TEST_P(ExecuteTest, KnownFactsAreSkipped) {
  Context fact;
  fact.fact = 77;
  const Receipt first = Must(AccountOpen{.name = "Acme", .external_ids = {{"crm", "A"}}}, fact);
  const Receipt again = Must(AccountOpen{.name = "Acme", .external_ids = {{"crm", "A"}}}, fact);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.seq, first.seq);
  fact.fact = 78;
  const AccountId account{first.id};
  EXPECT_FALSE(Must(LeadIn(account), fact).repeated);
  EXPECT_TRUE(Must(LeadIn(account), fact).repeated);
  EXPECT_EQ(LastSeq(), 3);
}

TEST_P(ExecuteTest, UnknownRecordsAreNotFound) {
  EXPECT_EQ(ledger_->GetAccount(AccountId{5}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "A")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(DetailOf(ledger_->GetLead(LeadRef()).status()).field, "lead");
  EXPECT_EQ(ledger_->GetOwner(OwnerId{-1}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ledger_->NoteText(NoteId{1}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DetailOf(Refused(MoveTo(LeadId{9}, "mql"))).field, "lead");
}

}  // namespace
}  // namespace throughline
