#ifndef THROUGHLINE_MODEL_HASH_MAP_H_
#define THROUGHLINE_MODEL_HASH_MAP_H_

#include <unordered_map>

#include "absl/hash/hash.h"

namespace throughline {

// For what outlives a call that may run out of memory: unlike Abseil's maps, it is whole again
// after an allocation failed while it grew.
template <class Key, class Value>
using HashMap = std::unordered_map<Key, Value, absl::Hash<Key>>;

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_HASH_MAP_H_
