#include "analytics/snapshot.h"

#include "analytics/projection_builder.h"

namespace throughline {

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Take(Store& store,
                                                               std::optional<int64_t> seq) {
  ProjectionBuilder builder;
  {
    absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
    if (!transaction.ok()) return transaction.status();
    if (absl::Status status = builder.Read(**transaction, seq); !status.ok()) return status;
  }
  absl::StatusOr<Projection> projection = std::move(builder).Finish();
  if (!projection.ok()) return projection.status();
  return std::make_shared<const ProjectedSnapshot>(*std::move(projection));
}

}  // namespace throughline
