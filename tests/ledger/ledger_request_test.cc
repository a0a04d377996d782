#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

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
