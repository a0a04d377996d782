#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_LAYERS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_LAYERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "analytics/snapshot/facts.h"

namespace throughline {

// Groups in blocks: those of a whole journal, and behind them, in smaller ones, the groups that
// changed since. The last block that has a group says what counts of it. Immutable but for Add;
// copies share the blocks.
class Layers {
 public:
  // The block takes the place of what is there of its groups; accounts that it joins to a group
  // bring theirs. Blocks are merged so that there are few: each is more than twice the next.
  void Add(Block block);

  // The accounts of the group of an account; only itself if it is new.
  std::vector<int64_t> GroupOf(int64_t account) const;

  // Calls visit(group) with each group that counts.
  template <class Visit>
  void ForEachGroup(Visit&& visit) const {
    for (const Layer& layer : layers_) {
      auto next = layer.superseded.begin();
      for (size_t group = 0; group < layer.block->groups(); ++group) {
        if (next != layer.superseded.end() && *next == group) {
          ++next;
        } else {
          visit(Group(*layer.block, group));
        }
      }
    }
  }

  size_t size() const { return layers_.size(); }
  const Block& block(size_t layer) const { return *layers_[layer].block; }

 private:
  using AccountGroups = std::vector<std::pair<int64_t, uint32_t>>;  // by id

  struct Layer {
    std::shared_ptr<const Block> block;
    std::shared_ptr<const AccountGroups> accounts;
    std::vector<uint32_t> superseded;  // groups, in order

    size_t weight() const { return block->facts.size() + block->touches.size() + 1; }
  };

  static Layer MakeLayer(Block block);
  static std::optional<uint32_t> FindGroup(const Layer& layer, int64_t account);
  void Supersede(const Block& block);
  void MergeLastTwo();

  std::vector<Layer> layers_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_LAYERS_H_
