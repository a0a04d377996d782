#ifndef THROUGHLINE_STORE_MEMORY_IMAGE_H_
#define THROUGHLINE_STORE_MEMORY_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/memory/row_tree.h"
#include "throughline/store.h"

namespace throughline {

// The schema, with the journal as one more table behind it, and where the trees of each table
// stand.
class ImageShape {
 public:
  explicit ImageShape(Schema schema);

  const Schema& schema() const { return schema_; }
  const TableSchema& table(TableNumber table) const {
    return table == journal() ? journal_ : schema_.tables[static_cast<size_t>(table)];
  }
  TableNumber journal() const { return static_cast<TableNumber>(schema_.tables.size()); }

  size_t tree_count() const { return orders_.size(); }
  size_t Tree(TableNumber table, int index) const {
    return first_tree_[static_cast<size_t>(table)] + static_cast<size_t>(index + 1);
  }
  RowOrder Order(size_t tree) const { return orders_[tree]; }

 private:
  Schema schema_;
  TableSchema journal_;
  std::vector<size_t> first_tree_;        // by table
  std::vector<std::vector<int>> orders_;  // by tree
};

// All that a store holds at one time, as a value: a copy costs a pointer for each tree, and is not
// touched by changes of the original.
class Image {
 public:
  explicit Image(std::shared_ptr<const ImageShape> shape)
      : shape_(std::move(shape)), trees_(shape_->tree_count()) {}

  const Schema& schema() const { return shape_->schema(); }

  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row) const;
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) const;
  absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) const;
  absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                          const JournalVisitor& visitor) const;
  absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) const;
  ReadTransaction::Tail JournalTail() const;

  // `edit`: the number of the transaction, as of RowTree.
  absl::Status Append(const JournalEntry& entry, uint64_t edit);
  absl::Status Put(TableNumber table, std::span<const Value> values, uint64_t edit);
  absl::Status Erase(TableNumber table, std::span<const Value> key, uint64_t edit);
  absl::Status EraseAll(TableNumber table);

 private:
  RowPtr Find(TableNumber table, std::span<const Value> key) const;
  void Visit(const Scan& scan, const RowVisitor& visitor) const;
  void VisitEntries(const Scan& scan, const JournalVisitor& visitor) const;

  // Puts `row` in the place of `old`; either may be null.
  void Replace(TableNumber table, const RowPtr& old, const RowPtr& row, uint64_t edit);

  std::shared_ptr<const ImageShape> shape_;
  std::vector<RowTree> trees_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_MEMORY_IMAGE_H_
