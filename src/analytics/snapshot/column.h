#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace throughline {

// Memory for items by the million, in large pages where the system has them: with small ones a
// fifth of the time of taking a snapshot goes into touching each for the first time.
class ColumnMemory {
 public:
  ColumnMemory() = default;
  ColumnMemory(ColumnMemory&& other) noexcept { swap(other); }
  ColumnMemory& operator=(ColumnMemory&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ColumnMemory();

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

  // Makes it at least `bytes` large. What is in it stays, but may move; large pieces are moved
  // without being copied where the system can. Throws bad_alloc.
  void Grow(size_t bytes);

  void swap(ColumnMemory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

// A vector of such memory, as far as columns need one. Items that resize() makes are as the memory
// is: they are written before they are read.
template <class T>
class Column {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;

  Column() = default;
  Column(size_t count, const T& value) { assign(count, value); }
  Column(Column&& other) noexcept
      : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
  Column& operator=(Column&& other) noexcept {
    memory_.swap(other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return static_cast<T*>(memory_.data()); }
  const T* data() const { return static_cast<const T*>(memory_.data()); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](size_t index) { return data()[index]; }
  const T& operator[](size_t index) const { return data()[index]; }
  T& back() { return data()[size_ - 1]; }
  const T& back() const { return data()[size_ - 1]; }

  void reserve(size_t count) {
    if (count > capacity()) Grow(count);
  }
  void resize(size_t count) {
    reserve(count);
    size_ = count;
  }
  // The same with the value in all that are new. Grows as push_back does.
  void resize(size_t count, const T& value) {
    if (count > capacity()) Grow(std::max(capacity() * 2, count));
    if (count > size_) std::uninitialized_fill_n(end(), count - size_, value);
    size_ = count;
  }
  void assign(size_t count, const T& value) {
    resize(count);
    std::uninitialized_fill_n(data(), count, value);
  }
  void push_back(T item) {
    if (size_ == capacity()) Grow(std::max<size_t>(capacity() * 2, 4));
    std::construct_at(data() + size_, item);
    ++size_;
  }
  // Of another column, or any other items but its own.
  void append(std::span<const T> items) {
    if (items.empty()) return;
    if (size_ + items.size() > capacity()) Grow(std::max(capacity() * 2, size_ + items.size()));
    std::uninitialized_copy(items.begin(), items.end(), end());
    size_ += items.size();
  }
  void clear() { size_ = 0; }

 private:
  size_t capacity() const { return memory_.bytes() / sizeof(T); }  // NOLINT: T may be a pointer
  void Grow(size_t count) {
    if (count > SIZE_MAX / sizeof(T)) throw std::bad_alloc();  // NOLINT: T may be a pointer
    memory_.Grow(count * sizeof(T));                           // NOLINT
  }

  ColumnMemory memory_;
  size_t size_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_COLUMN_H_
