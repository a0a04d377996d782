#ifndef THROUGHLINE_LEDGER_POLICY_CACHE_H_
#define THROUGHLINE_LEDGER_POLICY_CACHE_H_

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "throughline/policy.h"
#include "throughline/store.h"

namespace throughline {

// The policy for readers: parsed once per version. Thread-safe.
class PolicyCache {
 public:
  // The policy that the transaction sees. DATA_LOSS if there is none that parses.
  absl::StatusOr<PolicyInForce> Current(ReadTransaction& transaction);

 private:
  std::mutex mutex_;
  PolicyInForce newest_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_POLICY_CACHE_H_
