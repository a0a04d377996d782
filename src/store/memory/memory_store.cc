#include "throughline/memory_store.h"

#include <cassert>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/forwarded_reads.h"
#include "store/memory/image.h"
#include "store/row_check.h"
#include "store/writer_turn.h"
#include "throughline/store.h"

namespace throughline {
namespace {

// The newest committed image. Thread-safe.
class Current {
 public:
  std::shared_ptr<const Image> Get() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return image_;
  }
  void Set(std::shared_ptr<const Image> image) {
    // The old image may be large, and is given back outside of the lock.
    const std::lock_guard<std::mutex> lock(mutex_);
    image_.swap(image);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Image> image_;
};

class MemoryReadTransaction final : public ForwardedReads<ReadTransaction, const Image> {
 public:
  explicit MemoryReadTransaction(std::shared_ptr<const Image> image) : image_(std::move(image)) {}

 private:
  const Image& source() override { return *image_; }

  std::shared_ptr<const Image> image_;
};

class MemoryWriteTransaction final : public ForwardedReads<WriteTransaction, const Image> {
 public:
  // `edit`: different for every transaction.
  MemoryWriteTransaction(Current& current, WriterTurn::Hold turn, uint64_t edit)
      : current_(current),
        turn_(std::move(turn)),
        image_(std::make_shared<Image>(*current.Get())),
        edit_(edit) {}

  absl::Status AppendAll(std::span<const JournalEntry> entries) override {
    for (const JournalEntry& entry : entries) {
      if (absl::Status status = CheckEntry(entry); !status.ok()) return status;
    }
    for (const JournalEntry& entry : entries) {
      if (absl::Status status = image_->Append(entry, edit_); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Put(TableNumber table, std::span<const Value> row) override {
    return image_->Put(table, row, edit_);
  }
  absl::Status Erase(TableNumber table, std::span<const Value> key) override {
    return image_->Erase(table, key, edit_);
  }
  absl::Status EraseAll(TableNumber table) override { return image_->EraseAll(table); }
  // There are no files.
  absl::Status Rewrite(TableNumber table) override { return CheckTable(image_->schema(), table); }
  bool ChangedByOthers() const override { return edit_ == kFirstEdit; }

  absl::Status Commit() override {
    assert(image_ != nullptr);
    current_.Set(std::move(image_));
    turn_.Release();
    return absl::OkStatus();
  }

  static constexpr uint64_t kFirstEdit = 1;

 private:
  const Image& source() override { return *image_; }

  Current& current_;
  WriterTurn::Hold turn_;
  std::shared_ptr<Image> image_;  // null: over
  const uint64_t edit_;
};

class MemoryStore final : public Store {
 public:
  absl::Status Open(const Schema& schema, bool create) override {
    if (current_.Get() != nullptr) return absl::FailedPreconditionError("already open");
    if (absl::Status status = CheckSchema(schema); !status.ok()) return status;
    if (!create) return absl::NotFoundError("empty, no ledger in it");
    current_.Set(std::make_shared<Image>(std::make_shared<ImageShape>(schema)));
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override {
    std::shared_ptr<const Image> image = current_.Get();
    if (image == nullptr) return absl::FailedPreconditionError("not open");
    return std::make_unique<MemoryReadTransaction>(std::move(image));
  }

  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override {
    if (current_.Get() == nullptr) return absl::FailedPreconditionError("not open");
    WriterTurn::Hold turn = turn_.Take();
    const uint64_t edit = ++edit_;
    return std::make_unique<MemoryWriteTransaction>(current_, std::move(turn), edit);
  }

  absl::StatusOr<bool> EraseTraces() override {
    if (current_.Get() == nullptr) return absl::FailedPreconditionError("not open");
    return true;
  }

  absl::StatusOr<int64_t> LastSeq() override {
    const std::shared_ptr<const Image> image = current_.Get();
    if (image == nullptr) return absl::FailedPreconditionError("not open");
    return image->JournalTail().seq;
  }

 private:
  Current current_;
  WriterTurn turn_;
  uint64_t edit_ = 0;  // of the newest write transaction; whoever has the turn counts
};

}  // namespace

std::unique_ptr<Store> NewMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace throughline
