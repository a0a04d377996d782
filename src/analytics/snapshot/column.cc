#include "analytics/snapshot/column.h"

#include <cstdlib>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace throughline {
namespace {

constexpr size_t kLargePage = size_t{1} << 21;

}  // namespace

void* AllocateColumn(size_t bytes) {
#if defined(__linux__)
  if (bytes >= kLargePage / 2) {
    const size_t rounded = (bytes + kLargePage - 1) / kLargePage * kLargePage;
    if (rounded < bytes) return nullptr;
    void* const memory = std::aligned_alloc(kLargePage, rounded);
    if (memory != nullptr) madvise(memory, rounded, MADV_HUGEPAGE);  // a wish: small ones do too
    return memory;
  }
#endif
  return std::malloc(bytes == 0 ? 1 : bytes);
}

void FreeColumn(void* memory) { std::free(memory); }

}  // namespace throughline
