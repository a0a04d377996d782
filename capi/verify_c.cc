// The journal against the rows derived from it.

#include "handles.h"
#include "report_sample.h"
#include "throughline/read.h"
#include "to_c.h"

struct tl_verify_report {
  throughline::VerifyReport report;
};

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_ledger_verify(tl_ledger* ledger, tl_verify_report** out_report,
                           tl_error* error) noexcept {
  ClearHandle(out_report);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_report", out_report); !status.ok()) return status;
    absl::StatusOr<VerifyReport> report = open.ledger->Verify();
    if (!report.ok()) return report.status();
    auto made = std::make_unique<tl_verify_report>();
    made->report = *std::move(report);
    *out_report = made.release();
    return absl::OkStatus();
  });
}

tl_status tl_verify_report_counts(const tl_verify_report* report, tl_verify_counts* out_counts,
                                  tl_error* error) noexcept {
  ClearStruct(out_counts);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("report", report);
    if (status.ok()) status = CheckOut("out_counts", out_counts);
    if (!status.ok()) return status;
    const VerifyReport& read = report->report;
    tl_verify_counts counts{};
    counts.commits = read.commits;
    counts.events = read.events;
    counts.rows = read.rows;
    counts.differences = read.differences;
    counts.sample_count = static_cast<int64_t>(read.samples.size());
    WriteStruct(counts, out_counts);
    return absl::OkStatus();
  });
}

tl_status tl_verify_report_sample(const tl_verify_report* report, int64_t index,
                                  tl_text* out_sample, tl_error* error) noexcept {
  return GiveSample(report, index, out_sample, error);
}

void tl_verify_report_free(tl_verify_report* report) noexcept { delete report; }
