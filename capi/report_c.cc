// Snapshots, reports, and records as columns.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "column_table.h"
#include "handles.h"
#include "throughline/columns.h"
#include "throughline/report.h"
#include "to_model.h"

struct tl_snapshot {
  std::shared_ptr<const throughline::Snapshot> snapshot;
};

namespace throughline::capi {
namespace {

Table ReportTable() {
  Table table;
  table.report = "reports";
  table.columns = {{"name", ColumnKind::kText, "", "what to ask for"},
                   {"about", ColumnKind::kText, "", "what it tells"}};
  for (const ReportInfo& report : Reports()) {
    table.rows.push_back({std::string(report.name), std::string(report.about)});
  }
  return table;
}

absl::Status TakeOptions(const tl_report_options* in, ReportRequest& out) {
  tl_report_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = Take({"source"}, options.source, out.source);
  if (status.ok()) status = Take({"through"}, options.through, out.as_of.through);
  if (status.ok()) status = Take({"known_at"}, options.known_at, out.as_of.known_at);
  return status;
}

absl::Status TakeSeq(const tl_snapshot_options* in, std::optional<int64_t>& seq) {
  tl_snapshot_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckZero({"options.reserved"}, options.reserved);
  if (status.ok()) status = Take({"seq"}, options.seq, seq);
  return status;
}

using ReadFunction = absl::StatusOr<RecordColumns> (*)(Ledger&, const RecordFilter&,
                                                       std::span<const std::string>);

tl_status ReadIntoColumns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                          int64_t column_count, tl_table** out, tl_error* error, const char* name,
                          ReadFunction read) noexcept {
  ClearHandle(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    RecordFilter conditions;
    std::vector<std::string> names;
    absl::Status status = CheckGiven("out_table", out);
    if (status.ok()) status = TakeFilter(filter, conditions);
    if (status.ok() && column_count < 0) status = NoSuchValue({"column_count"}, column_count);
    if (status.ok()) {
      status = TakeItems({"columns"}, tl_texts{columns, static_cast<size_t>(column_count)}, names);
    }
    if (!status.ok()) return status;
    absl::StatusOr<RecordColumns> found = read(*open.ledger, conditions, names);
    if (!found.ok()) return found.status();
    *out = MakeTable(name, *std::move(found)).release();
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_lead_columns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                          int64_t column_count, tl_table** out_table, tl_error* error) noexcept {
  return ReadIntoColumns(ledger, filter, columns, column_count, out_table, error, "leads",
                         &LeadColumns);
}

tl_status tl_opportunity_columns(tl_ledger* ledger, const tl_filter* filter, const tl_text* columns,
                                 int64_t column_count, tl_table** out_table,
                                 tl_error* error) noexcept {
  return ReadIntoColumns(ledger, filter, columns, column_count, out_table, error, "opportunities",
                         &OpportunityColumns);
}

tl_status tl_snapshot_take(tl_ledger* ledger, const tl_snapshot_options* options,
                           tl_snapshot** out_snapshot, tl_error* error) noexcept {
  ClearHandle(out_snapshot);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    std::optional<int64_t> seq;
    absl::Status status = CheckGiven("out_snapshot", out_snapshot);
    if (status.ok()) status = TakeSeq(options, seq);
    if (!status.ok()) return status;
    auto handle = std::make_unique<tl_snapshot>();
    auto taken = Snapshot::Take(open.ledger->store(), seq);
    if (!taken.ok()) return taken.status();
    handle->snapshot = *std::move(taken);
    *out_snapshot = handle.release();
    return absl::OkStatus();
  });
}

tl_status tl_snapshot_get_info(const tl_snapshot* snapshot, tl_snapshot_info* out_info,
                               tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    tl_snapshot_info info{};
    info.seq = snapshot->snapshot->seq();
    info.recorded_at = snapshot->snapshot->recorded_at().micros;
    info.events = snapshot->snapshot->events();
    WriteStruct(info, out_info);
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

tl_status tl_report_list(tl_table** out_table, tl_error* error) noexcept {
  ClearHandle(out_table);
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("out_table", out_table); !status.ok()) return status;
    *out_table = MakeTable(ReportTable()).release();
    return absl::OkStatus();
  });
}

tl_status tl_report_run(const tl_snapshot* snapshot, const char* name, size_t name_size,
                        const tl_report_options* options, tl_table** out_table,
                        tl_error* error) noexcept {
  ClearHandle(out_table);
  return Guarded(error, [&]() -> absl::Status {
    std::string_view report;
    ReportRequest request;
    absl::Status status = CheckGiven("snapshot", snapshot);
    if (status.ok()) status = CheckGiven("out_table", out_table);
    if (status.ok()) status = ViewOf({"name"}, name, name_size, report);
    if (status.ok()) status = TakeOptions(options, request);
    if (!status.ok()) return status;
    absl::StatusOr<Table> table = RunReport(*snapshot->snapshot, report, request);
    if (!table.ok()) return table.status();
    *out_table = MakeTable(*std::move(table)).release();
    return absl::OkStatus();
  });
}
