#include "analytics/snapshot.h"

#include "analytics/fact_builder.h"

namespace throughline {

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Take(Store& store) {
  FactBuilder builder;
  {
    absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
    if (!transaction.ok()) return transaction.status();
    if (absl::Status status = builder.Read(**transaction); !status.ok()) return status;
  }
  absl::StatusOr<Facts> facts = std::move(builder).Finish();
  if (!facts.ok()) return facts.status();
  return std::make_shared<const FactSnapshot>(*std::move(facts));
}

}  // namespace throughline
