#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/store_wrappers.h"
#include "throughline/export.h"

namespace throughline {
namespace {

using testing::EndsWith;

// The nth operation of the store fails while a ledger is restored into it, for every n.
class RestoreFailureTest : public LedgerTest {
 protected:
  RestoreFailureTest() {
    const AccountId account = OpenAccount("Acme");
    Must(ContactAdd{.account = account, .name = "Ann", .email = "ann@acme.com"});
    Must(LeadOpen{.account = account, .contact = ContactId{1}}, RequestId("lead"));
    Must(NoteAdd{.account = account, .text = "note"});
    EXPECT_TRUE(ExportLedger(*ledger_, [this](std::string_view bytes) {
                  text_ += bytes;
                  return absl::OkStatus();
                }).ok());
  }

  absl::Status Restore(const std::shared_ptr<Store>& store, bool is_open = false) {
    const ByteSource source = [&, taken = false]() mutable -> absl::StatusOr<std::string_view> {
      return std::exchange(taken, true) ? std::string_view() : std::string_view(text_);
    };
    return RestoreLedger(std::make_unique<FaultyStore>(store, faults_, is_open), source, Options())
        .status();
  }

  // Calls check(status, store) after each try, for n = 0, 1 ... until nothing struck.
  template <class Check>
  void FailEverywhere(int failures, Faults::Kind kind, Check&& check) {
    for (int64_t n = 0;; ++n) {
      SCOPED_TRACE("operation " + std::to_string(n));
      const std::shared_ptr<Store> store = NewStore("store" + std::to_string(++stores_) + ".db");
      faults_.FailAfter(n, failures, kind);
      const absl::Status status = Restore(store);
      const bool struck = faults_.next == Faults::kNever || faults_.count < failures;
      faults_.next = Faults::kNever;
      if (!struck) return;
      check(status, store);
      ASSERT_LT(n, 1000);
    }
  }

  void ExpectWhole(Store& store) {
    EXPECT_EQ(DumpJournal(store), DumpJournal(ledger_->store()));
    EXPECT_EQ(DumpRows(store), DumpRows(ledger_->store()));
  }

  std::string text_;
  Faults faults_;
  int stores_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, RestoreFailureTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(RestoreFailureTest, ThereIsAllOfItOrNothing) {
  int tries = 0;
  FailEverywhere(1, Faults::kError, [&](const absl::Status& status, std::shared_ptr<Store> store) {
    ++tries;
    ASSERT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_EQ(*store->LastSeq(), 0);
    EXPECT_TRUE(DumpRows(*store).empty());
    EXPECT_EQ(Ledger::Open(std::make_unique<SharedStore>(store, /*is_open=*/true)).status().code(),
              absl::StatusCode::kNotFound);
    ASSERT_TRUE(Restore(store, /*is_open=*/true).ok()) << "again";
    ExpectWhole(*store);
  });
  EXPECT_GT(tries, 20);
}

TEST_P(RestoreFailureTest, TheErrorSaysWhatToDo) {
  FailEverywhere(1, Faults::kError, [&](const absl::Status& status, const auto&) {
    const std::string message(status.message());
    const bool at_the_end = message.find("unknown") != message.npos;
    EXPECT_THAT(message,
                EndsWith(at_the_end ? ": whether it was restored is unknown: all of it, if the "
                                      "ledger can be opened; else restore again"
                                    : ": nothing was restored; restore again when the store "
                                      "works"));
  });
}

// The commit is written and the answer is lost; with the second failure the store cannot be asked.
TEST_P(RestoreFailureTest, ALostAnswerLeavesTheWholeLedger) {
  for (const int failures : {1, 2}) {
    int whole = 0;
    FailEverywhere(
        failures, Faults::kCommitThenError,
        [&](const absl::Status& status, std::shared_ptr<Store> store) {
          if (*store->LastSeq() == 0) {
            EXPECT_FALSE(status.ok());
            return;
          }
          ++whole;
          EXPECT_EQ(status.ok(), failures == 1) << status;
          ExpectWhole(*store);
          EXPECT_TRUE(Ledger::Open(std::make_unique<SharedStore>(store, /*is_open=*/true)).ok());
        });
    EXPECT_EQ(whole, 1) << failures << " failures";
  }
}

}  // namespace
}  // namespace throughline
