// Reports.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "handles.h"
#include "partial_answers.h"
#include "table_handle.h"
#include "throughline/report.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

Table ReportTable() {
  Table table;
  table.report = "reports";
  table.columns = {{"name", ColumnKind::kText, "", "what to ask for"},
                   {"about", ColumnKind::kText, "", "what it tells"}};
  for (const ReportInfo& report : Reports()) {
    table.AddRow({std::string(report.name), std::string(report.about)});
  }
  return table;
}

// What is asked of a snapshot.
struct ReportCall {
  const tl_snapshot* snapshot;
  const char* name;
  size_t name_size;
  const tl_report_options* options;
};

// ask(snapshot, name, request) gives the answer.
template <class Out, class Ask>
tl_status AskReport(const ReportCall& call, const char* out_name, Out** out, tl_error* error,
                    Ask&& ask) noexcept {
  ClearHandle(out);
  return Guarded(error, [&]() -> absl::Status {
    std::string_view name;
    ReportRequest request;
    absl::Status status = CheckGiven("snapshot", call.snapshot);
    if (status.ok()) status = CheckGiven(out_name, out);
    if (status.ok()) status = ViewOf({"name"}, call.name, call.name_size, name);
    if (status.ok()) status = TakeReportRequest(call.options, request);
    return status.ok() ? Give(ask(*call.snapshot->snapshot, name, request), out) : status;
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_report_list(tl_table** out_table, tl_error* error) noexcept {
  ClearHandle(out_table);
  return Guarded(error, [&]() -> absl::Status {
    const absl::Status status = CheckGiven("out_table", out_table);
    return status.ok() ? Give(ReportTable(), out_table) : status;
  });
}

tl_status tl_report_run(const tl_snapshot* snapshot, const char* name, size_t name_size,
                        const tl_report_options* options, tl_table** out_table,
                        tl_error* error) noexcept {
  return AskReport({snapshot, name, name_size, options}, "out_table", out_table, error, &RunReport);
}

tl_status tl_report_rows(const tl_snapshot* snapshot, const char* name, size_t name_size,
                         const tl_report_options* options, int64_t row, const char* column,
                         size_t column_size, tl_table** out_table, tl_error* error) noexcept {
  const auto rows = [&](const Snapshot& facts, std::string_view report,
                        const ReportRequest& request) -> absl::StatusOr<Table> {
    std::string_view wanted;
    absl::Status status = ViewOf({"column"}, column, column_size, wanted);
    if (status.ok()) status = CheckIndex(row, SIZE_MAX);
    if (!status.ok()) return status;
    return ReportRows(facts, report, request, static_cast<size_t>(row), wanted);
  };
  return AskReport({snapshot, name, name_size, options}, "out_table", out_table, error, rows);
}

tl_status tl_report_partial(const tl_snapshot* snapshot, const char* name, size_t name_size,
                            const tl_report_options* options, int32_t shard_index,
                            int32_t shard_count, tl_string** out_partial,
                            tl_error* error) noexcept {
  const auto count = [&](const Snapshot& facts, std::string_view report,
                         const ReportRequest& request) -> absl::StatusOr<std::string> {
    if (shard_index < 0) return NoSuchValue({"shard_index"}, shard_index);
    if (shard_count < 0) return NoSuchValue({"shard_count"}, shard_count);
    return ReportPartial(facts, report, request,
                         {static_cast<uint32_t>(shard_index), static_cast<uint32_t>(shard_count)});
  };
  return AskReport({snapshot, name, name_size, options}, "out_partial", out_partial, error, count);
}

tl_status tl_report_merge(const tl_text* partials, int64_t count, tl_string** out_partial,
                          tl_error* error) noexcept {
  return MergeGiven(partials, count, out_partial, error, &MergePartials);
}

tl_status tl_report_finish(const char* partial, size_t partial_size, tl_table** out_table,
                           tl_error* error) noexcept {
  return FinishGiven(partial, partial_size, out_table, error, &FinishReport);
}
