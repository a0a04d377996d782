#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/ledger_impl.h"
#include "ledger/store_wrappers.h"

namespace throughline {
namespace {

// The nth operation of the store fails, for every n: nothing may be half written.
class FailureTest : public LedgerTest {
 protected:
  FailureTest() {
    store_ = NewStore("faulty.db");
    ledger_ = Create(std::make_unique<FaultyStore>(store_, faults_));
    account_ = OpenAccount("Acme");
    Must(ContactAdd{.account = account_, .name = "Ann", .email = "ann@acme.com"});
    Must(TouchRecord{.contact = ContactId{1}, .channel = "web", .kind = "form"});
  }

  // Runs `write` with the nth operation failing, for n = 0, 1 ... until all went well. After each
  // failure the ledger must be as before; then `write` must work. `prepare` runs before each.
  template <class Write>
  void FailEverywhere(
      Write&& write, const std::function<void()>& prepare = [] {}) {
    for (int64_t n = 0;; ++n) {
      prepare();
      const std::vector<std::string> rows = DumpRows(*store_);
      const std::vector<std::string> journal = DumpJournal(*store_);
      faults_.FailAfter(n);
      const absl::Status status = write("n" + std::to_string(n));
      const bool struck = faults_.next == Faults::kNever;
      faults_.next = Faults::kNever;
      if (status.ok() && !struck) return;
      if (status.ok()) continue;
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      ASSERT_EQ(DumpRows(*store_), rows) << "operation " << n;
      ASSERT_EQ(DumpJournal(*store_), journal) << "operation " << n;
      ASSERT_TRUE(write("n" + std::to_string(n)).ok()) << "again after operation " << n;
      ASSERT_EQ(ledger_->Verify()->differences, 0);
      ASSERT_LT(n, 1000);
    }
  }

  Faults faults_;
  std::shared_ptr<Store> store_;
  AccountId account_;
};

INSTANTIATE_TEST_SUITE_P(Stores, FailureTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(FailureTest, CommandIsWrittenWhollyOrNotAtAll) {
  FailEverywhere([&](const std::string& id) {
    return ledger_
        ->Execute(
            LeadOpen{.account = account_, .contact = ContactId{1}, .external_ids = {{"crm", id}}},
            RequestId(id))
        .status();
  });
}

TEST_P(FailureTest, RevisionIsWrittenWhollyOrNotAtAll) {
  Must(LeadOpen{.account = account_, .contact = ContactId{1}});
  Receipt touch;
  FailEverywhere(
      [&](const std::string& id) {
        return ledger_->Execute(TouchRetract{.touch = {EventId::Of(touch.seq, 0)}}, RequestId(id))
            .status();
      },
      [&] {
        touch = Must(TouchRecord{.account = account_, .channel = "mail", .kind = "form"},
                     At("2024-01-01"));
      });
}

TEST_P(FailureTest, BatchIsWrittenWhollyOrNotAtAll) {
  FailEverywhere([&](const std::string& id) {
    const std::vector<Request> requests = {
        {LeadOpen{.account = account_}, RequestId(id + "a")},
        {AccountOpen{.name = "Other"}, RequestId(id + "b")},
        {PolicyChange{.json = std::string(Policy::DefaultJson())}, RequestId(id + "c")}};
    std::vector<absl::StatusOr<Receipt>> outcomes;
    absl::Status status = ledger_->ExecuteAll(requests, outcomes);
    EXPECT_EQ(outcomes.size(), requests.size());
    if (!status.ok()) {
      EXPECT_EQ(outcomes.back().status(), status);
    }
    return status;
  });
}

// Commands that share their rows, and one whose contact has just gone to another account.
TEST_P(FailureTest, SeriesIsWrittenWhollyOrNotAtAll) {
  const AccountId other = OpenAccount("Other");
  const TouchRecord touch{.contact = ContactId{1}, .channel = "web", .kind = "form"};
  FailEverywhere([&](const std::string&) {
    const std::vector<Request> requests = {
        {touch, {}},
        {touch, {}},
        {ContactMove{.contact = ContactId{1}, .account = other}, {}},
        {touch, {}},
        {ContactMove{.contact = ContactId{1}, .account = account_}, {}}};
    std::vector<absl::StatusOr<Receipt>> outcomes;
    absl::Status status = ledger_->ExecuteAll(requests, outcomes);
    for (const absl::StatusOr<Receipt>& outcome : outcomes) {
      EXPECT_EQ(outcome.status(), status);
    }
    return status;
  });
}

TEST_P(FailureTest, RebuildIsWrittenWhollyOrNotAtAll) {
  int64_t tries = 0;
  FailEverywhere([&](const std::string&) {
    ++tries;
    return ledger_->Rebuild();
  });
  EXPECT_GT(tries, 10);
}

TEST_P(FailureTest, CommitThatWasWrittenIsNotDoneAgain) {
  // The store says "unknown" after each operation that could be a commit: the journal tells.
  int64_t accepted = 0;
  const int64_t before = LastSeq();
  for (int64_t n = 0; n < 40; ++n) {
    faults_.FailAfter(n, 1, Faults::kCommitThenError);
    const absl::StatusOr<Receipt> receipt =
        ledger_->Execute(NoteAdd{.account = account_, .text = "note"}, {});
    faults_.next = Faults::kNever;
    accepted += receipt.ok();
    ASSERT_EQ(LastSeq(), before + accepted) << "operation " << n;
  }
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_P(FailureTest, UnknownOutcomeIsResolvedByTheRequestId) {
  // The commit is written, the answer is lost, and the store cannot be reached to ask.
  bool unknown = false;
  for (int64_t n = 0; n < 40 && !unknown; ++n) {
    const int64_t before = LastSeq();
    faults_.FailAfter(n, 2, Faults::kCommitThenError);
    const AccountOpen open{.name = "Acme " + std::to_string(n)};
    const absl::StatusOr<Receipt> receipt = ledger_->Execute(open, RequestId(open.name));
    faults_.next = Faults::kNever;
    if (receipt.ok() || LastSeq() == before) continue;
    unknown = true;
    EXPECT_EQ(receipt.status().code(), absl::StatusCode::kUnavailable);
    const Receipt again = Must(open, RequestId(open.name));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(LastSeq(), before + 1);
  }
  EXPECT_TRUE(unknown);
}

TEST_P(FailureTest, NothingRememberedSurvivesAFailure) {
  std::string json(Policy::DefaultJson());
  json.replace(json.find("\"Inquiry\""), 9, "\"Anfrage\"");
  for (int64_t n = 0; n < 40; ++n) {
    faults_.FailAfter(n);
    const absl::StatusOr<Receipt> changed = ledger_->Execute(PolicyChange{.json = json}, {});
    faults_.next = Faults::kNever;
    if (changed.ok()) break;
    // The next commit is decided by the policy that is in force, not by the one that failed.
    const Receipt note = Must(NoteAdd{.account = account_, .text = "note"});
    EXPECT_EQ(ledger_->ReadCommits(note.seq - 1, 1)->at(0).head.policy, 1);
  }
  EXPECT_EQ(ledger_->CurrentPolicy()->version, 2);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

}  // namespace
}  // namespace throughline
