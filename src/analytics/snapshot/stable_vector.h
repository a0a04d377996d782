#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_STABLE_VECTOR_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_STABLE_VECTOR_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>

namespace throughline {

// A vector that only grows, and whose items never move: one thread at a time may add while others
// read what was there when they learned of it.
template <class T>
class StableVector {
 public:
  size_t size() const { return size_.load(std::memory_order_acquire); }

  const T& operator[](size_t index) const {
    const Place place = PlaceOf(index);
    return chunks_[place.chunk][place.offset];
  }

  void push_back(T item) {
    const size_t index = size_.load(std::memory_order_relaxed);
    const Place place = PlaceOf(index);
    if (place.offset == 0) chunks_[place.chunk] = std::make_unique<T[]>(kFirst << place.chunk);
    chunks_[place.chunk][place.offset] = std::move(item);
    size_.store(index + 1, std::memory_order_release);
  }

  size_t bytes() const {
    size_t items = 0;
    for (size_t chunk = 0; items < size(); ++chunk) items += kFirst << chunk;
    return items * sizeof(T);
  }

 private:
  static constexpr size_t kFirst = 64;  // items of the first chunk; each is twice the one before
  static constexpr size_t kChunks = 40;

  struct Place {
    size_t chunk;
    size_t offset;
  };
  static Place PlaceOf(size_t index) {
    const auto chunk = static_cast<size_t>(std::bit_width(index / kFirst + 1) - 1);
    return {chunk, index - kFirst * ((size_t{1} << chunk) - 1)};
  }

  std::array<std::unique_ptr<T[]>, kChunks> chunks_;
  std::atomic<size_t> size_{0};
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_STABLE_VECTOR_H_
