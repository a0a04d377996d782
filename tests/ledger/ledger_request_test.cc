#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/bulk_writer.h"
#include "ledger/ledger_fixture.h"
#include "ledger/ledger_impl.h"
#include "ledger/store_wrappers.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

class RequestTest : public LedgerTest {
 protected:
  RequestTest() {
    store_ = NewStore("shared.db");
    ledger_ = Create(std::make_unique<SharedStore>(store_));
  }

  // As after a restart of the program: nothing is remembered but what is in the store.
  void Restart() {
    ledger_ = *LedgerImpl::Open(std::make_unique<SharedStore>(store_, /*is_open=*/true), Options());
  }

  std::shared_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, RequestTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

// The first receipt, but for saying that it is repeated.
Receipt Repeated(Receipt receipt) {
  receipt.repeated = true;
  return receipt;
}

TEST_P(RequestTest, SameRequestGetsItsFirstReceipt) {
  const AccountOpen open{.name = "Acme"};
  const Receipt first = Must(open, RequestId("r1"));
  OpenAccount("Other");
  EXPECT_EQ(Must(open, RequestId("r1")), Repeated(first));
  Restart();
  EXPECT_EQ(Must(open, RequestId("r1")), Repeated(first));
  EXPECT_EQ(LastSeq(), 3);
}

Context OfFact(uint64_t fact) {
  Context context = At("2024-05-01", Mode::kObserve);
  context.fact = fact;
  return context;
}

TEST_P(RequestTest, AKnownFactGetsItsFirstReceipt) {
  const OpportunityOpen open{.name = "Deal", .match = {.domain = "acme.com"}};
  const Receipt first = Must(open, OfFact(7));
  EXPECT_EQ(first.entity, EntityKind::kOpportunity);
  OpenAccount("Other");
  EXPECT_EQ(Must(open, OfFact(7)), Repeated(first));
  Restart();
  EXPECT_EQ(Must(open, OfFact(7)), Repeated(first));
  EXPECT_EQ(LastSeq(), first.seq + 1);
}

TEST_P(RequestTest, AKnownFactOfSeveralCommandsIsTheWholeCommit) {
  const AccountId account = OpenAccount("Acme");
  const std::vector<Command> commands = {ContactAdd{.account = account, .name = "Bob"},
                                         LeadOpen{.account = account, .match = {.name = "Ann"}}};
  const auto first = ledger_->ExecuteAtomic(commands, OfFact(7));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->entity, EntityKind::kContact);
  Receipt again = *ledger_->ExecuteAtomic(commands, OfFact(7));
  ASSERT_TRUE(again.match);
  EXPECT_EQ(again.events, first->events);
  EXPECT_EQ(again, Repeated(*first));
}

TEST_P(RequestTest, FactsOfOneCommitHaveReceiptsOfTheirOwn) {
  const AccountId account = OpenAccount("Acme");
  const std::vector<Command> commands = {
      LeadOpen{.account = account, .match = {.name = "Ann"}},
      TouchRecord{.account = account, .kind = "form", .match = {.name = "Eve"}},
      OpportunityOpen{.account = account, .match = {.name = "Bob"}}, LeadClose{LeadId{1}, "dead"}};
  std::vector<Receipt> first;
  {
    auto bulk = *BulkWriter::Begin(*ledger_);
    for (size_t i = 0; i < commands.size(); ++i) {
      Command command = commands[i];
      Context context = OfFact(i + 1);
      first.push_back(*bulk->Apply(command, context));
    }
    ASSERT_TRUE(bulk->Commit().ok());
  }
  EXPECT_NE(first.back().breaches, 0u);
  const int64_t last = LastSeq();
  for (size_t i = 0; i < commands.size(); ++i) {
    const Receipt again = Must(commands[i], OfFact(i + 1));
    EXPECT_EQ(again.version, ledger_->GetAccount(account)->version);
    EXPECT_EQ(again.recorded_at, first[i].recorded_at);
    EXPECT_EQ(again.match, first[i].match) << i;
    EXPECT_THAT(std::tie(again.seq, again.entity, again.id, again.events, again.breaches),
                std::tie(last, first[i].entity, first[i].id, first[i].events, first[i].breaches))
        << i;
    EXPECT_TRUE(again.repeated);
  }
  EXPECT_EQ(LastSeq(), last);
}

TEST_P(RequestTest, AFactThatComesTwiceInACallIsKnownTheSecondTime) {
  const AccountId account = OpenAccount("Acme");
  const LeadOpen open{.account = account};
  const std::vector<Request> requests = {{LeadOpen{.account = account}, {}},
                                         {open, OfFact(7)},
                                         {open, OfFact(7)},
                                         {LeadOpen{.account = account}, {}}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_EQ(*outcomes[2], Repeated(*outcomes[1]));
  EXPECT_EQ(outcomes[3]->seq, outcomes[1]->seq + 1);
}

TEST_P(RequestTest, EveryKindOfReceiptIsRebuilt) {
  const AccountId account = OpenAccount("Acme");
  const AccountId other = OpenAccount("Other");
  Context observed = At("2024-05-01", Mode::kObserve);
  const std::vector<Command> commands = {
      OwnerDefine{.name = "Ann"},
      CampaignDefine{.name = "Spring"},
      ContactAdd{.account = account, .name = "Bob"},
      LeadOpen{.account = account, .contact = ContactId{1}, .owner = OwnerId{1}},
      LeadMove{.lead = LeadId{1}, .stage = "dead"},  // a breach: without reason
      NoteAdd{.account = account, .text = "note"},
      OpportunityOpen{.account = account, .name = "Deal"},
      ContactMove{.contact = ContactId{1}, .account = other}};
  std::vector<Receipt> receipts;
  for (size_t i = 0; i < commands.size(); ++i) {
    observed.request_id = "r" + std::to_string(i);
    receipts.push_back(Must(commands[i], observed));
  }
  EXPECT_NE(receipts[4].breaches, 0u);
  Restart();
  for (size_t i = 0; i < commands.size(); ++i) {
    observed.request_id = "r" + std::to_string(i);
    EXPECT_EQ(Must(commands[i], observed), Repeated(receipts[i])) << i;
  }
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(RequestTest, OtherContentUnderTheSameIdIsRefused) {
  Must(AccountOpen{.name = "Acme"}, RequestId("r1"));
  for (const auto& [command, context] :
       std::vector<std::pair<Command, Context>>{{AccountOpen{.name = "Acme Inc"}, RequestId("r1")},
                                                {OwnerDefine{.name = "Acme"}, RequestId("r1")}}) {
    const absl::Status status = Refused(command, context);
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(DetailOf(status).field, "request_id");
  }
  Context later = RequestId("r1");
  later.occurred_at = *ParseMoment("2024-01-01");
  EXPECT_FALSE(ledger_->Execute(AccountOpen{.name = "Acme"}, later).ok());
}

TEST_P(RequestTest, RefusalsAreNotRemembered) {
  EXPECT_FALSE(ledger_->Execute(LeadOpen{.account = AccountId{1}}, RequestId("r1")).ok());
  OpenAccount("Acme");
  EXPECT_FALSE(Must(LeadOpen{.account = AccountId{1}}, RequestId("r1")).repeated);
}

TEST_P(RequestTest, AtomicBatchIsOneRequest) {
  const AccountId account = OpenAccount("Acme");
  const std::vector<Command> commands = {LeadOpen{.account = account},
                                         NoteAdd{.account = account, .text = "n"}};
  const Receipt first = *ledger_->ExecuteAtomic(commands, RequestId("batch"));
  EXPECT_EQ(first.events, 2);
  Restart();
  EXPECT_EQ(*ledger_->ExecuteAtomic(commands, RequestId("batch")), Repeated(first));
  EXPECT_FALSE(ledger_->ExecuteAtomic(std::span(commands).first(1), RequestId("batch")).ok());
  EXPECT_FALSE(ledger_->Execute(commands[0], RequestId("batch")).ok());
}

TEST_P(RequestTest, SecondOfABatchSeesTheFirst) {
  const std::vector<Request> requests = {{AccountOpen{.name = "Acme"}, RequestId("r")},
                                         {AccountOpen{.name = "Acme"}, RequestId("r")}};
  std::vector<absl::StatusOr<Receipt>> outcomes;
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_EQ(*outcomes[1], Repeated(*outcomes[0]));
}

TEST_P(RequestTest, IdsHaveALimitAndAreText) {
  const std::string longest(kMaxRequestIdBytes, 'x');
  EXPECT_FALSE(Must(AccountOpen{.name = "A"}, RequestId(longest)).repeated);
  EXPECT_EQ(DetailOf(Refused(AccountOpen{.name = "A"}, RequestId(longest + "x"))).field,
            "request_id");
  EXPECT_EQ(DetailOf(Refused(AccountOpen{.name = "A"}, RequestId("\xff"))).field, "request_id");
}

}  // namespace
}  // namespace throughline
