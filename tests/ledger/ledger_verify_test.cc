#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/row_access.h"

namespace throughline {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyTest : public LedgerTest {
 protected:
  VerifyTest() {
    account_ = OpenAccount("Acme");
    Must(AccountUpdate{
        .account = account_, .domains = {"acme.com"}, .external_ids = {{"crm", "A-1"}}});
    Must(OwnerDefine{.name = "Ann", .external_ids = {{"crm", "O-1"}}});
    Must(CampaignDefine{.name = "Spring"});
    Must(CampaignCost{
        .campaign = CampaignId{1}, .spent_on = Date{20'000}, .amount = *ParseMoney("5.00 EUR")});
    Must(ContactAdd{.account = account_,
                    .name = "Bob",
                    .email = "bob@acme.com",
                    .external_ids = {{"crm", "C-1"}}});
    Must(LeadOpen{.account = account_, .contact = ContactId{1}, .external_ids = {{"crm", "L-1"}}});
    Must(OpportunityOpen{.account = account_, .leads = {LeadId{1}}},
         At("2024-10-04", Mode::kObserve));
    Must(
        OpportunityRole{.opportunity = OpportunityId{1}, .contact = ContactId{1}, .role = "buyer"});
    Must(NoteAdd{.account = account_, .text = "a note"}, RequestId("note"));
    OpenAccount("Other");
    rows_ = DumpRows(ledger_->store());
    EXPECT_EQ(ledger_->Verify()->differences, 0);
  }

  // Writes behind the ledger's back.
  void Corrupt(const std::function<absl::Status(WriteTransaction&)>& write) {
    auto transaction = *ledger_->store().BeginWrite();
    ASSERT_TRUE(write(*transaction).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  // What verify says of it; a rebuild mends it.
  std::string FoundAndMended(const std::function<absl::Status(WriteTransaction&)>& write) {
    Corrupt(write);
    const VerifyReport report = *ledger_->Verify();
    EXPECT_GT(report.differences, 0);
    const absl::Status rebuilt = ledger_->Rebuild();
    EXPECT_TRUE(rebuilt.ok()) << rebuilt;
    EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
    EXPECT_EQ(DumpRows(ledger_->store()), rows_);
    return report.samples.empty() ? "" : report.samples.front();
  }

  template <class Row>
  std::string Changed(Row row, const std::function<void(Row&)>& change) {
    return FoundAndMended([&](WriteTransaction& transaction) {
      change(row);
      return PutRow(transaction, row);
    });
  }

  AccountId account_;
  std::vector<std::string> rows_;
};

INSTANTIATE_TEST_SUITE_P(Stores, VerifyTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(VerifyTest, CountsWhatItLookedAt) {
  const VerifyReport report = *ledger_->Verify();
  EXPECT_EQ(report.commits, LastSeq());
  EXPECT_GT(report.events, report.commits);
  EXPECT_GT(report.rows, 10);
}

TEST_P(VerifyTest, NamesChangedRowsAndRebuildMendsThem) {
  EXPECT_EQ(Changed<LeadRow>(*ledger_->GetLead(LeadId{1}), [](LeadRow& row) { row.stage = 7; }),
            "lead 1 of account 1: stage is 7, should be 9");
  EXPECT_THAT(Changed<AccountRow>(*ledger_->GetAccount(account_),
                                  [](AccountRow& row) { row.name = "Evil"; }),
              HasSubstr("account 1 of account 1: name is 'Evil', should be 'Acme'"));
  EXPECT_THAT(
      Changed<OwnerRow>(*ledger_->GetOwner(OwnerId{1}), [](OwnerRow& row) { row.retired = true; }),
      HasSubstr("owner 1 of account 0: retired is 1"));
  EXPECT_THAT(
      Changed<OpportunityRow>(*ledger_->GetOpportunity(OpportunityId{1}),
                              [](OpportunityRow& row) { row.amount = *ParseMoney("1 JPY"); }),
      HasSubstr("opportunity 1 of account 1: amount_minor is 1, should be null"));
}

TEST_P(VerifyTest, NamesMissingRows) {
  EXPECT_EQ(FoundAndMended([](WriteTransaction& t) {
              return t.Erase(kTableOf<ContactRow>, KeyValues(ContactId{1}));
            }),
            "contact 1 of account 1 is missing");
  EXPECT_EQ(
      FoundAndMended([](WriteTransaction& t) { return t.EraseAll(kTableOf<OpportunityRow>); }),
      "opportunity 1 of account 1 is missing");
  EXPECT_THAT(FoundAndMended([](WriteTransaction& t) { return t.EraseAll(kTableOf<PolicyRow>); }),
              HasSubstr("policy 1 of account 0 is missing"));
  EXPECT_THAT(
      FoundAndMended([](WriteTransaction& t) { return t.EraseAll(kTableOf<AccountDomainRow>); }),
      HasSubstr("account_domain 1,acme.com of account 1 is missing"));
}

TEST_P(VerifyTest, NamesRowsThatNothingExplains) {
  EXPECT_EQ(FoundAndMended([&](WriteTransaction& t) {
              return PutRow(t, LeadRow{.lead = LeadId{9}, .account = account_});
            }),
            "lead 9 of account 1 is not in its history");
  EXPECT_EQ(FoundAndMended([](WriteTransaction& t) {
              return PutRow(t, LeadRow{.lead = LeadId{9}, .account = AccountId{77}});
            }),
            "table lead: 1 rows belong to no account");
  EXPECT_EQ(FoundAndMended([](WriteTransaction& t) {
              return PutRow(t, ExternalIdRow{EntityKind::kLead, "crm", "ghost", 77});
            }),
            "table external_id: 1 rows belong to no account");
  Corrupt([&](WriteTransaction& t) {
    LeadRow row = *ledger_->GetLead(LeadId{1});
    row.account = AccountId{2};
    return PutRow(t, row);
  });
  EXPECT_THAT(ledger_->Verify()->samples,
              AllOf(Contains("lead 1 of account 1 is missing"),
                    Contains("lead 1 of account 2 is not in its history")));
}

TEST_P(VerifyTest, CommandsWorkAgainAfterARebuild) {
  Corrupt([](WriteTransaction& t) { return t.EraseAll(kTableOf<PolicyRow>); });
  EXPECT_GT(ledger_->Verify()->differences, 0);
  ASSERT_TRUE(ledger_->Rebuild().ok());
  Must(NoteAdd{.account = account_, .text = "n"});
}

TEST_P(VerifyTest, CountersAreRaisedNeverLowered) {
  Corrupt([](WriteTransaction& t) { return PutRow(t, IdCounterRow{EntityKind::kLead, 0}); });
  EXPECT_THAT(ledger_->Verify()->samples,
              Contains("id_counter lead: last is 0, but 1 was given out"));
  ASSERT_TRUE(ledger_->Rebuild().ok());
  EXPECT_EQ(ledger_->Verify()->differences, 0);
  Corrupt([](WriteTransaction& t) { return PutRow(t, IdCounterRow{EntityKind::kLead, 40}); });
  ASSERT_TRUE(ledger_->Rebuild().ok());
  EXPECT_EQ(Must(LeadOpen{.account = account_}).id, 41);
}

TEST_P(VerifyTest, VaultMayBeErasedButNotChanged) {
  Corrupt([](WriteTransaction& t) {
    absl::Status status = t.EraseAll(kTableOf<NoteRow>);
    status.Update(t.EraseAll(kTableOf<ContactProfileRow>));
    return status;
  });
  EXPECT_EQ(ledger_->Verify()->differences, 0);
  EXPECT_EQ(ledger_->NoteText(NoteId{1}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->GetContactProfile(ContactId{1}).status().code(), absl::StatusCode::kNotFound);
  Must(ContactUpdate{.contact = ContactId{1}, .name = "Nobody"});
  Corrupt([](WriteTransaction& t) { return PutRow(t, NoteRow{NoteId{1}, 1, "another", "salt"}); });
  EXPECT_THAT(ledger_->Verify()->samples,
              Contains(HasSubstr("note 1,1 does not match its digest")));
  ASSERT_TRUE(ledger_->Rebuild().ok());
  EXPECT_EQ(ledger_->Verify()->differences, 1) << "the vault is left alone";
}

TEST_P(VerifyTest, RequestIdsAndCommitsNameOneAnother) {
  Corrupt([](WriteTransaction& t) { return PutRow(t, RequestRow{"ghost", "digest", 3}); });
  EXPECT_THAT(ledger_->Verify()->samples,
              Contains(HasSubstr("request 'ghost': commit 3 is not its commit")));
  Corrupt([](WriteTransaction& t) { return t.EraseAll(kTableOf<RequestRow>); });
  EXPECT_THAT(ledger_->Verify()->samples, Contains(HasSubstr("is not remembered")));
}

TEST_P(VerifyTest, DamagedCommitsAreFoundNotFatal) {
  Corrupt([&](WriteTransaction& t) {
    JournalEntry entry;
    entry.seq = LastSeq() + 1;
    entry.account = account_.value;
    entry.version = ledger_->GetAccount(account_)->version + 1;
    entry.recorded_at = kMaxTime.micros;
    entry.policy = 1;
    entry.events = "\x0a\xff";
    return t.Append(entry);
  });
  EXPECT_THAT(ledger_->Verify()->samples, Contains(HasSubstr("history of account 1")));
}

}  // namespace
}  // namespace throughline
