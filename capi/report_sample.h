#ifndef THROUGHLINE_CAPI_REPORT_SAMPLE_H_
#define THROUGHLINE_CAPI_REPORT_SAMPLE_H_

#include <cstddef>
#include <cstdint>

#include "entry.h"
#include "structs.h"
#include "throughline.h"
#include "to_c.h"

namespace throughline::capi {

// A sample, by its place, of a handle whose `report` has some: of an import, of a verification.
template <class Handle>
tl_status GiveSample(const Handle* handle, int64_t index, tl_text* out_sample,
                     tl_error* error) noexcept {
  if (out_sample != nullptr) *out_sample = {};
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("report", handle);
    if (status.ok()) status = CheckGiven("out_sample", out_sample);
    if (status.ok()) status = CheckIndex(index, handle->report.samples.size());
    if (status.ok()) *out_sample = TextOf(handle->report.samples[static_cast<size_t>(index)]);
    return status;
  });
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_REPORT_SAMPLE_H_
