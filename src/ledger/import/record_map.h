#ifndef THROUGHLINE_LEDGER_IMPORT_RECORD_MAP_H_
#define THROUGHLINE_LEDGER_IMPORT_RECORD_MAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ledger/import/fact_refs.h"

namespace throughline {

// A bounded hash map from records to small numbers: 12 bytes a slot, nothing is ever removed.
class RecordMap {
 public:
  // Grows up to `max_bytes`, but holds at least a thousand records. While it grows it takes up to
  // two thirds more.
  explicit RecordMap(size_t max_bytes);

  // 0 if it has none.
  uint32_t Find(RecordKey key) const;

  // Sets or replaces the number, which is not 0. False: the map is full and the key is not in it.
  bool Set(RecordKey key, uint32_t number);

  size_t size() const { return size_; }

 private:
  size_t SlotOf(RecordKey key) const;  // where it is, or the free slot where it belongs
  void Grow();

  size_t max_slots_;
  size_t size_ = 0;
  std::vector<RecordKey> keys_;  // 0: free
  std::vector<uint32_t> numbers_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_RECORD_MAP_H_
