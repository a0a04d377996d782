#ifndef THROUGHLINE_STORE_MEMORY_ROW_TREE_H_
#define THROUGHLINE_STORE_MEMORY_ROW_TREE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "throughline/store.h"

namespace throughline {

using RowPtr = std::shared_ptr<const StoredRow>;

// The columns that a tree orders by, each once; together they are different for different rows.
using RowOrder = std::span<const int>;

int CompareRows(RowOrder order, std::span<const Value> a, std::span<const Value> b);

// Rows in an order, as a value: to copy a tree costs a pointer, and to change the copy leaves the
// original as it is; they share what is equal. So a reader's snapshot is a copy that needs no lock.
//
// A treap. `edit` is the number of the transaction that changes the tree: nodes that it made itself
// are seen by nobody else and changed in place, all others are copied first.
class RowTree {
 public:
  // Null if there is none. `row` needs only the columns of the order.
  RowPtr Find(RowOrder order, std::span<const Value> row) const;

  // Inserts the row or replaces the one that is equal to it in the order.
  void Put(RowOrder order, RowPtr row, uint64_t edit);

  // Removes the row that is equal to this one in the order, if there is one.
  void Erase(RowOrder order, std::span<const Value> row, uint64_t edit);

  // The range of rows for which `side` is 0; it is negative for those before and positive for those
  // behind. Calls `visitor` for each in order, until it returns false.
  using Side = std::function<int(std::span<const Value>)>;
  void Visit(const Side& side, bool descending, const RowVisitor& visitor) const;

 private:
  struct Node;
  using NodePtr = std::shared_ptr<Node>;

  static void Own(NodePtr& node, uint64_t edit);
  static void Put(NodePtr& node, RowOrder order, RowPtr row, uint64_t edit);
  static void Erase(NodePtr& node, RowOrder order, std::span<const Value> row, uint64_t edit);
  static NodePtr Merge(NodePtr left, NodePtr right, uint64_t edit);
  static bool Visit(const Node* node, const Side& side, bool descending, const RowVisitor& visitor);

  NodePtr root_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_MEMORY_ROW_TREE_H_
