#include "analytics/snapshot/column.h"

#include <cstdlib>
#include <cstring>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace throughline {
namespace {

constexpr size_t kLargePage = size_t{1} << 21;

// From here on memory is the system's, in whole large pages.
constexpr bool IsLarge(size_t bytes) { return bytes >= kLargePage / 2; }

#if defined(__linux__)

// Where a large page begins; null if there is no room.
void* MapLarge(size_t bytes) {
  const size_t more = bytes + kLargePage;
  void* const mapped =
      mmap(nullptr, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  void* begin = mapped;
  size_t room = more;
  std::align(kLargePage, bytes, begin, room);
  const size_t before = more - room;
  if (before > 0) munmap(mapped, before);
  if (room > bytes) munmap(static_cast<char*>(begin) + bytes, room - bytes);
  madvise(begin, bytes, MADV_HUGEPAGE);  // a wish: small ones do too
  return begin;
}

// Takes what is at `from` to `to` without copying it.
bool Move(void* from, size_t from_bytes, void* to, size_t to_bytes) {
  return mremap(from, from_bytes, to_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

void* Allocate(size_t bytes) { return IsLarge(bytes) ? MapLarge(bytes) : std::malloc(bytes); }

void Free(void* memory, size_t bytes) {
  IsLarge(bytes) ? void(munmap(memory, bytes)) : std::free(memory);
}

#else

bool Move(void*, size_t, void*, size_t) { return false; }
void* Allocate(size_t bytes) { return std::malloc(bytes); }
void Free(void* memory, size_t) { std::free(memory); }

#endif

}  // namespace

ColumnMemory::~ColumnMemory() {
  if (data_ != nullptr) Free(data_, bytes_);
}

void ColumnMemory::Grow(size_t bytes) {
  if (bytes <= bytes_) return;
  if (IsLarge(bytes)) {
    if (bytes > SIZE_MAX - 2 * kLargePage) throw std::bad_alloc();
    bytes = (bytes + kLargePage - 1) / kLargePage * kLargePage;
  }
  void* const larger = Allocate(bytes);
  if (larger == nullptr) throw std::bad_alloc();
  if (!IsLarge(bytes_) || !Move(data_, bytes_, larger, bytes)) {
    if (data_ != nullptr) {
      std::memcpy(larger, data_, bytes_);
      Free(data_, bytes_);
    }
  }
  data_ = larger;
  bytes_ = bytes;
}

}  // namespace throughline
