#ifndef THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_
#define THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "handles.h"
#include "throughline/table.h"
#include "to_model.h"

// Partials as they come, and answers as they go.

namespace throughline::capi {

using MergeFunction = absl::StatusOr<std::string>(std::span<const std::string> partials);
using FinishFunction = absl::StatusOr<Table>(std::string_view partial);

// The whole of an entry that merges partials, or makes the table of one.
tl_status MergeGiven(const tl_text* partials, int64_t count, tl_string** out_partial,
                     tl_error* error, MergeFunction* merge) noexcept;
tl_status FinishGiven(const char* partial, size_t size, tl_table** out_table, tl_error* error,
                      FinishFunction* finish) noexcept;

absl::Status Give(absl::StatusOr<Table> table, tl_table** out);
absl::Status Give(absl::StatusOr<std::string> partial, tl_string** out);

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_
