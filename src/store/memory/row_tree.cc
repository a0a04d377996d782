#include "store/memory/row_tree.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "store/value_order.h"
#include "throughline/store.h"

namespace throughline {
namespace {

// Unrelated to the order of rows; all that a treap asks for.
uint64_t NextPriority() {
  thread_local uint64_t count = 0;
  uint64_t mixed = ++count * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  return mixed ^ mixed >> 27;
}

}  // namespace

int CompareRows(RowOrder order, std::span<const Value> a, std::span<const Value> b) {
  for (const int column : order) {
    const size_t i = static_cast<size_t>(column);
    const int compared = CompareValues(a[i], b[i]);
    if (compared != 0) return compared;
  }
  return 0;
}

// `priority` falls from parent to child, which keeps the tree flat, as it is random.
struct RowTree::Node {
  RowPtr row;
  uint64_t priority;
  uint64_t edit;
  NodePtr left;
  NodePtr right;
};

RowPtr RowTree::Find(RowOrder order, std::span<const Value> row) const {
  const Node* node = root_.get();
  while (node != nullptr) {
    const int compared = CompareRows(order, row, node->row->values());
    if (compared == 0) return node->row;
    node = compared < 0 ? node->left.get() : node->right.get();
  }
  return nullptr;
}

void RowTree::Put(RowOrder order, RowPtr row, uint64_t edit) {
  Put(root_, order, std::move(row), edit);
}

void RowTree::Erase(RowOrder order, std::span<const Value> row, uint64_t edit) {
  // Without this the way to a row that is not there would be copied.
  if (Find(order, row) != nullptr) Erase(root_, order, row, edit);
}

void RowTree::Visit(const Side& side, bool descending, const RowVisitor& visitor) const {
  Visit(root_.get(), side, descending, visitor);
}

void RowTree::Own(NodePtr& node, uint64_t edit) {
  if (node->edit == edit) return;
  node = std::make_shared<Node>(*node);
  node->edit = edit;
}

void RowTree::Put(NodePtr& node, RowOrder order, RowPtr row, uint64_t edit) {
  if (node == nullptr) {
    node = std::make_shared<Node>(Node{std::move(row), NextPriority(), edit, nullptr, nullptr});
    return;
  }
  Own(node, edit);
  const int compared = CompareRows(order, row->values(), node->row->values());
  if (compared == 0) {
    node->row = std::move(row);
    return;
  }
  NodePtr& child = compared < 0 ? node->left : node->right;
  Put(child, order, std::move(row), edit);
  if (child->priority <= node->priority) return;
  // Rotate the child, which this edit owns by now, above its parent.
  NodePtr top = std::move(child);
  NodePtr& inner = compared < 0 ? top->right : top->left;
  child = std::move(inner);
  inner = std::move(node);
  node = std::move(top);
}

void RowTree::Erase(NodePtr& node, RowOrder order, std::span<const Value> row, uint64_t edit) {
  const int compared = CompareRows(order, row, node->row->values());
  if (compared == 0) {
    node = Merge(node->left, node->right, edit);
    return;
  }
  Own(node, edit);
  Erase(compared < 0 ? node->left : node->right, order, row, edit);
}

RowTree::NodePtr RowTree::Merge(NodePtr left, NodePtr right, uint64_t edit) {
  if (left == nullptr) return right;
  if (right == nullptr) return left;
  if (left->priority > right->priority) {
    Own(left, edit);
    left->right = Merge(left->right, std::move(right), edit);
    return left;
  }
  Own(right, edit);
  right->left = Merge(std::move(left), right->left, edit);
  return right;
}

bool RowTree::Visit(const Node* node, const Side& side, bool descending,
                    const RowVisitor& visitor) {
  if (node == nullptr) return true;
  const int at = side(node->row->values());
  const Node* before = descending ? node->right.get() : node->left.get();
  const Node* behind = descending ? node->left.get() : node->right.get();
  const int first = descending ? -at : at;
  if (first >= 0 && !Visit(before, side, descending, visitor)) return false;
  if (at == 0 && !visitor(node->row->values())) return false;
  return first > 0 || Visit(behind, side, descending, visitor);
}

}  // namespace throughline
