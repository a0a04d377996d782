#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace throughline {

// Memory for items by the million, in large pages where the system has them: with small ones a
// fifth of the time of taking a snapshot goes into touching each for the first time. Null if there
// is no memory.
void* AllocateColumn(size_t bytes);
void FreeColumn(void* memory);

// Gives vectors such memory, and leaves items that are made without a value as the memory is: they
// are written before they are read.
template <class T>
struct ColumnAllocator {
  using value_type = T;
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  ColumnAllocator() = default;
  template <class Other>
  ColumnAllocator(const ColumnAllocator<Other>&) {}  // NOLINT: allocators convert

  T* allocate(size_t count) {
    void* const memory = AllocateColumn(count * sizeof(T));  // NOLINT: T may be a pointer
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t) { FreeColumn(memory); }

  template <class Item>
  void construct(Item*) {}
  template <class Item, class... Values>
  void construct(Item* at, Values&&... values) {
    std::construct_at(at, std::forward<Values>(values)...);
  }
  friend bool operator==(const ColumnAllocator&, const ColumnAllocator&) { return true; }
};

template <class T>
using Column = std::vector<T, ColumnAllocator<T>>;

// Items on their way, in pieces: growing copies none of them.
template <class T>
class ColumnLog {
 public:
  void push_back(const T& item) {
    if (size_ % kPiece == 0) pieces_.emplace_back().reserve(kPiece);
    pieces_.back().push_back(item);
    ++size_;
  }
  size_t size() const { return size_; }
  void clear() { pieces_ = {}, size_ = 0; }

  template <class Visit>
  void ForEach(Visit&& visit) {
    for (Column<T>& piece : pieces_) {
      for (T& item : piece) visit(item);
    }
  }

 private:
  static constexpr size_t kPiece = (size_t{1} << 21) / sizeof(T);

  std::vector<Column<T>> pieces_;
  size_t size_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_
