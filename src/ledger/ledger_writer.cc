#include "ledger/ledger_writer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "ledger/account_rows.h"
#include "ledger/command_runner.h"
#include "ledger/pending_commits.h"
#include "ledger/refusal.h"
#include "ledger/settings.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr size_t kLedgerIdBytes = 16;
constexpr size_t kRequestKeyBytes = 32;

Time SystemTime() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

absl::Status CheckCommandCount(std::string_view field, size_t count) {
  if (count <= kMaxCommandsPerCall) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(count, " are too many for one call, at most ",
                                          kMaxCommandsPerCall, " are allowed"));
}

void Answer(const absl::Status& status, bool traces_left, GroupCommit::Job& job) {
  job.status = status;
  job.traces_left = traces_left;
}

// Tells who asked for an erasure that traces are left.
void NotePending(const Command& command, const GroupCommit::Job& job,
                 absl::StatusOr<Receipt>& outcome) {
  if (!job.traces_left || !outcome.ok() || outcome->repeated) return;
  outcome->pending |= std::holds_alternative<ContactErase>(command);
}

// The first commit: there is no policy yet by which to decide it.
absl::Status AppendFirstPolicy(LedgerTransaction& transaction, std::string_view json) {
  PendingCommits pending;
  pending.Open(transaction, OwnerId{});
  Event event;
  event.occurred_at = pending.now();
  event.payload = PolicySet{transaction.policy_version(), std::string(json)};
  absl::StatusOr<const RecordedEvent*> recorded = pending.Add(kNoAccount, 0, std::move(event));
  if (!recorded.ok()) return recorded.status();
  Rows rows;
  Evolve(rows, **recorded);
  pending.Close({});
  absl::Status status = pending.Append(transaction);
  if (status.ok()) status = SaveChanges(transaction.store(), rows);
  return status;
}

}  // namespace

LedgerWriter::LedgerWriter(Store& store, CommitFeed& feed, LedgerOptions options,
                           RandomBytes random)
    : store_(store),
      feed_(feed),
      clock_(options.clock ? std::move(options.clock) : SystemTime),
      cache_(std::move(random)),
      group_({options.group_wait_us, std::clamp(options.group_limit, 1, 1024)},
             [this](std::span<GroupCommit::Job* const> jobs) { RunGroup(jobs); }) {}

absl::Status LedgerWriter::Found(std::string_view policy_json) {
  absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(policy_json);
  if (!policy.ok()) return policy.status();
  return RunAlone([&](LedgerTransaction& transaction) {
    if (transaction.last_seq() != 0) {
      return absl::AlreadyExistsError("the store holds a ledger already");
    }
    std::array<char, kLedgerIdBytes + kRequestKeyBytes> random;
    cache_.ids.Fill(random.data(), random.size());
    const std::string_view bytes(random.data(), random.size());
    cache_.request_key = std::string(bytes.substr(kLedgerIdBytes));
    absl::Status status =
        PutSetting(transaction.store(), kLedgerIdSetting, bytes.substr(0, kLedgerIdBytes));
    status.Update(PutSetting(transaction.store(), kRequestKeySetting, cache_.request_key));
    if (!status.ok()) return status;
    transaction.SetPolicy(1, *policy);
    return AppendFirstPolicy(transaction, policy_json);
  });
}

absl::StatusOr<Receipt> LedgerWriter::Execute(const Command& command, const Context& context) {
  absl::StatusOr<Receipt> outcome = absl::InternalError("not run");
  GroupCommit::Job job;
  job.run = [&](LedgerTransaction& transaction) {
    outcome = RunCommand(transaction, command, context);
    return IsRefusal(outcome.status()) ? absl::OkStatus() : outcome.status();
  };
  group_.Run(job);
  if (!job.status.ok()) return job.status;
  NotePending(command, job, outcome);
  return outcome;
}

absl::StatusOr<Receipt> LedgerWriter::ExecuteAtomic(std::span<const Command> commands,
                                                    const Context& context) {
  if (commands.empty()) return InvalidField("commands", "is empty");
  if (absl::Status status = CheckCommandCount("commands", commands.size()); !status.ok()) {
    return status;
  }
  absl::StatusOr<Receipt> outcome = absl::InternalError("not run");
  GroupCommit::Job job;
  job.commands = static_cast<int>(commands.size());
  job.run = [&](LedgerTransaction& transaction) {
    outcome = RunAtomic(transaction, commands, context);
    return IsRefusal(outcome.status()) ? absl::OkStatus() : outcome.status();
  };
  group_.Run(job);
  if (!job.status.ok()) return job.status;
  for (const Command& command : commands) NotePending(command, job, outcome);
  return outcome;
}

absl::Status LedgerWriter::ExecuteAll(std::span<const Request> requests,
                                      std::vector<absl::StatusOr<Receipt>>& outcomes) {
  outcomes.clear();
  if (absl::Status status = CheckCommandCount("requests", requests.size()); !status.ok()) {
    return status;
  }
  if (requests.empty()) return absl::OkStatus();
  GroupCommit::Job job;
  job.commands = static_cast<int>(requests.size());
  job.run = [&](LedgerTransaction& transaction) {
    return RunEach(transaction, requests, outcomes);
  };
  group_.Run(job);
  if (!job.status.ok()) outcomes.assign(requests.size(), job.status);
  for (size_t i = 0; i < outcomes.size(); ++i) NotePending(requests[i].command, job, outcomes[i]);
  return job.status;
}

absl::Status LedgerWriter::RunAlone(const std::function<absl::Status(LedgerTransaction&)>& run) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Cleanup forget = [this] { cache_.valid = false; };
  absl::StatusOr<std::unique_ptr<LedgerTransaction>> transaction = Begin();
  if (!transaction.ok()) return transaction.status();
  absl::Status status = run(**transaction);
  if (status.ok()) status = Commit(*std::move(transaction));
  return status;
}

absl::StatusOr<std::unique_ptr<LedgerTransaction>> LedgerWriter::Begin() {
  return LedgerTransaction::Begin(store_, cache_, clock_);
}

absl::Status LedgerWriter::Commit(std::unique_ptr<LedgerTransaction> transaction) {
  if (!transaction->wrote()) return absl::OkStatus();
  absl::Status status = transaction->Commit();
  if (!status.ok()) {
    cache_.valid = false;
    return status;
  }
  EndTransaction(std::move(transaction));
  return absl::OkStatus();
}

// What follows a commit; whether traces of what it erased are left.
bool LedgerWriter::EndTransaction(std::unique_ptr<LedgerTransaction> transaction) {
  const int64_t seq = transaction->last_seq();
  const bool erased = transaction->erased();
  transaction.reset();
  bool traces_left = false;
  if (erased) {
    // What was committed stays, even if this fails: it can be tried again.
    const absl::StatusOr<bool> done = store_.EraseTraces();
    traces_left = !done.ok() || !*done;
  }
  feed_.Committed(seq);
  return traces_left;
}

void LedgerWriter::RunGroup(std::span<GroupCommit::Job* const> jobs) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // An exception may leave ids drawn that no commit holds.
  absl::Cleanup forget = [this] { cache_.valid = false; };
  RunUnderLock(jobs);
  std::move(forget).Cancel();
}

void LedgerWriter::RunUnderLock(std::span<GroupCommit::Job* const> jobs) {
  const Attempt together = TryGroup(jobs);
  for (GroupCommit::Job* job : jobs) Answer(together.status, together.traces_left, *job);
  if (together.status.ok() || !together.may_retry || jobs.size() == 1) return;
  for (GroupCommit::Job* job : jobs) {
    const Attempt alone = TryGroup(std::span(&job, 1));
    Answer(alone.status, alone.traces_left, *job);
  }
}

LedgerWriter::Attempt LedgerWriter::TryGroup(std::span<GroupCommit::Job* const> jobs) {
  absl::StatusOr<std::unique_ptr<LedgerTransaction>> begun = Begin();
  if (!begun.ok()) return {begun.status(), false};
  LedgerTransaction& transaction = **begun;
  for (GroupCommit::Job* job : jobs) {
    if (absl::Status status = job->run(transaction); !status.ok()) {
      begun->reset();
      cache_.valid = false;
      return {std::move(status), true};
    }
  }
  if (!transaction.wrote()) return {};
  absl::Status status = transaction.Commit();
  if (!status.ok()) {
    cache_.valid = false;
    return {std::move(status), !transaction.outcome_unknown()};
  }
  return {absl::OkStatus(), false, EndTransaction(*std::move(begun))};
}

}  // namespace throughline
