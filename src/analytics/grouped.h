#ifndef THROUGHLINE_ANALYTICS_GROUPED_H_
#define THROUGHLINE_ANALYTICS_GROUPED_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace throughline {

// Items of groups that are numbered from 0, the groups one behind the other in one vector.
template <class Item>
class Grouped {
 public:
  Grouped() = default;

  // Keeps the order of the items within each group. `group_of(entry)` is less than `groups`.
  template <class Entry, class GroupOf, class ItemOf>
  Grouped(const std::vector<Entry>& entries, size_t groups, GroupOf&& group_of, ItemOf&& item_of)
      : begins_(groups + 1), items_(entries.size()) {
    for (const Entry& entry : entries) ++begins_[group_of(entry) + 1];
    for (size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    std::vector<size_t> next(begins_.begin(), begins_.end() - 1);
    for (const Entry& entry : entries) items_[next[group_of(entry)]++] = item_of(entry);
  }

  std::span<const Item> operator[](size_t group) const {
    return std::span(items_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }
  size_t size() const { return begins_.empty() ? 0 : begins_.size() - 1; }  // groups
  const std::vector<Item>& items() const { return items_; }

 private:
  std::vector<size_t> begins_;  // of each group, and the end of the last
  std::vector<Item> items_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_GROUPED_H_
