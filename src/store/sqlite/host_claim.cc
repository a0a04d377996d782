#include "store/sqlite/host_claim.h"

#include <mutex>
#include <set>

namespace throughline {
namespace {

struct ClaimedPlaces {
  std::mutex mutex;
  std::set<HostPlace> places;
};

// Never deleted: a store may be deleted when the process is about to end.
ClaimedPlaces& Claimed() {
  static auto* const claimed = new ClaimedPlaces;
  return *claimed;
}

}  // namespace

void ReleaseHostPlace::operator()(const HostPlace* place) const noexcept {
  ClaimedPlaces& claimed = Claimed();
  const std::lock_guard lock(claimed.mutex);
  claimed.places.erase(claimed.places.find(*place));
}

HostClaim ClaimHostPlace(const sqlite3* connection, const std::string& prefix) {
  ClaimedPlaces& claimed = Claimed();
  const std::lock_guard lock(claimed.mutex);
  const auto [place, is_new] = claimed.places.emplace(connection, prefix);
  return HostClaim(is_new ? &*place : nullptr);
}

}  // namespace throughline
