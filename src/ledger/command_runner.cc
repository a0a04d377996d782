#include "ledger/command_runner.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/opened_before.h"
#include "ledger/account_session.h"
#include "ledger/recorded_receipt.h"
#include "ledger/refusal.h"
#include "ledger/request_log.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr size_t kMaxSeriesBytes = size_t{4} << 20;  // that a series holds before it writes them

// The refusal of one command among several, with its place. A version conflict is that of them all.
absl::Status OfCommand(size_t index, const absl::Status& refusal) {
  if (!IsRefusal(refusal) || absl::IsAborted(refusal)) return refusal;
  ErrorDetail detail = DetailOf(refusal);
  const std::string place = absl::StrCat("commands[", index, "]");
  const std::string message = detail.field.empty() ? absl::StrCat(place, ": ", refusal.message())
                                                   : absl::StrCat(place, ".", refusal.message());
  detail.field = detail.field.empty() ? place : absl::StrCat(place, ".", detail.field);
  return WithDetail(absl::Status(refusal.code(), message), detail);
}

absl::StatusOr<Receipt> ApplyOne(AccountSession& session, Command& command, Context context) {
  absl::StatusOr<Home> home = session.Locate(command, context);
  if (!home.ok()) return home.status();
  if (!session.Takes(*home)) {
    return InvalidField("account", "the commands of one commit concern one account");
  }
  return session.Apply(command, context, *home);
}

// Adds what a later command of the same commit did to the receipt.
void Merge(const Receipt& one, Receipt& all) {
  all.events += one.events;
  all.breaches |= one.breaches;
  if (!all.match) all.match = one.match;
  if (all.entity != EntityKind::kNone) return;
  all.entity = one.entity;
  all.id = one.id;
}

// Applies the next command of a commit.
absl::StatusOr<Receipt> ApplyNext(AccountSession& session, OpenedBefore& opened, Command command,
                                  const Context& context) {
  if (absl::Status status = opened.Resolve(command); !status.ok()) return status;
  absl::StatusOr<Receipt> receipt = ApplyOne(session, command, context);
  opened.Add(command, receipt);
  return receipt;
}

absl::StatusOr<Receipt> ApplyAll(AccountSession& session, std::span<const Command> commands,
                                 Context context) {
  OpenedBefore opened;
  absl::StatusOr<Receipt> all = ApplyNext(session, opened, commands.front(), context);
  if (!all.ok()) return OfCommand(0, all.status());
  if (all->repeated) return all;
  // The commit as a whole is the fact, and the version was checked.
  context.fact = 0;
  context.expected_version.reset();
  for (size_t i = 1; i < commands.size(); ++i) {
    absl::StatusOr<Receipt> one = ApplyNext(session, opened, commands[i], context);
    if (!one.ok()) return OfCommand(i, one.status());
    Merge(*one, *all);
  }
  return all;
}

template <class ApplyCommands>
absl::StatusOr<Receipt> Run(LedgerTransaction& transaction, std::span<const Command> commands,
                            const Context& context, ApplyCommands&& apply) {
  std::string digest;
  if (!context.request_id.empty()) {
    if (absl::Status status = CheckRequestId(context.request_id); !status.ok()) return status;
    digest = RequestDigest(commands, context, transaction.request_key());
    absl::StatusOr<std::optional<Receipt>> first =
        FindRequest(transaction, context.request_id, digest);
    if (!first.ok()) return first.status();
    if (first->has_value()) return **first;
  }
  AccountSession session(transaction);
  absl::StatusOr<Receipt> receipt = apply(session);
  if (!receipt.ok()) return receipt;
  if (receipt->repeated) {
    return KnownFacts(transaction.store()).Complete(*receipt, context.fact);
  }
  if (absl::Status status = session.Flush(context.request_id); !status.ok()) return status;
  if (digest.empty()) return receipt;
  absl::Status status = RememberRequest(transaction, context.request_id, digest, receipt->seq);
  if (!status.ok()) return status;
  return receipt;
}

// Commands that come one after the other. As long as they are about what is known of one account,
// they share a session: its rows are read and written once.
class Series {
 public:
  explicit Series(LedgerTransaction& transaction)
      : transaction_(transaction), known_(transaction.store()) {}

  absl::StatusOr<Receipt> Run(const Request& request) {
    request_ = request;
    absl::StatusOr<Receipt> receipt = RunNext();
    opened_.Add(request_.command, receipt);
    return receipt;
  }

  absl::Status End() {
    absl::Status status = session_.has_value() ? session_->Flush() : absl::OkStatus();
    session_.reset();
    return status;
  }

 private:
  absl::StatusOr<Receipt> RunNext() {
    if (absl::Status status = opened_.Resolve(request_.command); !status.ok()) return status;
    if (request_.context.request_id.empty()) return Apply();
    if (absl::Status status = End(); !status.ok()) return status;
    return RunCommand(transaction_, request_.command, request_.context);
  }

  absl::StatusOr<Receipt> Apply() {
    auto& [command, context] = request_;
    if (session_.has_value() && !session_->Knows(command, context)) {
      if (absl::Status status = End(); !status.ok()) return status;
    }
    absl::StatusOr<Home> home = Locate();
    if (home.ok() && !session_->Takes(*home)) {  // it names a contact that has just moved away
      if (absl::Status status = End(); !status.ok()) return status;
      home = Locate();
    }
    absl::StatusOr<Receipt> receipt = home.ok() ? session_->Apply(command, context, *home)
                                                : absl::StatusOr<Receipt>(home.status());
    session_->EndCommit();
    const bool known = receipt.ok() && receipt->repeated;
    if (!session_->bound()) {
      session_.reset();
    } else if (session_->pending_bytes() > kMaxSeriesBytes) {
      if (absl::Status status = End(); !status.ok()) return status;
    }
    return known ? Complete(*receipt) : receipt;
  }

  absl::StatusOr<Home> Locate() {
    if (!session_.has_value()) session_.emplace(transaction_);
    return session_->Locate(request_.command, request_.context);
  }

  // The fact may be one of this series that waits to be written.
  absl::StatusOr<Receipt> Complete(const Receipt& known) {
    if (session_.has_value() && session_->pending_bytes() > 0) {
      if (absl::Status status = End(); !status.ok()) return status;
    }
    return known_.Complete(known, request_.context.fact);
  }

  LedgerTransaction& transaction_;
  KnownFacts known_;
  std::optional<AccountSession> session_;
  OpenedBefore opened_;
  Request request_;  // the one at hand, with its references filled in
};

}  // namespace

absl::Status RunEach(LedgerTransaction& transaction, std::span<const Request> requests,
                     std::vector<absl::StatusOr<Receipt>>& outcomes) {
  outcomes.clear();
  outcomes.reserve(requests.size());
  Series series(transaction);
  for (const Request& request : requests) {
    outcomes.push_back(series.Run(request));
    const absl::Status& status = outcomes.back().status();
    if (!status.ok() && !IsRefusal(status)) return status;
  }
  return series.End();
}

absl::StatusOr<Receipt> RunCommand(LedgerTransaction& transaction, const Command& command,
                                   const Context& context) {
  return Run(transaction, std::span(&command, 1), context, [&](AccountSession& session) {
    OpenedBefore nothing;
    return ApplyNext(session, nothing, command, context);
  });
}

absl::StatusOr<Receipt> RunAtomic(LedgerTransaction& transaction, std::span<const Command> commands,
                                  const Context& context) {
  return Run(transaction, commands, context,
             [&](AccountSession& session) { return ApplyAll(session, commands, context); });
}

}  // namespace throughline
