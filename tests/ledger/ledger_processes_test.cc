#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "ledger/ledger_impl.h"

namespace throughline {
namespace {

constexpr int kCommitsEach = 60;

// Processes that share one file. A store must not be used across fork(): each opens its own.
class ProcessesTest : public testing::Test {
 protected:
  ProcessesTest() : path_(folder_.File("shared.db")) {
    EXPECT_TRUE(Ledger::Create(SqliteFile(path_)).ok());
  }

  std::unique_ptr<Ledger> Open() {
    auto ledger = Ledger::Open(SqliteFile(path_));
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }

  // Runs `child` in a process of its own; its result is the exit code.
  template <class Child>
  pid_t Fork(Child&& child) {
    const pid_t pid = fork();
    if (pid == 0) _exit(child());
    return pid;
  }

  static int ExitCodeOf(pid_t pid) {
    int status = -1;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  TemporaryFolder folder_;
  const std::string path_;
};

// Opens an account of its own and writes to it and to account 1, reading what it wrote.
int WriteAndRead(Ledger* ledger, const std::string& name) {
  if (ledger == nullptr) return 1;
  const absl::StatusOr<Receipt> own =
      ledger->Execute(AccountOpen{.name = name, .external_ids = {{"crm", name}}}, {});
  if (!own.ok()) return 2;
  for (int i = 0; i < kCommitsEach; ++i) {
    const AccountId account{i % 2 == 0 ? own->id : 1};
    const absl::StatusOr<Receipt> receipt = ledger->Execute(
        LeadOpen{.account = account, .external_ids = {{name, std::to_string(i)}}}, {});
    if (!receipt.ok()) return 3;
    const absl::StatusOr<LeadRow> lead = ledger->GetLead(LeadRef(name, std::to_string(i)));
    if (!lead.ok() || lead->account != account || lead->lead.value != receipt->id) return 4;
  }
  return 0;
}

TEST_F(ProcessesTest, TwoProcessesWriteOneLedger) {
  ASSERT_TRUE(Open()->Execute(AccountOpen{.name = "Shared"}, {}).ok());
  const pid_t one = Fork([&] { return WriteAndRead(Open().get(), "one"); });
  const pid_t two = Fork([&] { return WriteAndRead(Open().get(), "two"); });
  EXPECT_EQ(ExitCodeOf(one), 0);
  EXPECT_EQ(ExitCodeOf(two), 0);
  std::unique_ptr<Ledger> ledger = Open();
  EXPECT_EQ(*ledger->store().LastSeq(), 2 + 2 + 2 * kCommitsEach);
  EXPECT_EQ(ledger->GetAccount(AccountId{1})->version, 1 + kCommitsEach);
  std::map<AccountId, int64_t> versions;
  Time last;
  const std::vector<Commit> commits = *ledger->ReadCommits(0, 10'000);
  for (const Commit& commit : commits) {
    EXPECT_EQ(commit.head.version, ++versions[commit.head.account]);
    EXPECT_GT(commit.head.recorded_at, last);
    last = commit.head.recorded_at;
  }
  EXPECT_EQ(ledger->Verify()->differences, 0);
}

TEST_F(ProcessesTest, WhatIsRememberedIsDroppedWhenAnotherProcessWrites) {
  std::string json(Policy::DefaultJson());
  json.replace(json.find("\"Inquiry\""), 9, "\"Anfrage\"");
  int to_child[2];
  int to_parent[2];
  ASSERT_EQ(pipe(to_child), 0);
  ASSERT_EQ(pipe(to_parent), 0);
  const pid_t child = Fork([&] {
    std::unique_ptr<Ledger> ledger = Open();
    char byte = 0;
    if (read(to_child[0], &byte, 1) != 1) return 1;
    if (!ledger->Execute(OwnerDefine{.name = "Ann", .external_ids = {{"crm", "ann"}}}, {}).ok()) {
      return 2;
    }
    if (!ledger->Execute(OwnerDefine{.owner = OwnerRef("crm", "first"), .name = "New"}, {}).ok()) {
      return 3;
    }
    if (!ledger->Execute(PolicyChange{.json = json}, {}).ok()) return 4;
    return write(to_parent[1], "x", 1) == 1 ? 0 : 5;
  });
  std::unique_ptr<Ledger> ledger = Open();
  ASSERT_TRUE(
      ledger->Execute(OwnerDefine{.name = "Old", .external_ids = {{"crm", "first"}}}, {}).ok());
  ASSERT_TRUE(ledger->Execute(AccountOpen{.name = "Acme"}, {}).ok());
  Context by_first;
  by_first.actor = OwnerRef("crm", "first");
  ASSERT_TRUE(ledger->Execute(LeadOpen{.account = AccountId{1}}, by_first).ok());
  EXPECT_EQ(ledger->CurrentPolicy()->policy->FindStage("inquiry")->name, "Inquiry");
  const int64_t seq = *ledger->store().LastSeq();
  ASSERT_EQ(write(to_child[1], "x", 1), 1);
  EXPECT_EQ(*ledger->WaitForCommits(seq + 2, int64_t{3600} * 1'000'000), seq + 3);
  char byte = 0;
  ASSERT_EQ(read(to_parent[0], &byte, 1), 1);
  EXPECT_EQ(ExitCodeOf(child), 0);
  // Ids go on where the other process stopped; its policy and its owners are the ones in force.
  EXPECT_EQ(ledger->Execute(OwnerDefine{.name = "Third"}, {})->id, 3);
  EXPECT_EQ(ledger->CurrentPolicy()->policy->FindStage("inquiry")->name, "Anfrage");
  const absl::StatusOr<Receipt> assigned =
      ledger->Execute(LeadAssign{.lead = LeadId{1}, .owner = OwnerRef("crm", "ann")}, by_first);
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  EXPECT_EQ(ledger->ReadCommits(assigned->seq - 1, 1)->at(0).head.policy, 2);
  EXPECT_EQ(ledger->Verify()->differences, 0);
}

}  // namespace
}  // namespace throughline
