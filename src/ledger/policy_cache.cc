#include "ledger/policy_cache.h"

#include <string>
#include <utility>

#include "ledger/row_access.h"
#include "throughline/row.h"

namespace throughline {

absl::StatusOr<PolicyInForce> PolicyCache::Current(ReadTransaction& transaction) {
  PolicyInForce known;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    known = newest_;
  }
  Scan newest;
  newest.table = kTableOf<PolicyRow>;
  newest.descending = true;
  PolicyRow row;
  absl::Status damage;
  absl::Status status = transaction.ScanRows(newest, [&](std::span<const Value> values) {
    damage = FromValues(values, row);
    return false;
  });
  status.Update(damage);
  if (!status.ok()) return status;
  if (row.version == 0) return absl::DataLossError("no policy can be read: rebuild the ledger");
  // A host may roll back a policy; the next one has its number.
  if (row.version == known.version && row.json == known.policy->json()) return known;
  absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(row.json);
  if (!policy.ok()) return absl::DataLossError("the policy does not parse: rebuild the ledger");
  known = {row.version, *std::move(policy)};
  const std::lock_guard<std::mutex> lock(mutex_);
  newest_ = known;
  return known;
}

}  // namespace throughline
