#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HistoryTest : public LedgerTest {
 protected:
  // A lead that was opened, moved, amended and closed; touches of which one came late.
  void Tell() {
    account_ = OpenAccount("Acme");
    Must(TouchRecord{.account = account_, .channel = "web", .kind = "form"}, At("2024-03-01"));
    Must(LeadOpen{.account = account_, .source = "web"}, At("2024-03-02"));
    moved_ = Must(LeadMove{.lead = LeadId{1}, .stage = "mql"}, At("2024-03-10"));
    late_ = Must(TouchRecord{.account = account_, .channel = "webinar", .kind = "webinar"},
                 At("2024-02-01T10:00:00Z"));
    Must(Amend{.event = {EventId::Of(moved_.seq, 0)},
               .occurred_at = *ParseMoment("2024-03-05"),
               .reason = "typo"});
  }

  std::vector<std::string> Names(const TimelineRequest& request) {
    std::vector<std::string> names;
    const TimelinePage page = *ledger_->Timeline(account_, request);
    for (const TimelineEntry& entry : page.items) {
      names.emplace_back(EventName(entry.event.payload));
    }
    return names;
  }

  AccountId account_;
  Receipt moved_;
  Receipt late_;
};

INSTANTIATE_TEST_SUITE_P(Stores, HistoryTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(HistoryTest, TimelineIsInTheOrderOfWhatHappened) {
  Tell();
  const std::vector<TimelineEntry> entries = ledger_->Timeline(account_, {})->items;
  ASSERT_GE(entries.size(), 6u);
  EXPECT_EQ(EventName(entries[0].event.payload), "touch_recorded");
  EXPECT_EQ(entries[0].id.seq(), late_.seq);
  for (size_t i = 1; i < entries.size(); ++i) {
    EXPECT_LE(entries[i - 1].event.occurred_at, entries[i].event.occurred_at);
  }
}

TEST_P(HistoryTest, TimelineShowsWhatCountsNow) {
  Tell();
  const TimelinePage amended = *ledger_->Timeline(account_, {});
  for (const TimelineEntry& entry : amended.items) {
    const bool moved = entry.id == EventId::Of(moved_.seq, 0);
    EXPECT_EQ(entry.amended, moved);
    EXPECT_FALSE(entry.voided);
    if (moved) {
      EXPECT_EQ(entry.event.occurred(), *ParseMoment("2024-03-05"));
    }
  }
  Must(Void{.event = {EventId::Of(moved_.seq, 0)}, .reason = "mistake"});
  const TimelinePage voided = *ledger_->Timeline(account_, {});
  for (const TimelineEntry& entry : voided.items) {
    EXPECT_EQ(entry.voided, entry.id == EventId::Of(moved_.seq, 0));
  }
}

TEST_P(HistoryTest, PagesBothWaysAreTheWholeTimeline) {
  Tell();
  for (const bool newest_first : {false, true}) {
    TimelineRequest all{.newest_first = newest_first};
    const std::vector<std::string> expected = Names(all);
    for (size_t size = 1; size <= expected.size() + 1; ++size) {
      TimelineRequest request{.newest_first = newest_first, .page = {.size = size}};
      std::vector<std::string> names;
      do {
        const TimelinePage page = *ledger_->Timeline(account_, request);
        EXPECT_LE(page.items.size(), size);
        for (const auto& entry : page.items) names.emplace_back(EventName(entry.event.payload));
        request.page.cursor = page.next;
      } while (!request.page.cursor.empty());
      EXPECT_EQ(names, expected);
    }
  }
  std::vector<std::string> backwards = Names({.newest_first = true});
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(backwards, Names({}));
}

TEST_P(HistoryTest, TimelineCursorBelongsToItsQuestion) {
  Tell();
  const OwnerId owner{Must(OwnerDefine{.name = "Ann"}).id};
  (void)owner;
  const AccountId other = OpenAccount("Other");
  TimelineRequest request{.page = {.size = 2}};
  request.page.cursor = ledger_->Timeline(account_, request)->next;
  ASSERT_FALSE(request.page.cursor.empty());
  EXPECT_TRUE(ledger_->Timeline(account_, request).ok());
  EXPECT_EQ(DetailOf(ledger_->Timeline(other, request).status()).field, "page.cursor");
  request.newest_first = true;
  EXPECT_FALSE(ledger_->Timeline(account_, request).ok());
  request.newest_first = false;
  request.as_of.through = StartOf(Date{20'000});
  EXPECT_FALSE(ledger_->Timeline(account_, request).ok());
}

TEST_P(HistoryTest, WhatHappenedAndWhatWasKnownAreTwoQuestions) {
  Tell();
  const Time before_late = Time{late_.recorded_at.micros - 1};
  AsOfRequest known{.known_at = before_late};
  EXPECT_EQ(ledger_->StateOf(account_, known)->account.touches, 1);
  EXPECT_EQ(ledger_->StateOf(account_)->account.touches, 2);
  AsOfRequest through{.through = ParseMoment("2024-03-04")->at};
  EXPECT_EQ(ledger_->StateOf(account_, through)->leads.at(0).stage, 1);
  through.through = ParseMoment("2024-03-06")->at;
  EXPECT_EQ(ledger_->StateOf(account_, through)->leads.at(0).stage, 3) << "as amended";
  through.known_at = before_late;
  EXPECT_EQ(ledger_->StateOf(account_, through)->leads.at(0).stage, 1) << "not amended yet";
  EXPECT_THAT(Names({.as_of = {.through = ParseMoment("2024-02-20")->at}}),
              ElementsAre("touch_recorded"))
      << "what a lead comes from is said of the day it opened";
  EXPECT_EQ(Names({.as_of = known}).size(), 4u);
}

TEST_P(HistoryTest, AnswerTellsWhatItWasMadeFrom) {
  Tell();
  const AsOfAnswer now = ledger_->StateOf(account_)->as_of;
  EXPECT_EQ(now.seq, LastSeq());
  EXPECT_EQ(now.known_at, ledger_->ReadCommits(now.seq - 1, 1)->at(0).head.recorded_at);
  EXPECT_EQ(now.through, kMaxTime);
  const AsOfAnswer future = ledger_->StateOf(account_, {.known_at = kMaxTime})->as_of;
  EXPECT_EQ(future.known_at, now.known_at);
  Must(NoteAdd{.account = account_, .text = "later"});
  const AccountState then = *ledger_->StateOf(account_, {now.through, now.known_at});
  EXPECT_EQ(then.account.version + 1, ledger_->GetAccount(account_)->version);
}

TEST_P(HistoryTest, AnAnswerIsGivenAgainByItsSeq) {
  Tell();
  std::vector<std::string> before = Names({});
  const TimelinePage then = *ledger_->Timeline(account_, {});
  const AsOfRequest again{then.as_of.through, then.as_of.known_at, then.as_of.seq};
  // Claims to have been known before: only the seq can tell.
  Context late = At("2024-03-03", Mode::kObserve);
  late.entered_at = *ParseTime("2024-03-04");
  Must(TouchRecord{.account = account_, .channel = "email", .kind = "reply"}, late);
  EXPECT_EQ(ledger_->StateOf(account_, again)->account.touches, 2);
  EXPECT_EQ(ledger_->StateOf(account_)->account.touches, 3);
  EXPECT_EQ(Names({.as_of = again}), before);
  EXPECT_EQ(Names({}).size(), before.size() + 1);
  EXPECT_EQ(ledger_->StateOf(account_, again)->as_of, then.as_of);
}

TEST_P(HistoryTest, ASeqThatIsNotThereIsNamed) {
  Tell();
  for (const int64_t seq : {int64_t{-1}, LastSeq() + 1}) {
    EXPECT_EQ(DetailOf(ledger_->StateOf(account_, {.seq = seq}).status()).field, "seq");
    EXPECT_EQ(DetailOf(ledger_->Timeline(account_, {.as_of = {.seq = seq}}).status()).field, "seq");
  }
  EXPECT_EQ(ledger_->StateOf(account_, {.seq = 0}).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(HistoryTest, PagesOfATimelineAreOfOneHistory) {
  Tell();
  const std::vector<std::string> whole = Names({});
  TimelineRequest request{.page = {.size = 2}};
  std::vector<std::string> names;
  do {
    const TimelinePage page = *ledger_->Timeline(account_, request);
    for (const auto& entry : page.items) names.emplace_back(EventName(entry.event.payload));
    request.page.cursor = page.next;
    Must(TouchRecord{.account = account_, .channel = "email", .kind = "reply"}, At("2024-03-03"));
  } while (!request.page.cursor.empty());
  EXPECT_EQ(names, whole);
}

TEST_P(HistoryTest, AccountUnknownAtThatTimeIsNotFound) {
  Tell();
  const AsOfRequest early{.known_at = Time{0}};
  EXPECT_EQ(ledger_->StateOf(account_, early).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->StateOf(AccountId{99}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->Timeline(AccountId{99}, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(HistoryTest, StateHoldsTheWholeAccount) {
  Tell();
  Must(AccountUpdate{.account = account_, .domains = {"acme.com"}});
  const ContactId ann{Must(ContactAdd{.account = account_, .name = "Ann"}).id};
  const OpportunityId deal{
      Must(OpportunityOpen{.account = account_, .leads = {LeadId{1}}, .name = "Deal"},
           At("2024-03-20", Mode::kObserve))
          .id};
  Must(OpportunityRole{.opportunity = deal, .contact = ann, .role = "buyer"});
  Must(OpportunityRole{.opportunity = deal, .contact = ann, .role = "champion"});
  const AccountState state = *ledger_->StateOf(account_);
  EXPECT_EQ(state.account, *ledger_->GetAccount(account_));
  EXPECT_THAT(state.domains, ElementsAre("acme.com"));
  EXPECT_THAT(state.contacts, ElementsAre(*ledger_->GetContact(ann)));
  EXPECT_THAT(state.leads, ElementsAre(*ledger_->GetLead(LeadId{1})));
  EXPECT_THAT(state.opportunities, ElementsAre(*ledger_->GetOpportunity(deal)));
  EXPECT_THAT(state.opportunity_leads, ElementsAre(OpportunityLeadRow{deal, LeadId{1}}));
  EXPECT_THAT(state.opportunity_roles, ElementsAre(OpportunityRoleRow{deal, ann, "champion"}));
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(HistoryTest, NotesAreReadFromTheVault) {
  Tell();
  const NoteId note{Must(NoteAdd{.account = account_, .text = "two\nlines"}).id};
  EXPECT_EQ(*ledger_->NoteText(note), "two\nlines");
}

TEST_P(HistoryTest, FeedIsReadInPieces) {
  Tell();
  const std::vector<Commit> all = *ledger_->ReadCommits(0, 100);
  EXPECT_EQ(std::ssize(all), LastSeq());
  std::vector<Commit> pieces;
  while (true) {
    const int64_t after = pieces.empty() ? 0 : pieces.back().head.seq;
    const std::vector<Commit> some = *ledger_->ReadCommits(after, 2);
    if (some.empty()) break;
    EXPECT_LE(some.size(), 2u);
    pieces.insert(pieces.end(), some.begin(), some.end());
  }
  EXPECT_EQ(pieces, all);
  EXPECT_EQ(DetailOf(ledger_->ReadCommits(0, 0).status()).field, "limit");
  EXPECT_THAT(*ledger_->ReadCommits(LastSeq(), 5), IsEmpty());
}

}  // namespace
}  // namespace throughline
