#include "ledger/ledger_impl.h"

#include <sodium/core.h>
#include <sodium/randombytes.h>

#include <utility>

#include "ledger/rebuild.h"
#include "store/schema.h"

namespace throughline {
namespace {

RandomBytes OrSystems(RandomBytes random) {
  if (random) return random;
  // It cannot fail on systems that have a source of randomness, and may be called any number of
  // times.
  [[maybe_unused]] const int ready = sodium_init();
  return [](void* bytes, size_t size) { randombytes_buf(bytes, size); };
}

// NOT_FOUND if the tables are there but the ledger was never founded.
absl::Status CheckFounded(Store& store) {
  absl::StatusOr<int64_t> last = store.LastSeq();
  if (!last.ok()) return last.status();
  if (*last > 0) return absl::OkStatus();
  return absl::NotFoundError("the store holds no ledger");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Create(std::unique_ptr<Store> store,
                                                       LedgerOptions options,
                                                       std::string_view policy_json) {
  return LedgerImpl::Create(std::move(store), std::move(options), policy_json);
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(std::unique_ptr<Store> store,
                                                     LedgerOptions options) {
  return LedgerImpl::Open(std::move(store), std::move(options));
}

LedgerImpl::LedgerImpl(std::unique_ptr<Store> store, LedgerOptions options, RandomBytes random)
    : store_(std::move(store)), writer_(*store_, feed_, std::move(options), std::move(random)) {}

absl::StatusOr<std::unique_ptr<Ledger>> LedgerImpl::Create(std::unique_ptr<Store> store,
                                                           LedgerOptions options,
                                                           std::string_view policy_json,
                                                           RandomBytes random) {
  if (policy_json.empty()) policy_json = Policy::DefaultJson();
  // Before the store is touched.
  if (auto policy = Policy::Parse(policy_json); !policy.ok()) return policy.status();
  absl::Status status = store->Open(LedgerSchema(), /*create=*/true);
  if (!status.ok()) return status;
  std::unique_ptr<LedgerImpl> ledger(
      new LedgerImpl(std::move(store), std::move(options), OrSystems(std::move(random))));
  if (status = ledger->writer_.Found(policy_json); !status.ok()) return status;
  return ledger;
}

absl::StatusOr<std::unique_ptr<Ledger>> LedgerImpl::Open(std::unique_ptr<Store> store,
                                                         LedgerOptions options,
                                                         RandomBytes random) {
  absl::Status status = store->Open(LedgerSchema(), /*create=*/false);
  if (status.ok()) status = CheckFounded(*store);
  if (!status.ok()) return status;
  return std::unique_ptr<Ledger>(
      new LedgerImpl(std::move(store), std::move(options), OrSystems(std::move(random))));
}

absl::StatusOr<std::unique_ptr<Ledger>> LedgerImpl::CreateFrom(
    std::unique_ptr<Store> store, LedgerOptions options,
    const std::function<absl::Status(LedgerTransaction&)>& fill, RandomBytes random) {
  absl::Status status = store->Open(LedgerSchema(), /*create=*/true);
  if (!status.ok()) return status;
  std::unique_ptr<LedgerImpl> ledger(
      new LedgerImpl(std::move(store), std::move(options), OrSystems(std::move(random))));
  status = ledger->writer_.RunAlone([&](LedgerTransaction& transaction) {
    if (transaction.last_seq() != 0) {
      return absl::AlreadyExistsError("the store holds a ledger already");
    }
    return fill(transaction);
  });
  if (!status.ok()) return status;
  return ledger;
}

absl::StatusOr<LedgerImpl*> LedgerImpl::From(Ledger& ledger) {
  auto* impl = dynamic_cast<LedgerImpl*>(&ledger);
  if (impl != nullptr) return impl;
  return absl::InvalidArgumentError("this ledger was not made by Ledger::Create or Ledger::Open");
}

absl::StatusOr<Receipt> LedgerImpl::Execute(const Command& command, const Context& context) {
  return writer_.Execute(command, context);
}

absl::StatusOr<Receipt> LedgerImpl::ExecuteAtomic(std::span<const Command> commands,
                                                  const Context& context) {
  return writer_.ExecuteAtomic(commands, context);
}

absl::Status LedgerImpl::ExecuteAll(std::span<const Request> requests,
                                    std::vector<absl::StatusOr<Receipt>>& outcomes) {
  return writer_.ExecuteAll(requests, outcomes);
}

absl::StatusOr<int64_t> LedgerImpl::WaitForCommits(int64_t after, int64_t timeout_us) {
  return feed_.Wait(*store_, after, timeout_us);
}

int64_t LedgerImpl::AddCommitCallback(std::function<void(int64_t seq)> callback) {
  return feed_.AddCallback(std::move(callback));
}

void LedgerImpl::RemoveCommitCallback(int64_t number) { feed_.RemoveCallback(number); }

absl::Status LedgerImpl::Rebuild() { return writer_.RunAlone(RebuildLedger); }

}  // namespace throughline
