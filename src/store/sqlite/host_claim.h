#ifndef THROUGHLINE_STORE_SQLITE_HOST_CLAIM_H_
#define THROUGHLINE_STORE_SQLITE_HOST_CLAIM_H_

#include <memory>
#include <string>
#include <utility>

struct sqlite3;

namespace throughline {

// The ledger of this prefix on this connection is somebody's, until the claim is deleted. Two
// stores that share one would not notice each other's writes.
using HostPlace = std::pair<const sqlite3*, std::string>;

struct ReleaseHostPlace {
  void operator()(const HostPlace* place) const noexcept;
};
using HostClaim = std::unique_ptr<const HostPlace, ReleaseHostPlace>;

// Null if it is claimed already, in this process. Thread-safe.
HostClaim ClaimHostPlace(const sqlite3* connection, const std::string& prefix);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_HOST_CLAIM_H_
