#ifndef THROUGHLINE_TESTS_LEDGER_STORE_WRAPPERS_H_
#define THROUGHLINE_TESTS_LEDGER_STORE_WRAPPERS_H_

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "throughline/store.h"

namespace throughline {

// A store that outlives its ledgers, so that a memory store can be opened again.
class SharedStore : public Store {
 public:
  explicit SharedStore(std::shared_ptr<Store> store, bool is_open = false)
      : store_(std::move(store)), is_open_(is_open) {}

  absl::Status Open(const Schema& schema, bool create) override {
    return is_open_ ? absl::OkStatus() : store_->Open(schema, create);
  }
  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override {
    return store_->BeginRead();
  }
  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override {
    return store_->BeginWrite();
  }
  absl::StatusOr<bool> EraseTraces() override { return store_->EraseTraces(); }
  absl::StatusOr<int64_t> LastSeq() override { return store_->LastSeq(); }

 private:
  const std::shared_ptr<Store> store_;
  const bool is_open_;
};

// A store that counts its read transactions.
class CountingStore : public SharedStore {
 public:
  CountingStore(std::shared_ptr<Store> store, int& reads)
      : SharedStore(std::move(store)), reads_(reads) {}

  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override {
    ++reads_;
    return SharedStore::BeginRead();
  }
  absl::StatusOr<int64_t> LastSeq() override {
    ++reads_;
    return SharedStore::LastSeq();
  }

 private:
  int& reads_;
};

// What is to go wrong in a FaultyStore, and when.
struct Faults {
  enum Kind {
    kError,            // the operation fails and does nothing
    kCommitThenError,  // a commit is written, and then said to be of unknown outcome
  };
  static constexpr int64_t kNever = -1;

  std::atomic<int64_t> next = kNever;  // so many operations from now on still work
  std::atomic<int> count = 1;          // and then so many fail
  std::atomic<Kind> kind = kError;
  std::atomic<int64_t> operations = 0;
  std::atomic<int64_t> commits = 0;

  // Called in every commit, before it is done.
  std::function<void()> on_commit;

  void FailAfter(int64_t operations_that_work, int failures = 1, Kind what = kError) {
    kind = what;
    count = failures;
    next = operations_that_work;
  }

  bool Strikes() {
    ++operations;
    if (next == kNever) return false;
    if (next > 0) {
      --next;
      return false;
    }
    if (--count <= 0) next = kNever;
    return true;
  }
  static absl::Status Error() { return absl::UnavailableError("the test wants it so"); }
};

// Writes of a store, each of which may fail. Reads of readers never do.
class FaultyTransaction : public WriteTransaction {
 public:
  FaultyTransaction(std::unique_ptr<WriteTransaction> inner, Faults& faults)
      : inner_(std::move(inner)), faults_(faults) {}

  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row) override {
    if (faults_.Strikes()) return Faults::Error();
    return inner_->Get(table, key, row);
  }
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) override {
    return faults_.Strikes() ? Faults::Error() : inner_->ScanRows(scan, visitor);
  }
  absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) override {
    return faults_.Strikes() ? Faults::Error() : inner_->ReadJournal(after, visitor);
  }
  absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                          const JournalVisitor& visitor) override {
    if (faults_.Strikes()) return Faults::Error();
    return inner_->ReadStream(account, after, descending, visitor);
  }
  absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) override {
    if (faults_.Strikes()) return Faults::Error();
    return inner_->ReadEntry(seq, visitor);
  }
  absl::StatusOr<Tail> JournalTail() override {
    if (faults_.Strikes()) return Faults::Error();
    return inner_->JournalTail();
  }
  absl::Status AppendAll(std::span<const JournalEntry> entries) override {
    return faults_.Strikes() ? Faults::Error() : inner_->AppendAll(entries);
  }
  absl::Status Put(TableNumber table, std::span<const Value> row) override {
    return faults_.Strikes() ? Faults::Error() : inner_->Put(table, row);
  }
  absl::Status Erase(TableNumber table, std::span<const Value> key) override {
    return faults_.Strikes() ? Faults::Error() : inner_->Erase(table, key);
  }
  absl::Status EraseAll(TableNumber table) override {
    return faults_.Strikes() ? Faults::Error() : inner_->EraseAll(table);
  }
  absl::Status Rewrite(TableNumber table) override {
    return faults_.Strikes() ? Faults::Error() : inner_->Rewrite(table);
  }
  bool ChangedByOthers() const override { return inner_->ChangedByOthers(); }
  absl::Status Commit() override {
    if (faults_.on_commit) faults_.on_commit();
    const bool strikes = faults_.Strikes();
    const bool writes = !strikes || faults_.kind == Faults::kCommitThenError;
    const absl::Status status = writes ? inner_->Commit() : absl::OkStatus();
    ++faults_.commits;
    inner_.reset();
    return strikes ? Faults::Error() : status;
  }

 private:
  std::unique_ptr<WriteTransaction> inner_;
  Faults& faults_;
};

// A store whose nth operation of a writer fails. `faults` must outlive it.
class FaultyStore : public SharedStore {
 public:
  FaultyStore(std::shared_ptr<Store> store, Faults& faults, bool is_open = false)
      : SharedStore(std::move(store), is_open), faults_(faults) {}

  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override {
    if (faults_.Strikes()) return Faults::Error();
    absl::StatusOr<std::unique_ptr<WriteTransaction>> inner = SharedStore::BeginWrite();
    if (!inner.ok()) return inner;
    return std::make_unique<FaultyTransaction>(*std::move(inner), faults_);
  }

 private:
  Faults& faults_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_LEDGER_STORE_WRAPPERS_H_
