#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/fold.h"
#include "ledger/account_group.h"
#include "ledger/bulk_writer.h"
#include "ledger/journal_stream.h"
#include "ledger/ledger_fixture.h"
#include "ledger/random_commands.h"

namespace throughline {
namespace {

constexpr int kSeeds = 12;
constexpr int kCommands = 250;

// Random sequences of commands, of all kinds: what must hold whatever happened.
// What only one of two dumps has.
std::vector<std::string> Differences(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<std::string> differences;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                std::back_inserter(differences));
  return differences;
}

class PropertyTest : public LedgerTest {
 protected:
  struct Remembered {
    AccountId account;
    AccountState state;
  };

  // Runs one command or a batch of one account. A refusal must change nothing.
  void Step(RandomCommands& commands) {
    const bool look = commands.Pick(8) == 0;
    const std::vector<std::string> before =
        look ? DumpRows(ledger_->store()) : std::vector<std::string>();
    const int64_t seq = LastSeq();
    const absl::StatusOr<Receipt> receipt = Run(commands);
    if (receipt.ok()) {
      commands.Accepted(*receipt);
      ++accepted_;
      return;
    }
    ++refused_;
    ASSERT_NE(receipt.status().code(), absl::StatusCode::kInternal) << receipt.status();
    ASSERT_NE(receipt.status().code(), absl::StatusCode::kDataLoss) << receipt.status();
    ASSERT_EQ(LastSeq(), seq);
    if (look) {
      ASSERT_EQ(DumpRows(ledger_->store()), before) << receipt.status();
    }
  }

  absl::StatusOr<Receipt> Run(RandomCommands& commands) {
    if (commands.Pick(6) != 0) {
      const Request request = commands.Next();
      return ledger_->Execute(request.command, request.context);
    }
    const AccountId account{1 + commands.Pick(4)};
    std::vector<Command> batch;
    for (int64_t n = 1 + commands.Pick(4); n > 0; --n) batch.push_back(commands.NextOf(account));
    Context context;
    context.mode = Mode::kObserve;
    return ledger_->ExecuteAtomic(batch, context);
  }

  // Commands about a few accounts, those of one mostly side by side.
  void RunBatch(RandomCommands& commands, bool together) {
    std::vector<Request> requests;
    AccountId account{1};
    while (requests.size() < 25) {
      requests.push_back(commands.Next());
      if (commands.Pick(4) == 0) account = AccountId{1 + commands.Pick(4)};
      if (commands.Pick(3) != 0) requests.back().command = commands.NextOf(account);
    }
    std::vector<absl::StatusOr<Receipt>> outcomes;
    if (together) {
      ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
    } else {
      for (const auto& [command, context] : requests) {
        outcomes.push_back(ledger_->Execute(command, context));
      }
    }
    for (const absl::StatusOr<Receipt>& outcome : outcomes) {
      if (outcome.ok()) commands.Accepted(*outcome);
    }
  }

  void ExpectOrderedJournal() {
    std::map<AccountId, int64_t> versions;
    CommitHead last;
    const std::vector<Commit> commits = *ledger_->ReadCommits(0, 10'000);
    for (const Commit& commit : commits) {
      ASSERT_GT(commit.head.seq, last.seq);
      ASSERT_GT(commit.head.recorded_at, last.recorded_at);
      ASSERT_EQ(commit.head.version, ++versions[commit.head.account]);
      ASSERT_FALSE(commit.events.empty());
      last = commit.head;
    }
  }

  void Remember(AccountId account) {
    absl::StatusOr<AccountState> state = ledger_->StateOf(account);
    if (state.ok()) remembered_.push_back({account, *std::move(state)});
  }

  // An as-of read later is what a read was at the time, and a replay of the journal up to there.
  void ExpectPastIsPast(const Remembered& then) {
    const AsOfAnswer& as_of = then.state.as_of;
    absl::StatusOr<AccountState> again =
        ledger_->StateOf(then.account, {as_of.through, as_of.known_at, as_of.seq});
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->as_of, as_of);
    auto transaction = *ledger_->store().BeginRead();
    std::vector<RecordedEvent> prefix = ReadGroupHistory(*transaction, then.account)->events;
    std::erase_if(prefix, [&](const RecordedEvent& e) { return e.id.seq() > as_of.seq; });
    const Rows replayed = Fold(prefix);
    if (then.state.aliases.empty()) {
      EXPECT_EQ(*replayed.accounts.Find(then.account), then.state.account);
    }
    EXPECT_EQ(again->aliases, then.state.aliases);
    EXPECT_EQ(again->account, then.state.account);
    EXPECT_EQ(again->domains, then.state.domains);
    EXPECT_EQ(again->contacts, then.state.contacts);
    EXPECT_EQ(again->leads, then.state.leads);
    EXPECT_EQ(again->opportunities, then.state.opportunities);
    EXPECT_EQ(again->opportunity_leads, then.state.opportunity_leads);
    EXPECT_EQ(again->opportunity_roles, then.state.opportunity_roles);
    for (const LeadRow& lead : then.state.leads) EXPECT_EQ(*replayed.leads.Find(lead.lead), lead);
  }

  int accepted_ = 0;
  int refused_ = 0;
  std::vector<Remembered> remembered_;
};

INSTANTIATE_TEST_SUITE_P(Stores, PropertyTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(PropertyTest, WhateverHappensHoldsTogether) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ledger_ = Create(NewStore("seed" + std::to_string(seed) + ".db"));
    remembered_.clear();
    RandomCommands commands(seed);
    for (int i = 0; i < kCommands; ++i) {
      ASSERT_NO_FATAL_FAILURE(Step(commands)) << "command " << i;
      if (i % 25 == 24) Remember(AccountId{1 + commands.Pick(4)});
    }
    const VerifyReport report = *ledger_->Verify();
    ASSERT_EQ(report.differences, 0) << report.samples.front();
    ExpectOrderedJournal();
    for (const Remembered& then : remembered_) ExpectPastIsPast(then);
    const std::vector<std::string> rows = DumpRows(ledger_->store());
    ASSERT_TRUE(ledger_->Rebuild().ok());
    ASSERT_EQ(Differences(DumpRows(ledger_->store()), rows), std::vector<std::string>());
  }
  EXPECT_GT(accepted_, kSeeds * kCommands / 3);
  EXPECT_GT(refused_, kSeeds * kCommands / 20);
}

// The same commands give the same ledger, whichever store holds it.
TEST_P(PropertyTest, EqualRunsGiveEqualLedgers) {
  std::vector<std::string> dumps[2];
  for (std::vector<std::string>& dump : dumps) {
    clock_.Set(StartOf(Date{20'000}));
    ledger_ = Create(NewStore(&dump == dumps ? "one.db" : "two.db"));
    RandomCommands commands(99);
    for (int i = 0; i < 200; ++i) Step(commands);
    dump = DumpRows(ledger_->store());
    for (std::string& line : DumpJournal(ledger_->store())) dump.push_back(std::move(line));
  }
  EXPECT_EQ(dumps[0], dumps[1]);
}

// Commands of one account that stand together share their rows; the ledger is as if they had not.
TEST_P(PropertyTest, ABatchGivesWhatSingleCommandsGive) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<std::string> dumps[2];
    for (const bool together : {false, true}) {
      clock_.Set(StartOf(Date{20'000}));
      ledger_ = Create(NewStore((together ? "all" : "each") + std::to_string(seed) + ".db"));
      RandomCommands commands(seed);
      for (int batch = 0; batch < kCommands / 25; ++batch) RunBatch(commands, together);
      dumps[together] = DumpRows(ledger_->store());
      for (std::string& line : DumpJournal(ledger_->store())) {
        dumps[together].push_back(std::move(line));
      }
      ASSERT_EQ(ledger_->Verify()->differences, 0);
    }
    ASSERT_EQ(Differences(dumps[1], dumps[0]), std::vector<std::string>());
  }
}

// Written in bulk, facts give the rows that they give one by one, and commits of many events.
TEST_P(PropertyTest, BulkGivesWhatSingleCommandsGive) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ledger_ = Create(NewStore("bulk" + std::to_string(seed) + ".db"));
    auto bulk = *BulkWriter::Begin(*ledger_);
    RandomCommands commands(seed);
    for (int i = 0; i < kCommands; ++i) {
      Request request = commands.Next();
      if (commands.Pick(3) == 0) request.command = commands.NextOf(AccountId{1 + commands.Pick(4)});
      request.context.mode = Mode::kObserve;
      request.context.expected_version.reset();
      const absl::StatusOr<Receipt> receipt = bulk->Apply(request.command, request.context);
      if (receipt.ok()) commands.Accepted(*receipt);
      ASSERT_TRUE(receipt.ok() || IsRefusal(receipt.status())) << receipt.status();
      if (commands.Pick(40) == 0) {
        ASSERT_TRUE(bulk->Commit().ok());
      }
    }
    ASSERT_TRUE(bulk->Commit().ok());
    const VerifyReport report = *ledger_->Verify();
    ASSERT_EQ(report.differences, 0) << report.samples.front();
    ASSERT_EQ(report.events, bulk->progress().events + 1);
    ASSERT_EQ(report.commits, bulk->progress().commits + 1);
    ExpectOrderedJournal();
    const std::vector<std::string> rows = DumpRows(ledger_->store());
    ASSERT_TRUE(ledger_->Rebuild().ok());
    ASSERT_EQ(Differences(DumpRows(ledger_->store()), rows), std::vector<std::string>());
  }
}

}  // namespace
}  // namespace throughline
