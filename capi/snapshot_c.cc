// Snapshots.

#include <memory>
#include <optional>
#include <utility>

#include "handles.h"
#include "throughline/report.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

absl::Status TakeSeq(const tl_snapshot_options* in, std::optional<int64_t>& seq) {
  tl_snapshot_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckZero({"options.reserved"}, options.reserved);
  if (status.ok()) status = Take({"seq"}, options.seq, seq);
  return status;
}

absl::Status GiveSnapshot(absl::StatusOr<std::shared_ptr<const Snapshot>> taken,
                          tl_snapshot** out) {
  if (!taken.ok()) return taken.status();
  auto handle = std::make_unique<tl_snapshot>();
  handle->snapshot = *std::move(taken);
  *out = handle.release();
  return absl::OkStatus();
}

tl_snapshot_info InfoOf(const Snapshot& snapshot) {
  const SnapshotMemory memory = snapshot.memory();
  tl_snapshot_info info{};
  info.seq = snapshot.seq();
  info.recorded_at = snapshot.recorded_at().micros;
  info.events = snapshot.events();
  info.event_column_bytes = memory.event_columns;
  info.entity_bytes = memory.entities;
  info.dictionary_bytes = memory.dictionaries;
  info.index_bytes = memory.indexes;
  return info;
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_snapshot_take(tl_ledger* ledger, const tl_snapshot_options* options,
                           tl_snapshot** out_snapshot, tl_error* error) noexcept {
  ClearHandle(out_snapshot);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    std::optional<int64_t> seq;
    absl::Status status = CheckGiven("out_snapshot", out_snapshot);
    if (status.ok()) status = TakeSeq(options, seq);
    if (!status.ok()) return status;
    return GiveSnapshot(Snapshot::Take(open.ledger->store(), seq), out_snapshot);
  });
}

tl_status tl_snapshot_refresh(const tl_snapshot* snapshot, tl_ledger* ledger,
                              tl_snapshot** out_snapshot, tl_error* error) noexcept {
  ClearHandle(out_snapshot);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckGiven("out_snapshot", out_snapshot);
    if (!status.ok()) return status;
    return GiveSnapshot(snapshot->snapshot->Refresh(open.ledger->store()), out_snapshot);
  });
}

tl_status tl_snapshot_get_info(const tl_snapshot* snapshot, tl_snapshot_info* out_info,
                               tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    WriteStruct(InfoOf(*snapshot->snapshot), out_info);
    return absl::OkStatus();
  });
}

tl_status tl_snapshot_policy(const tl_snapshot* snapshot, tl_policy** out_policy,
                             tl_error* error) noexcept {
  ClearHandle(out_policy);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckGiven("out_policy", out_policy);
    if (!status.ok()) return status;
    // The policy is a part of the snapshot, and keeps it.
    std::shared_ptr<const Policy> policy(snapshot->snapshot, &snapshot->snapshot->policy());
    *out_policy = MakePolicy(std::move(policy), 0).release();
    return absl::OkStatus();
  });
}

void tl_snapshot_free(tl_snapshot* snapshot) noexcept { delete snapshot; }
