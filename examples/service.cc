// A service in one process: workers that execute commands, a reader that follows what happens, a
// batch, a read, a report, an orderly end. examples/service.expected has what it prints.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "throughline/ledger.h"
#include "throughline/report.h"
#include "throughline/sqlite_store.h"

namespace throughline {
namespace {

constexpr int kWorkers = 4;
constexpr int kLeadsPerWorker = 25;

// Follows the change feed in a thread of its own until it is told to stop and has read everything.
class FeedReader {
 public:
  explicit FeedReader(Ledger& ledger)
      : ledger_(ledger), thread_([this](const std::stop_token& stop) { status_ = Follow(stop); }) {}

  absl::Status Stop() {
    thread_.request_stop();
    thread_.join();
    return status_;
  }
  int opened() const { return opened_; }  // leads; after Stop
  int moved() const { return moved_; }

 private:
  absl::Status Follow(const std::stop_token& stop) {
    for (int64_t seen = 0;;) {
      const bool last = stop.stop_requested();  // looked at first, so that nothing is missed
      const absl::StatusOr<std::vector<Commit>> commits = ledger_.ReadCommits(seen, 1000);
      if (!commits.ok()) return commits.status();
      for (const Commit& commit : *commits) seen = Take(commit);
      if (!commits->empty()) continue;
      if (last) return absl::OkStatus();
      const absl::StatusOr<int64_t> newest = ledger_.WaitForCommits(seen, 100'000);
      if (!newest.ok()) return newest.status();
    }
  }

  int64_t Take(const Commit& commit) {
    for (const Event& event : commit.events) {
      opened_ += std::holds_alternative<LeadOpened>(event.payload) ? 1 : 0;
      moved_ += std::holds_alternative<LeadMoved>(event.payload) ? 1 : 0;
    }
    return commit.head.seq;
  }

  Ledger& ledger_;
  absl::Status status_;
  int opened_ = 0;
  int moved_ = 0;
  std::jthread thread_;  // last: it begins when all else is there
};

// What one worker does: a company, its leads, and a move of each.
absl::Status Work(Ledger& ledger, const std::string& name) {
  const absl::StatusOr<Receipt> account = ledger.Execute(AccountOpen{.name = name}, {});
  if (!account.ok()) return account.status();
  for (int i = 0; i < kLeadsPerWorker; ++i) {
    // With a request id a command may be sent again if its outcome is unknown (UNAVAILABLE).
    const Context context{.request_id = name + "/" + std::to_string(i)};
    const absl::StatusOr<Receipt> lead =
        ledger.Execute(LeadOpen{.account = AccountId{account->id}, .source = "webinar"}, context);
    if (!lead.ok()) return lead.status();
    const absl::StatusOr<Receipt> moved =
        ledger.Execute(LeadMove{.lead = LeadId{lead->id}, .stage = "mql"}, {});
    if (!moved.ok()) return moved.status();
  }
  return absl::OkStatus();
}

absl::Status RunWorkers(Ledger& ledger) {
  std::array<absl::Status, kWorkers> ends;
  {
    std::vector<std::jthread> threads;
    threads.reserve(kWorkers);
    for (int i = 0; i < kWorkers; ++i) {
      threads.emplace_back([&, i] { ends[i] = Work(ledger, "Customer " + std::to_string(i)); });
    }
  }  // joined
  for (const absl::Status& end : ends) {
    if (!end.ok()) return end;
  }
  return absl::OkStatus();
}

// Many commands in few transactions. Each stands on its own: one is refused, the others are not.
absl::Status RunBatch(Ledger& ledger) {
  std::vector<Request> requests(50, {LeadOpen{.account = AccountId{1}, .source = "fair"}, {}});
  requests.push_back({LeadOpen{.account = AccountId{99}}, {}});
  std::vector<absl::StatusOr<Receipt>> outcomes;
  absl::Status status = ledger.ExecuteAll(requests, outcomes);
  if (!status.ok()) return status;
  int accepted = 0;
  for (const absl::StatusOr<Receipt>& outcome : outcomes) accepted += outcome.ok() ? 1 : 0;
  std::cout << "batch: " << accepted << " accepted; " << outcomes.back().status().message() << "\n";
  return absl::OkStatus();
}

absl::Status CountLeads(Ledger& ledger, const std::string& stage) {
  size_t count = 0;
  PageRequest next{.size = 40};
  do {
    const absl::StatusOr<Page<LeadRow>> page = ledger.ListLeads({.stage = stage}, next);
    if (!page.ok()) return page.status();
    count += page->items.size();
    next.cursor = page->next;
  } while (!next.cursor.empty());
  std::cout << stage << ": " << count << " leads\n";
  return absl::OkStatus();
}

// A report of all that is known now: a table, read by its columns.
absl::Status PrintFunnel(Ledger& ledger) {
  const auto snapshot = Snapshot::Take(ledger.store());
  if (!snapshot.ok()) return snapshot.status();
  const absl::StatusOr<Table> funnel = RunReport(**snapshot, "funnel", {});
  if (!funnel.ok()) return funnel.status();
  const TableColumn& stages = funnel->columns[funnel->FindColumn("stage").value()];
  const TableColumn& reached = funnel->columns[funnel->FindColumn("reached").value()];
  for (size_t row = 0; row < funnel->rows(); ++row) {
    if (!reached.IsGiven(row) || reached.integers[row] == 0) continue;
    std::cout << stages.TextAt(row) << " or later: " << reached.integers[row] << "\n";
  }
  return absl::OkStatus();
}

absl::Status Serve() {
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore({.path = "service.db"});
  if (!store.ok()) return store.status();
  absl::StatusOr<std::unique_ptr<Ledger>> opened = Ledger::Create(*std::move(store));
  if (!opened.ok()) return opened.status();
  Ledger& ledger = **opened;

  FeedReader reader(ledger);
  absl::Status status = RunWorkers(ledger);
  if (status.ok()) status = RunBatch(ledger);
  if (status.ok()) status = CountLeads(ledger, "mql");
  if (status.ok()) status = PrintFunnel(ledger);
  // In this order: nobody commits any more, the reader has read all, the ledger is closed.
  status.Update(reader.Stop());
  std::cout << "feed: " << reader.opened() << " opened, " << reader.moved() << " moved\n";
  return status;
}

}  // namespace
}  // namespace throughline

int main() {
  std::filesystem::remove("service.db");
  const absl::Status status = throughline::Serve();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
