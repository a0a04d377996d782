#ifndef THROUGHLINE_MODEL_HASH_MAP_H_
#define THROUGHLINE_MODEL_HASH_MAP_H_

#include <unordered_map>

#include "absl/hash/hash.h"

namespace throughline {

// In place of Abseil's maps: it is whole after an allocation failed while it grew, where theirs are
// damaged and end the program.
template <class Key, class Value>
using HashMap = std::unordered_map<Key, Value, absl::Hash<Key>>;

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_HASH_MAP_H_
