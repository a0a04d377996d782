// Imports of files, of batches and of exports of Salesforce.

#include <string>
#include <utility>
#include <vector>

#include "handles.h"
#include "progress.h"
#include "report_sample.h"
#include "throughline/import.h"
#include "throughline/salesforce.h"
#include "to_c.h"
#include "to_model.h"

struct tl_import_report {
  throughline::ImportReport report;
  std::vector<std::pair<std::string, int64_t>> warnings;
};

namespace throughline::capi {
namespace {

absl::Status TakeOptions(const tl_import_options* in, ImportOptions& out) {
  tl_import_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = TakeMode({"options.mode"}, options.mode, out.mode);
  if (status.ok()) status = Take({"options.rejects_path"}, options.rejects_path, out.rejects_path);
  if (status.ok()) {
    status =
        Take({"options.temporary_directory"}, options.temporary_directory, out.temporary_directory);
  }
  if (status.ok()) status = CheckId({"options.memory_bytes"}, options.memory_bytes);
  if (!status.ok()) return status;
  if (options.memory_bytes != 0) out.memory_bytes = static_cast<size_t>(options.memory_bytes);
  out.progress = ProgressOf(options.progress, options.payload);
  return absl::OkStatus();
}

absl::Status TakePaths(const tl_text* paths, int64_t count, std::vector<std::string>& out) {
  if (count < 0) return NoSuchValue({"path_count"}, count);
  return TakeItems({"paths"}, tl_texts{paths, static_cast<size_t>(count)}, out);
}

// One character; an empty text leaves `out` as it is.
absl::Status TakeCharacter(const Where& where, const tl_text& in, char& out) {
  std::string_view text;
  if (absl::Status status = ViewOf(where, in, text); !status.ok()) return status;
  if (text.size() > 1) return Fault(where, "is not one character");
  if (!text.empty()) out = text.front();
  return absl::OkStatus();
}

absl::Status TakeSalesforce(const tl_salesforce_options* in, SalesforceOptions& out) {
  tl_salesforce_options options;
  absl::Status status = ReadStruct("salesforce", in, options);
  if (status.ok()) status = CheckZero({"salesforce.reserved"}, options.reserved);
  if (status.ok()) status = Take({"salesforce.time_zone"}, options.time_zone, out.time_zone);
  if (status.ok()) status = Take({"salesforce.dates"}, options.dates, out.dates);
  if (status.ok()) status = Take({"salesforce.currency"}, options.currency, out.currency);
  if (status.ok()) status = Take({"salesforce.stages_json"}, options.stages_json, out.stages_json);
  if (status.ok()) status = TakeCharacter({"salesforce.decimal"}, options.decimal, out.decimal);
  if (status.ok()) {
    status = TakeCharacter({"salesforce.thousands"}, options.thousands, out.thousands);
  }
  return status;
}

// import(Ledger&, options) gives an ImportReport.
template <class Import>
tl_status RunImport(tl_ledger* ledger, const tl_import_options* options, tl_import_report** out,
                    tl_error* error, Import&& import) noexcept {
  ClearHandle(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    ImportOptions taken;
    absl::Status status = CheckGiven("out_report", out);
    if (status.ok()) status = TakeOptions(options, taken);
    if (!status.ok()) return status;
    absl::StatusOr<ImportReport> report = import(*open.ledger, taken);
    if (!report.ok()) return report.status();
    auto made = std::make_unique<tl_import_report>();
    made->report = *std::move(report);
    made->warnings.assign(made->report.warnings.begin(), made->report.warnings.end());
    *out = made.release();
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_import_files(tl_ledger* ledger, const tl_text* paths, int64_t path_count,
                          const char* map, size_t map_size, const tl_import_options* options,
                          tl_import_report** out_report, tl_error* error) noexcept {
  return RunImport(ledger, options, out_report, error,
                   [&](Ledger& opened, const ImportOptions& taken) -> absl::StatusOr<ImportReport> {
                     std::vector<std::string> files;
                     std::string_view mapping;
                     absl::Status status = TakePaths(paths, path_count, files);
                     if (status.ok()) status = ViewOf({"map"}, map, map_size, mapping);
                     if (!status.ok()) return status;
                     return ImportFiles(opened, files, mapping, taken);
                   });
}

tl_status tl_import_batch(tl_ledger* ledger, const tl_batch* batch,
                          const tl_import_options* options, tl_import_report** out_report,
                          tl_error* error) noexcept {
  return RunImport(ledger, options, out_report, error,
                   [&](Ledger& opened, const ImportOptions& taken) -> absl::StatusOr<ImportReport> {
                     absl::Status status = CheckGiven("batch", batch);
                     if (!status.ok()) return status;
                     return ImportFacts(opened, batch->requests, taken);
                   });
}

tl_status tl_import_salesforce(tl_ledger* ledger, const char* folder, size_t folder_size,
                               const tl_salesforce_options* salesforce,
                               const tl_import_options* options, tl_import_report** out_report,
                               tl_error* error) noexcept {
  return RunImport(ledger, options, out_report, error,
                   [&](Ledger& opened, const ImportOptions& taken) -> absl::StatusOr<ImportReport> {
                     std::string path;
                     SalesforceOptions choices;
                     absl::Status status = TakePath({"folder"}, {folder, folder_size}, path);
                     if (status.ok()) status = TakeSalesforce(salesforce, choices);
                     if (!status.ok()) return status;
                     return ImportSalesforce(opened, path, choices, taken);
                   });
}

tl_status tl_import_report_counts(const tl_import_report* report, tl_import_counts* out_counts,
                                  tl_error* error) noexcept {
  ClearStruct(out_counts);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("report", report);
    if (status.ok()) status = CheckOut("out_counts", out_counts);
    if (!status.ok()) return status;
    const ImportReport& read = report->report;
    tl_import_counts counts{};
    counts.rows = read.rows;
    counts.facts = read.facts;
    counts.imported = read.imported;
    counts.known = read.known;
    counts.rejected = read.rejected;
    counts.events = read.events;
    counts.commits = read.commits;
    counts.warning_count = static_cast<int64_t>(report->warnings.size());
    counts.sample_count = static_cast<int64_t>(read.samples.size());
    WriteStruct(counts, out_counts);
    return absl::OkStatus();
  });
}

tl_status tl_import_report_warning(const tl_import_report* report, int64_t index, tl_text* out_name,
                                   int64_t* out_count, tl_error* error) noexcept {
  if (out_name != nullptr) *out_name = {};
  if (out_count != nullptr) *out_count = 0;
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("report", report);
    if (status.ok()) status = CheckGiven("out_name", out_name);
    if (status.ok()) status = CheckIndex(index, report->warnings.size());
    if (!status.ok()) return status;
    const auto& [name, count] = report->warnings[static_cast<size_t>(index)];
    *out_name = TextOf(name);
    if (out_count != nullptr) *out_count = count;
    return absl::OkStatus();
  });
}

tl_status tl_import_report_sample(const tl_import_report* report, int64_t index,
                                  tl_text* out_sample, tl_error* error) noexcept {
  return GiveSample(report, index, out_sample, error);
}

void tl_import_report_free(tl_import_report* report) noexcept { delete report; }
