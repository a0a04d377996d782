#include "ledger/bulk_writer.h"

#include <mutex>
#include <optional>
#include <utility>

#include "ledger/account_session.h"
#include "ledger/ledger_impl.h"
#include "ledger/ledger_transaction.h"
#include "throughline/error.h"

namespace throughline {
namespace {

class LedgerBulkWriter final : public BulkWriter {
 public:
  explicit LedgerBulkWriter(LedgerWriter& writer) : writer_(writer) {}

  absl::StatusOr<Receipt> Apply(Command& command, Context& context) override {
    if (!failed_.ok()) return failed_;
    if (!context.request_id.empty()) {
      return InvalidField("request_id", "an imported fact has none: it is told by its key");
    }
    if (absl::Status status = EnsureTransaction(); !status.ok()) return Fail(status);
    absl::StatusOr<Receipt> receipt = ApplyHere(command, context);
    if (!receipt.ok() && !IsRefusal(receipt.status())) return Fail(receipt.status());
    if (!session_->bound()) {
      session_.reset();
    } else if (session_->pending_bytes() > kMaxCommitBytes) {
      if (absl::Status status = EndCommit(); !status.ok()) return status;
    }
    return receipt;
  }

  absl::Status EndCommit() override {
    if (!failed_.ok()) return failed_;
    if (!session_ || session_->pending().empty()) return absl::OkStatus();
    const int64_t events = session_->pending().events();
    progress_.uncommitted_events += events;
    progress_.uncommitted_bytes += static_cast<int64_t>(session_->pending_bytes());
    progress_.events += events;
    progress_.commits += session_->pending().commits();
    absl::Status status = session_->Flush();
    return status.ok() ? status : Fail(status);
  }

  absl::Status Commit() override {
    if (absl::Status status = EndCommit(); !status.ok()) return status;
    session_.reset();
    if (transaction_ == nullptr) return absl::OkStatus();
    progress_.uncommitted_events = progress_.uncommitted_bytes = 0;
    absl::Status status = writer_.Commit(std::move(transaction_));
    if (!status.ok()) return Fail(status);
    lock_.unlock();
    return absl::OkStatus();
  }

  const Progress& progress() const override { return progress_; }

 private:
  absl::Status EnsureTransaction() {
    if (transaction_ != nullptr) return absl::OkStatus();
    lock_ = std::unique_lock<std::mutex>(writer_.mutex());
    absl::StatusOr<std::unique_ptr<LedgerTransaction>> begun = writer_.Begin();
    if (!begun.ok()) return begun.status();
    transaction_ = *std::move(begun);
    return absl::OkStatus();
  }

  absl::StatusOr<Receipt> ApplyHere(Command& command, Context& context) {
    if (!session_) session_.emplace(*transaction_, AccountSession::Actors::kMany);
    absl::StatusOr<Home> home = session_->Locate(command, context);
    if (!home.ok()) return home.status();
    if (!session_->Takes(*home)) {
      if (absl::Status status = EndCommit(); !status.ok()) return status;
      session_.emplace(*transaction_, AccountSession::Actors::kMany);
      home = session_->Locate(command, context);
      if (!home.ok()) return home.status();
    }
    const PendingCommits& pending = session_->pending();
    if (!pending.empty() && pending.policy() != transaction_->policy_version()) {
      if (absl::Status status = EndCommit(); !status.ok()) return status;
    }
    return session_->Apply(command, context, *home);
  }

  absl::Status Fail(const absl::Status& status) {
    failed_ = status;
    session_.reset();
    transaction_.reset();
    if (lock_.owns_lock()) lock_.unlock();
    return status;
  }

  LedgerWriter& writer_;
  std::unique_lock<std::mutex> lock_;
  std::unique_ptr<LedgerTransaction> transaction_;
  std::optional<AccountSession> session_;
  Progress progress_;
  absl::Status failed_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<BulkWriter>> BulkWriter::Begin(Ledger& ledger) {
  absl::StatusOr<LedgerImpl*> impl = LedgerImpl::From(ledger);
  if (!impl.ok()) return impl.status();
  return std::make_unique<LedgerBulkWriter>((*impl)->writer());
}

}  // namespace throughline
