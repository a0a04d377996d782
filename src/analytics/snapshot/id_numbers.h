#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_ID_NUMBERS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_ID_NUMBERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace throughline {

// Numbers of ids, which a ledger gives out one after the other: a table in pages, as a hash map
// would take a cache miss or two for each event of a large journal.
class IdNumbers {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t Find(uint32_t id) const {
    const size_t page = id / kPage;
    if (page >= pages_.size() || pages_[page] == nullptr) return kNone;
    return (*pages_[page])[id % kPage];
  }

  // The id's number; `next` becomes it if it has none, and then true.
  std::pair<uint32_t, bool> Emplace(uint32_t id, uint32_t next) {
    const size_t page = id / kPage;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (pages_[page] == nullptr) {
      pages_[page] = std::make_unique<Page>();
      pages_[page]->fill(kNone);
    }
    uint32_t& number = (*pages_[page])[id % kPage];
    const bool is_new = number == kNone;
    if (is_new) number = next;
    return {number, is_new};
  }

  void Set(uint32_t id, uint32_t number) {
    if (Emplace(id, number).second) return;
    (*pages_[id / kPage])[id % kPage] = number;
  }

  size_t bytes() const {
    size_t bytes = pages_.capacity() * sizeof(pages_[0]);
    for (const auto& page : pages_) bytes += page == nullptr ? 0 : sizeof(Page);
    return bytes;
  }

 private:
  static constexpr size_t kPage = 4096;
  using Page = std::array<uint32_t, kPage>;
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_ID_NUMBERS_H_
