#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_fixture.h"

// People and companies that are known already are known again: whatever found the account, after
// merges, erasures and answers to what was asked.

namespace throughline {
namespace {

using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class MatchAgainTest : public LedgerTest {
 protected:
  static TouchRecord TouchBy(Identity identity) {
    return {.kind = "webinar", .match = std::move(identity)};
  }
  static TouchRecord TouchIn(AccountRef account, Identity identity) {
    TouchRecord touch = TouchBy(std::move(identity));
    touch.account = std::move(account);
    return touch;
  }
  void SetMatching(const std::string& matching) {
    std::string json(Policy::DefaultJson());
    const size_t begin = json.find("\"matching\"");
    const size_t end = json.find("\"reengagement_window_days\"");
    json.replace(begin, end - begin, "\"matching\": " + matching + ", ");
    Must(PolicyChange{json});
  }
  AccountId OpenWith(std::string name, std::string domain) {
    return Must(AccountOpen{.name = std::move(name), .domains = {std::move(domain)}}).account;
  }
  size_t ContactsOf(AccountId account) { return ledger_->StateOf(account)->contacts.size(); }
};

INSTANTIATE_TEST_SUITE_P(Stores, MatchAgainTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(MatchAgainTest, ThePersonIsLookedForInAnAccountThatSomethingElseHasFound) {
  const Identity ann{.email = "ann@acme.com", .account_external_ids = {{"crm", "A1"}}};
  const Receipt first = Must(TouchBy(ann));
  const Receipt second = Must(TouchBy(ann));
  EXPECT_EQ(second.match->rule, MatchRule::kExternalId);
  EXPECT_EQ(second.match->value, "crm:A1");
  EXPECT_EQ(second.match->contact, first.match->contact);
  EXPECT_EQ(ContactsOf(first.account), 1u);
  SetMatching(R"({"order": ["domain", "email"]})");
  const Receipt third = Must(TouchBy({.email = "ann@acme.com"}));
  EXPECT_EQ(third.match->rule, MatchRule::kDomain);
  EXPECT_EQ(third.match->contact, first.match->contact);
}

TEST_P(MatchAgainTest, InAnAccountThatWasMergedTooAndByNameEverywhere) {
  const AccountId acme = OpenAccount("Acme"), inc = OpenAccount("Acme Inc");
  const ContactId ann{Must(ContactAdd{.account = inc,
                                      .name = "Ann Lee",
                                      .email = "ann@acme.com",
                                      .external_ids = {{"crm", "C1"}}})
                          .id};
  Must(AccountMerge{.account = acme, .merged = inc});
  EXPECT_EQ(Must(TouchIn(inc, {.email = "ann@acme.com"})).match->contact, ann);
  EXPECT_EQ(Must(TouchIn(inc, {.contact_external_ids = {{"crm", "C1"}}})).match->contact, ann);
  EXPECT_EQ(Must(TouchIn(acme, {.name = "ann lee"})).match->contact, ann);
  EXPECT_EQ(Must(TouchBy({.name = "Ann Lee", .company = "Acme"})).match->contact, ann);
  EXPECT_EQ(ContactsOf(acme), 1u);
}

TEST_P(MatchAgainTest, ANameIsEnoughInAnAccountThatIsGiven) {
  const AccountId acme = OpenAccount("Acme");
  const Receipt first = Must(TouchIn(acme, {.name = "Ann"}));
  EXPECT_TRUE(first.match->opens_contact);
  const Receipt second = Must(TouchIn(acme, {.name = "ANN"}));
  EXPECT_EQ(second.match->contact, first.match->contact);
  EXPECT_EQ(second.match->rule, MatchRule::kName);
  EXPECT_EQ(DetailOf(Refused(TouchBy({.name = "Ann"}))).field, "match");
}

TEST_P(MatchAgainTest, WhoeverWasMergedIsWhoTheyBecameAlsoByName) {
  const AccountId acme = OpenAccount("Acme");
  const ContactId lee{Must(ContactAdd{.account = acme, .name = "Ann Lee"}).id};
  const ContactId smith{Must(ContactAdd{.account = acme, .name = "Ann Smith"}).id};
  Must(ContactMerge{.contact = smith, .merged = lee});
  EXPECT_EQ(Must(TouchIn(acme, {.name = "Ann Lee"})).match->contact, smith);
}

TEST_P(MatchAgainTest, NobodyIsOpenedWhoCouldNotBeKnownAgain) {
  const Receipt touch = Must(TouchBy({.email = "n/a", .phone = "+49 30 1234", .company = "Acme"}));
  EXPECT_FALSE(touch.match->opens_contact);
  EXPECT_EQ(ContactsOf(touch.account), 0u);
  EXPECT_TRUE(
      Must(TouchBy({.email = "n/a", .name = "Ann", .company = "Acme"})).match->opens_contact);
}

TEST_P(MatchAgainTest, AQuestionThatAMergeAnsweredIsNotAskedAgain) {
  SetMatching(R"({"ambiguous": "review"})");
  const AccountId a = OpenWith("Acme", "acme.com");
  OpenWith("Acme Holding", "acme.com");
  const AccountId c = Must(TouchBy({.email = "x@acme.com"})).account;
  Must(AccountMerge{.account = a, .merged = c});
  const Receipt again = Must(TouchBy({.email = "y@acme.com"}));
  EXPECT_FALSE(again.match->opens_account);
  EXPECT_EQ(again.account, a);
}

TEST_P(MatchAgainTest, AQuestionThatMergesWithOthersAnsweredIsNotListed) {
  SetMatching(R"({"ambiguous": "review"})");
  const AccountId a = OpenWith("Acme", "acme.com");
  const AccountId b = OpenWith("Acme Holding", "acme.com");
  const AccountId c = Must(TouchBy({.email = "x@acme.com"})).account;
  const auto open = [&] { return ledger_->ListReviews(ReviewState::kOpen, {})->items.size(); };
  EXPECT_EQ(open(), 2u);
  Must(AccountMerge{.account = a, .merged = b});
  EXPECT_EQ(open(), 2u);
  Must(AccountMerge{.account = b, .merged = c});
  EXPECT_EQ(open(), 0u) << "c is one with both";
  Must(AccountUnmerge{.account = c});
  EXPECT_EQ(open(), 2u);
}

TEST_P(MatchAgainTest, OfThoseThatAreToldApartTheOldestIsTaken) {
  SetMatching(R"({"ambiguous": "review"})");
  const AccountId a = OpenWith("Acme", "acme.com");
  const AccountId b = OpenWith("Acme Holding", "acme.com");
  Must(AccountDistinct{a, b});
  EXPECT_EQ(Must(TouchBy({.email = "y@acme.com"})).account, a);
}

TEST_P(MatchAgainTest, TooManyToAskAboutAreNotAskedAbout) {
  SetMatching(R"({"ambiguous": "review"})");
  const AccountId first = OpenWith("Acme", "acme.com");
  for (int i = 0; i < 120; ++i) OpenWith("Acme", "acme.com");
  const Receipt touch = Must(TouchBy({.email = "y@acme.com"}));
  EXPECT_EQ(touch.account, first);
  EXPECT_FALSE(touch.match->opens_account);
  EXPECT_THAT(ledger_->ListReviews(ReviewState::kOpen, {})->items, IsEmpty());
}

TEST_P(MatchAgainTest, WhatIsObservedOfSomebodyErasedOpensNothing) {
  const Receipt zoe = Must(TouchBy({.email = "zoe@gmail.com"}), At("2023-01-10"));
  Must(ContactErase{.contact = zoe.match->contact});
  for (const char* day : {"2023-02-01", "2023-02-02"}) {
    const Receipt touch = Must(TouchBy({.email = "zoe@gmail.com"}), At(day, Mode::kObserve));
    EXPECT_EQ(touch.account, zoe.account);
    EXPECT_FALSE(touch.match->opens_account || touch.match->contact);
  }
  EXPECT_NE(Must(TouchBy({.email = "zoe@gmail.com"})).account, zoe.account);
}

TEST_P(MatchAgainTest, SomebodyErasedHasNoRoleInWhatIsObserved) {
  const Receipt zoe = Must(TouchBy({.email = "zoe@gmail.com"}), At("2023-01-10"));
  Must(ContactErase{.contact = zoe.match->contact});
  const Receipt deal =
      Must(OpportunityOpen{.match = {.email = "zoe@gmail.com"}}, At("2023-02-01", Mode::kObserve));
  EXPECT_EQ(deal.account, zoe.account);
  EXPECT_EQ(deal.events, 2);  // matched, opportunity_opened
  EXPECT_THAT(ledger_->StateOf(deal.account)->opportunity_roles, IsEmpty());
}

TEST_P(MatchAgainTest, OneCommitForgetsWhoItErases) {
  const Receipt ann = Must(TouchBy({.name = "Ann", .company = "Acme"}));
  const std::vector<Command> both = {ContactErase{.contact = ann.match->contact},
                                     TouchBy({.name = "Ann", .company = "Acme"})};
  const auto receipt = ledger_->ExecuteAtomic(both, {});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(receipt->match->opens_contact);
}

TEST_P(MatchAgainTest, ErrorsNameTheMemberOfTheIdentity) {
  const Receipt ann =
      Must(TouchBy({.email = "ann@acme.com", .contact_external_ids = {{"crm", "C1"}}}));
  Must(ContactErase{.contact = ann.match->contact});
  const absl::Status status = Refused(TouchBy({.contact_external_ids = {{"crm", "C1"}}}));
  EXPECT_EQ(DetailOf(status).rule, "erased");
  EXPECT_THAT(DetailOf(status).field, Not(StartsWith("match..")));
  EXPECT_NE(DetailOf(status).field, "match.");
}

TEST_P(MatchAgainTest, AnEmailThatWasErasedIsNotBroughtBackByAnUpdate) {
  const AccountId acme = OpenAccount("Acme");
  const ContactId ann{Must(ContactAdd{.account = acme, .email = "ann@acme.com"}).id};
  const ContactId bob{Must(ContactAdd{.account = acme, .name = "Bob"}).id};
  Must(ContactErase{.contact = ann});
  Context old = At("2023-01-01", Mode::kObserve);
  EXPECT_EQ(DetailOf(Refused(ContactUpdate{.contact = bob, .email = "ann@acme.com"}, old)).rule,
            "erased");
  Must(ContactUpdate{.contact = bob, .email = "ann@acme.com"});
}

TEST_P(MatchAgainTest, APolicyThatSaysNothingOfMatchingKnowsFreeMail) {
  std::string json(Policy::DefaultJson());
  const size_t begin = json.find("\"matching\"");
  json.erase(begin, json.find("\"reengagement_window_days\"") - begin);
  Must(PolicyChange{json});
  EXPECT_NE(Must(TouchBy({.email = "ann@gmail.com"})).account,
            Must(TouchBy({.email = "bob@gmail.com"})).account);
}

}  // namespace
}  // namespace throughline
