// Exports of a whole ledger.

#include <string>

#include "handles.h"
#include "progress.h"
#include "throughline/export.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

using Export = absl::StatusOr<ExportReport> (*)(Ledger& ledger, const std::string& path,
                                                const ExportProgress& progress);

absl::Status TakeOptions(const tl_export_options* in, ExportProgress& progress) {
  tl_export_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckZero({"options.reserved"}, options.reserved);
  progress = ProgressOf(options.progress, options.payload);
  return status;
}

// `where` names the path among the arguments.
tl_status RunExport(tl_ledger* ledger, const Where& where, const tl_text& path,
                    const tl_export_options* options, tl_export_counts* out_counts, tl_error* error,
                    Export write) noexcept {
  ClearStruct(out_counts);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    std::string target;
    ExportProgress progress;
    absl::Status status = TakePath(where, path, target);
    if (status.ok()) status = TakeOptions(options, progress);
    if (status.ok() && out_counts != nullptr) status = CheckOut("out_counts", out_counts);
    if (!status.ok()) return status;
    absl::StatusOr<ExportReport> report = write(*open.ledger, target, progress);
    if (!report.ok()) return report.status();
    tl_export_counts counts{};
    counts.seq = report->seq;
    counts.commits = report->commits;
    counts.rows = report->rows;
    if (out_counts != nullptr) WriteStruct(counts, out_counts);
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_ledger_export(tl_ledger* ledger, const char* path, size_t path_size,
                           const tl_export_options* options, tl_export_counts* out_counts,
                           tl_error* error) noexcept {
  return RunExport(ledger, {"path"}, {path, path_size}, options, out_counts, error, ExportFile);
}

tl_status tl_ledger_export_tables(tl_ledger* ledger, const char* folder, size_t folder_size,
                                  const tl_export_options* options, tl_export_counts* out_counts,
                                  tl_error* error) noexcept {
  return RunExport(ledger, {"folder"}, {folder, folder_size}, options, out_counts, error,
                   ExportTables);
}
