#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_NUMBER_TABLE_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_NUMBER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace throughline {

// Numbers by the hashes of what they stand for, in one array: a map with nodes would take two or
// three cache misses for each event of a large journal.
class NumberTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The number with this hash for which is(number), or kNone.
  template <class Is>
  uint32_t Find(size_t hash, Is&& is) const {
    const uint32_t tag = TagOf(hash);
    for (size_t at = tag & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.tag == tag && is(slot.number)) return slot.number;
    }
  }

  // Makes room, so that the next Insert cannot fail.
  void Reserve() {
    if (size_ * 2 < slots_.size()) return;
    std::vector<Slot> larger(slots_.size() * 2);
    larger.swap(slots_);
    for (const Slot& slot : larger) {
      if (slot.number != kNone) Place(slot);
    }
  }

  // A number that is not there. Call Reserve before.
  void Insert(size_t hash, uint32_t number) {
    Place({TagOf(hash), number});
    ++size_;
  }

  size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    uint32_t tag = 0;
    uint32_t number = kNone;
  };
  static uint32_t TagOf(size_t hash) { return static_cast<uint32_t>(hash ^ hash >> 32); }
  size_t mask() const { return slots_.size() - 1; }

  void Place(const Slot& slot) {
    size_t at = slot.tag & mask();
    while (slots_[at].number != kNone) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  size_t size_ = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_NUMBER_TABLE_H_
