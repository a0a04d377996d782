#ifndef THROUGHLINE_MEMORY_STORE_H_
#define THROUGHLINE_MEMORY_STORE_H_

#include <memory>

#include "throughline/store.h"

namespace throughline {

// A store in memory, empty until opened with `create`, gone when deleted. For tests, and for work
// that is thrown away. Thread-safe as every store; a reader costs a few pointers and never holds up
// the writer. Throws std::bad_alloc when out of memory.
std::unique_ptr<Store> NewMemoryStore();

}  // namespace throughline

#endif  // THROUGHLINE_MEMORY_STORE_H_
