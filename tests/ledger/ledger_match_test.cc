#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ledger/bulk_writer.h"
#include "ledger/ledger_fixture.h"
#include "ledger/store_wrappers.h"
#include "throughline/matching.h"

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class MatchTest : public LedgerTest {
 protected:
  static TouchRecord TouchBy(Identity identity) {
    return {.kind = "webinar", .match = std::move(identity)};
  }
  static LeadOpen LeadBy(Identity identity) { return {.match = std::move(identity)}; }

  AccountId OpenWith(std::string name, std::string domain) {
    return Must(AccountOpen{.name = std::move(name), .domains = {std::move(domain)}}).account;
  }
  ContactId AddContact(AccountId account, std::string email, std::string name = "") {
    return ContactId{
        Must(ContactAdd{.account = account, .name = std::move(name), .email = std::move(email)})
            .id};
  }
  void SetAmbiguity(const std::string& ambiguous) {
    std::string json(Policy::DefaultJson());
    const std::string before = R"("ambiguous": "oldest")";
    json.replace(json.find(before), before.size(), "\"ambiguous\": \"" + ambiguous + "\"");
    Must(PolicyChange{json});
  }
  void ExpectSound() {
    const absl::StatusOr<VerifyReport> report = ledger_->Verify();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_THAT(report->samples, IsEmpty());
    const std::vector<std::string> rows = DumpRows(ledger_->store());
    ASSERT_TRUE(ledger_->Rebuild().ok());
    EXPECT_EQ(DumpRows(ledger_->store()), rows);
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, MatchTest, testing::Values(StoreKind::kMemory, StoreKind::kSqlite),
                         NameOfStore);

TEST_P(MatchTest, OpensWhoIsNotKnownAndKnowsThemAgain) {
  const Receipt first = Must(TouchBy({.email = "Ann@mail.eu.Acme.co.uk.", .name = "Ann"}));
  ASSERT_TRUE(first.match);
  EXPECT_EQ(first.match->rule, MatchRule::kNone);
  EXPECT_TRUE(first.match->opens_account && first.match->opens_contact);
  EXPECT_EQ(first.events, 4);  // matched, account_opened, contact_added, touch_recorded
  EXPECT_EQ(first.match->events_before, 3);
  EXPECT_EQ(first.entity, EntityKind::kNone);

  const Receipt again = Must(LeadBy({.email = "ANN@MAIL.eu.acme.co.uk"}));
  EXPECT_EQ(again.account, first.account);
  EXPECT_EQ(again.match->rule, MatchRule::kEmail);
  EXPECT_EQ(again.match->value, "ann@mail.eu.acme.co.uk");
  EXPECT_EQ(again.match->contact, first.match->contact);
  EXPECT_EQ(again.entity, EntityKind::kLead);
  EXPECT_EQ(ledger_->GetLead(LeadId{again.id})->contact, first.match->contact);

  const Receipt colleague = Must(TouchBy({.email = "bob@acme.co.uk", .name = "Bob"}));
  EXPECT_EQ(colleague.account, first.account);
  EXPECT_EQ(colleague.match->rule, MatchRule::kDomain);
  EXPECT_EQ(colleague.match->value, "acme.co.uk");
  EXPECT_NE(colleague.match->contact, first.match->contact);
  EXPECT_EQ(ledger_->FindAccountsByDomain("acme.co.uk")->size(), 1u);
  ExpectSound();
}

TEST_P(MatchTest, JournalHasNoPersonalData) {
  Must(TouchBy({.email = "ann@acme.com", .name = "Ann Secret", .phone = "+49 30 1234"}));
  Must(TouchBy({.email = "ann@acme.com"}));
  Must(TouchBy({.email = "ann@gmail.com", .contact_external_ids = {{"crm", "C-secret"}}}));
  Must(TouchBy({.contact_external_ids = {{"crm", "C-secret"}}}));
  for (const std::string& line : DumpJournal(ledger_->store())) {
    EXPECT_THAT(line, Not(HasSubstr("ann@")));
    EXPECT_THAT(line, Not(HasSubstr("ecret")));
  }
}

TEST_P(MatchTest, FreeMailKnowsPeopleNotCompanies) {
  const Receipt ann = Must(TouchBy({.email = "ann@gmail.com"}));
  const Receipt bob = Must(TouchBy({.email = "bob@gmail.com"}));
  EXPECT_NE(ann.account, bob.account);
  EXPECT_EQ(Must(TouchBy({.email = "ANN@gmail.com"})).account, ann.account);
}

TEST_P(MatchTest, SubdomainsOfAnAccountCount) {
  const AccountId acme = OpenWith("Acme", "shop.acme.co.uk");
  EXPECT_EQ(Must(TouchBy({.domain = "www.acme.co.uk"})).account, acme);
  Must(AccountUpdate{.account = acme, .removed_domains = {"shop.acme.co.uk"}});
  EXPECT_NE(Must(TouchBy({.domain = "www.acme.co.uk"})).account, acme);
  ExpectSound();
}

TEST_P(MatchTest, NamesOfCompaniesCountWithoutLegalForms) {
  const AccountId acme = OpenAccount("ACME, Inc.");
  EXPECT_EQ(Must(TouchBy({.company = " acme  incorporated"})).account, acme);
  Must(AccountUpdate{.account = acme, .name = "Bolt Ltd"});
  EXPECT_EQ(Must(TouchBy({.company = "BOLT"})).account, acme);
  EXPECT_NE(Must(TouchBy({.company = "Acme"})).account, acme);
  ExpectSound();
}

TEST_P(MatchTest, GivenReferencesWinAndTheRestIsFilledIn) {
  const AccountId acme = OpenWith("Acme", "acme.com");
  const AccountId bolt = OpenWith("Bolt", "bolt.com");
  const ContactId ann = AddContact(acme, "ann@acme.com", "Ann Lee");
  TouchRecord touch = TouchBy({.email = "ann@acme.com"});
  touch.account = acme;
  EXPECT_EQ(Must(touch).match->contact, ann);
  touch.account = bolt;  // a person of that email in another account is somebody else
  const Receipt other = Must(touch);
  EXPECT_EQ(other.account, bolt);
  EXPECT_TRUE(other.match->opens_contact);
  touch = TouchBy({.email = "other@bolt.com"});
  touch.contact = ann;
  EXPECT_FALSE(Must(touch).match);
  touch = TouchBy({.name = "ANN  LEE", .company = "Acme"});
  EXPECT_EQ(Must(touch).match->contact, ann);
}

TEST_P(MatchTest, PersonsIdOfAnotherAccountIsRefused) {
  const AccountId acme = OpenAccount("Acme");
  const AccountId bolt = OpenAccount("Bolt");
  Must(ContactAdd{.account = acme, .name = "Ann", .external_ids = {{"crm", "C1"}}});
  TouchRecord touch = TouchBy({.contact_external_ids = {{"crm", "C1"}}});
  touch.account = bolt;
  EXPECT_EQ(DetailOf(Refused(touch)).field, "match.contact_external_ids");
  touch.account = {};
  EXPECT_EQ(Must(touch).account, acme);
}

TEST_P(MatchTest, RefusedCommandsOpenNobody) {
  const std::vector<std::string> rows = DumpRows(ledger_->store());
  std::string huge;
  huge.resize(10'000'000, 'x');
  TouchRecord touch = TouchBy({.email = "ann@acme.com"});
  touch.kind = "no such kind";
  EXPECT_EQ(DetailOf(Refused(touch)).field, "kind");
  EXPECT_EQ(DetailOf(Refused(TouchBy({.email = "a\x07@acme.com"}))).field, "match.email");
  EXPECT_EQ(DetailOf(Refused(TouchBy({.email = "a@acme.com", .company = huge}))).field,
            "match.company");
  EXPECT_EQ(DetailOf(Refused(TouchBy({.name = "Ann"}))).field, "match");
  EXPECT_EQ(DetailOf(Refused(TouchRecord{.kind = "webinar"})).field, "account");
  EXPECT_EQ(DumpRows(ledger_->store()), rows);
  EXPECT_EQ(Must(TouchBy({.email = "ann@acme.com"})).account.value, 1);  // no id was lost
}

TEST_P(MatchTest, OldestOfSeveralIsTaken) {
  const AccountId late = Must(AccountOpen{.name = "Acme", .domains = {"acme.com"}}).account;
  const AccountId early =
      Must(AccountOpen{.name = "Acme", .domains = {"acme.com"}}, At("2020-01-01")).account;
  const Receipt receipt = Must(TouchBy({.email = "x@acme.com"}));
  EXPECT_EQ(receipt.account, early);
  EXPECT_NE(receipt.account, late);
  EXPECT_EQ(receipt.match->candidates, 2);
}

TEST_P(MatchTest, ReviewAsksOnceAndIsSettledForGood) {
  SetAmbiguity("review");
  const AccountId a = OpenWith("Acme", "acme.com");
  const AccountId b = OpenWith("Acme Holding", "acme.com");
  const Receipt first = Must(TouchBy({.email = "x@acme.com"}));
  EXPECT_TRUE(first.match->opens_account);
  EXPECT_EQ(first.match->candidates, 2);
  EXPECT_EQ(first.match->events_before, 5);
  const Receipt second = Must(TouchBy({.email = "y@acme.com"}));
  EXPECT_EQ(second.account, first.account);
  EXPECT_FALSE(second.match->opens_account);

  Page<ReviewRow> open = *ledger_->ListReviews(ReviewState::kOpen, {});
  ASSERT_EQ(open.items.size(), 2u);
  EXPECT_EQ(open.items[0].account, first.account);
  EXPECT_EQ(open.items[0].other, a);
  EXPECT_EQ(open.items[1].other, b);
  const Page<ReviewRow> one = *ledger_->ListReviews(ReviewState::kOpen, {.size = 1});
  EXPECT_EQ(
      ledger_->ListReviews(ReviewState::kOpen, {.size = 1, .cursor = one.next})->items[0].other, b);

  // In any order of the two.
  Must(AccountDistinct{a, first.account});
  EXPECT_EQ(DetailOf(Refused(AccountDistinct{first.account, a})).rule, "review_settled");
  EXPECT_EQ(ledger_->ListReviews(ReviewState::kOpen, {})->items.size(), 1u);
  EXPECT_EQ(ledger_->ListReviews(ReviewState::kNone, {})->items.size(), 2u);
  Must(AccountDistinct{first.account, b});
  EXPECT_EQ(Must(TouchBy({.email = "z@acme.com"})).account, first.account);
  EXPECT_THAT(ledger_->ListReviews(ReviewState::kOpen, {})->items, IsEmpty());
  const Table table = *ReviewTable(*ledger_, ReviewState::kNone);
  const auto all = ledger_->ListReviews(ReviewState::kNone, {});
  ASSERT_EQ(table.rows(), all->items.size());
  for (size_t row = 0; row < table.rows(); ++row) {
    const ReviewRow& review = all->items[row];
    ASSERT_TRUE(review.settled_at);
    EXPECT_EQ(table.at(row, *table.FindColumn("account")), Cell(review.account.value));
    EXPECT_EQ(table.at(row, *table.FindColumn("opened_at")), Cell(review.opened_at.micros));
    EXPECT_EQ(table.at(row, *table.FindColumn("settled_at")), Cell(review.settled_at->micros));
  }
  ExpectSound();
}

TEST_P(MatchTest, DistinctNeedsTwoAccounts) {
  const AccountId a = OpenAccount("A");
  EXPECT_EQ(DetailOf(Refused(AccountDistinct{a, a})).field, "other");
  EXPECT_EQ(DetailOf(Refused(AccountDistinct{a, AccountId{99}})).field, "account");
  EXPECT_EQ(DetailOf(Refused(AccountDistinct{a, {}})).field, "other");
  EXPECT_EQ(DetailOf(Refused(AccountDistinct{{}, a})).field, "account");
}

TEST_P(MatchTest, AtomicCommandsSeeWhatWasOpenedBefore) {
  const std::vector<Command> commands = {
      LeadBy({.email = "ann@acme.com", .name = "Ann"}), TouchBy({.email = "ann@acme.com"}),
      TouchBy({.email = "bob@acme.com"}), TouchBy({.email = "bob@acme.com"})};
  const Receipt receipt = *ledger_->ExecuteAtomic(commands, RequestId("r1"));
  EXPECT_EQ(receipt.entity, EntityKind::kLead);
  EXPECT_TRUE(receipt.match->opens_account);
  EXPECT_EQ(ledger_->FindContactsByEmail("bob@acme.com")->size(), 1u);
  const Receipt again = *ledger_->ExecuteAtomic(commands, RequestId("r1"));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entity, EntityKind::kLead);
  EXPECT_EQ(again.id, receipt.id);
  EXPECT_EQ(again.match, receipt.match);
  const std::vector<Command> two = {TouchBy({.email = "ann@acme.com"}),
                                    TouchBy({.email = "c@bolt.com"})};
  EXPECT_FALSE(ledger_->ExecuteAtomic(two, {}).ok());
  ExpectSound();
}

TEST_P(MatchTest, EveryWayToWriteGivesTheSame) {
  std::vector<Request> requests;
  for (const char* email : {"a@acme.com", "b@acme.com", "a@acme.com", "x@gmail.com", "a@bolt.com",
                            "B@ACME.com", "x@gmail.com"}) {
    requests.push_back({TouchBy({.email = email}), {}});
    requests.push_back({LeadBy({.email = email}), {}});
  }
  std::vector<AccountId> one_by_one;
  for (const Request& request : requests) one_by_one.push_back(Must(request.command).account);
  std::vector<absl::StatusOr<Receipt>> outcomes;
  auto batch = Create(NewStore("batch.db"));
  ASSERT_TRUE(batch->ExecuteAll(requests, outcomes).ok());
  auto bulk_ledger = Create(NewStore("bulk.db"));
  auto bulk = *BulkWriter::Begin(*bulk_ledger);
  for (size_t i = 0; i < requests.size(); ++i) {
    ASSERT_TRUE(outcomes[i].ok()) << outcomes[i].status();
    EXPECT_EQ(outcomes[i]->account, one_by_one[i]);
    const absl::StatusOr<Receipt> receipt = bulk->Apply(requests[i].command, requests[i].context);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    EXPECT_EQ(receipt->account, one_by_one[i]);
  }
  ASSERT_TRUE(bulk->Commit().ok());
  EXPECT_THAT(bulk_ledger->Verify()->samples, IsEmpty());
}

TEST_P(MatchTest, UnwrittenChangesCount) {
  auto bulk = *BulkWriter::Begin(*ledger_);
  const auto apply = [&](Command command) {
    Context context;
    absl::StatusOr<Receipt> receipt = bulk->Apply(command, context);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return receipt.ok() ? *receipt : Receipt();
  };
  const Receipt ann = apply(TouchBy({.email = "ann@acme.com", .name = "Ann"}));
  const ContactId contact = ann.match->contact;
  apply(ContactUpdate{.contact = contact, .email = "ann@bolt.com"});
  EXPECT_EQ(apply(TouchBy({.email = "ann@bolt.com"})).match->contact, contact);
  EXPECT_NE(apply(TouchBy({.email = "ann@acme.com"})).match->contact, contact);
  apply(AccountUpdate{.account = ann.account, .name = "Acme", .removed_domains = {"acme.com"}});
  EXPECT_NE(apply(TouchBy({.email = "new@acme.com"})).account, ann.account);
  ASSERT_TRUE(bulk->Commit().ok());
  bulk.reset();
  ExpectSound();
}

// Rows and names of one moment.
TEST_P(MatchTest, TheReviewTableIsOneReadTransaction) {
  int reads = 0;
  ledger_ = Create(std::make_unique<CountingStore>(NewStore("counted.db"), reads));
  SetAmbiguity("review");
  OpenWith("Acme", "acme.com");
  OpenWith("Acme Two", "acme.com");
  Must(TouchBy({.domain = "acme.com"}));
  reads = 0;
  const absl::StatusOr<Table> table = ReviewTable(*ledger_);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(table->rows(), 2u);
  EXPECT_EQ(table->as_of.seq, LastSeq());
}

TEST_P(MatchTest, LooksUpWithoutWriting) {
  const AccountId acme = OpenWith("Acme", "acme.com");
  const ContactId ann = AddContact(acme, "ann@acme.com");
  const int64_t seq = LastSeq();
  MatchEvidence evidence = *ledger_->MatchIdentity({.email = "ANN@acme.com."});
  EXPECT_EQ(evidence.contact, ann);
  EXPECT_EQ(evidence.account, acme);
  EXPECT_EQ(evidence.rule, MatchRule::kEmail);
  evidence = *ledger_->MatchIdentity({.email = "x@nobody.com"});
  EXPECT_EQ(evidence.rule, MatchRule::kNone);
  EXPECT_TRUE(evidence.opens_account && evidence.opens_contact);
  const std::vector<Identity> many = {{.domain = "acme.com"}, {.name = "Ann"}};
  std::vector<absl::StatusOr<MatchEvidence>> outcomes;
  ASSERT_TRUE(ledger_->MatchIdentities(many, outcomes).ok());
  EXPECT_EQ(outcomes[0]->account, acme);
  EXPECT_EQ(DetailOf(outcomes[1].status()).field, "match");
  EXPECT_EQ(DetailOf(MatchTable(*ledger_, many).status()).field, "identities[1]");
  EXPECT_EQ(LastSeq(), seq);
}

TEST_P(MatchTest, OpportunitiesAreMatchedToo) {
  const AccountId acme = OpenWith("Acme", "acme.com");
  const Receipt receipt = Must(OpportunityOpen{.match = {.email = "ann@acme.com"}});
  EXPECT_EQ(receipt.account, acme);
  EXPECT_EQ(receipt.entity, EntityKind::kOpportunity);
  EXPECT_TRUE(receipt.match->opens_contact);
}

TEST_P(MatchTest, AnOpportunityGetsARoleForItsPerson) {
  const AccountId acme = OpenWith("Acme", "acme.com");
  const Receipt opened = Must(OpportunityOpen{.match = {.email = "ann@acme.com"}});
  EXPECT_EQ(opened.events, 4);  // matched, contact_added, opportunity_opened, opportunity_role_set
  EXPECT_EQ(opened.match->events_before, 2);
  const Receipt known = Must(OpportunityOpen{.match = {.email = "ann@acme.com"}});
  EXPECT_EQ(known.match->contact, opened.match->contact);
  Must(OpportunityOpen{.match = {.domain = "acme.com"}});  // of nobody
  const std::string role(kPlainRole);
  EXPECT_THAT(ledger_->StateOf(acme)->opportunity_roles,
              ElementsAre(OpportunityRoleRow{OpportunityId{opened.id}, opened.match->contact, role},
                          OpportunityRoleRow{OpportunityId{known.id}, known.match->contact, role}));
  Must(Void{.event = {EventId::Of(opened.seq, 2)}, .reason = "mistake"});
  EXPECT_THAT(ledger_->StateOf(acme)->opportunity_roles, SizeIs(1));
  ExpectSound();
}

TEST_P(MatchTest, AnOpportunityThatIsAFactIsKnownAgain) {
  Context context = At("2024-01-05", Mode::kObserve);
  context.fact = 77;
  const OpportunityOpen open{.name = "Deal", .match = {.email = "ann@acme.com"}};
  const Receipt first = Must(open, context);
  EXPECT_EQ(first.events, 5);
  EXPECT_TRUE(Must(open, context).repeated);
  EXPECT_EQ(LastSeq(), first.seq);
}

}  // namespace
}  // namespace throughline
