#ifndef THROUGHLINE_LEDGER_WRITER_CACHE_H_
#define THROUGHLINE_LEDGER_WRITER_CACHE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/decide.h"
#include "model/hash_map.h"
#include "throughline/policy.h"
#include "throughline/row.h"
#include "throughline/store.h"

namespace throughline {

inline constexpr size_t kEntityKinds = 8;

// Fills `size` bytes of salt. Tests give their own, so that equal runs give equal ledgers.
using RandomBytes = std::function<void(void* bytes, size_t size)>;

// Ids and salt for decisions, from counters that were read from the store.
class IdSupply final : public Supply {
 public:
  using Counters = std::array<int64_t, kEntityKinds>;

  explicit IdSupply(RandomBytes random) : random_(std::move(random)) {}

  int64_t NextId(EntityKind kind) override { return ++counters_[static_cast<size_t>(kind)]; }
  std::string Salt() override;
  void Fill(void* bytes, size_t size) { random_(bytes, size); }

  // To give back ids that a refused command has drawn.
  const Counters& counters() const { return counters_; }
  void Restore(const Counters& counters) { counters_ = counters; }

  // Never gives out `id` or a lower one again.
  void RaiseTo(EntityKind kind, int64_t id) {
    int64_t& last = counters_[static_cast<size_t>(kind)];
    last = std::max(last, id);
  }

 private:
  Counters counters_{};
  RandomBytes random_;
  std::string salts_;  // drawn, not yet given out
};

// Kinds that belong to no company and that every decision may refer to.
constexpr bool IsReference(EntityKind kind) {
  return kind == EntityKind::kOwner || kind == EntityKind::kCampaign;
}

// What every decision may refer to: owners, campaigns, and the ids that other systems have for
// them.
struct ReferenceRows {
  HashMap<OwnerId, OwnerRow> owners;
  HashMap<CampaignId, CampaignRow> campaigns;
  HashMap<std::string, int64_t> external_ids;  // by ReferenceKey

  void Clear();
};

// What the writer keeps of the store from one transaction to the next. It is good as long as nobody
// else writes and no write fails; then it is dropped and read again.
struct WriterCache {
  explicit WriterCache(RandomBytes random) : ids(std::move(random)) {}

  bool valid = false;
  ReadTransaction::Tail tail;
  IdSupply ids;
  IdSupply::Counters stored_ids{};  // as they are in the store
  std::shared_ptr<const Policy> policy;
  int64_t policy_version = 0;
  std::string request_key;  // of the digests of requests and identities; never changes
  bool anybody_erased = false;
  ReferenceRows references;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_WRITER_CACHE_H_
