#include "ledger/import/record_map.h"

#include <algorithm>
#include <utility>

namespace throughline {
namespace {

constexpr size_t kFirstSlots = 1024;
constexpr size_t kSlotBytes = sizeof(RecordKey) + sizeof(uint32_t);

// At most six of seven slots are taken.
size_t CapacityOf(size_t slots) { return slots - slots / 7 - 1; }

// The keys are hashes already: their high half, scaled to the number of slots.
size_t FirstSlot(RecordKey key, size_t slots) { return ((key >> 32) * slots) >> 32; }

}  // namespace

RecordMap::RecordMap(size_t max_bytes)
    : max_slots_(std::clamp(max_bytes / kSlotBytes, kFirstSlots * 7 / 6, size_t{UINT32_MAX})),
      keys_(std::min(kFirstSlots, max_slots_)),
      numbers_(keys_.size()) {}

size_t RecordMap::SlotOf(RecordKey key) const {
  size_t slot = FirstSlot(key, keys_.size());
  while (keys_[slot] != 0 && keys_[slot] != key) {
    if (++slot == keys_.size()) slot = 0;
  }
  return slot;
}

uint32_t RecordMap::Find(RecordKey key) const {
  const size_t slot = SlotOf(key);
  return keys_[slot] == 0 ? 0 : numbers_[slot];
}

bool RecordMap::Set(RecordKey key, uint32_t number) {
  size_t slot = SlotOf(key);
  if (keys_[slot] == 0) {
    if (size_ == CapacityOf(keys_.size())) {
      if (keys_.size() == max_slots_) return false;
      Grow();
      slot = SlotOf(key);
    }
    keys_[slot] = key;
    ++size_;
  }
  numbers_[slot] = number;
  return true;
}

void RecordMap::Grow() {
  const size_t slots = std::min(keys_.size() + keys_.size() / 2, max_slots_);
  const std::vector<RecordKey> keys = std::exchange(keys_, std::vector<RecordKey>(slots));
  const std::vector<uint32_t> numbers = std::exchange(numbers_, std::vector<uint32_t>(slots));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == 0) continue;
    const size_t slot = SlotOf(keys[i]);
    keys_[slot] = keys[i];
    numbers_[slot] = numbers[i];
  }
}

}  // namespace throughline
