#ifndef THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_
#define THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "handles.h"
#include "throughline/table.h"
#include "to_model.h"

// Partials as they come, and answers as they go.

namespace throughline::capi {

absl::Status TakePartial(const Where& where, const tl_text& in, std::string_view& out);
absl::Status TakePartials(const tl_text* partials, int64_t count, std::vector<std::string>& out);

absl::Status Give(absl::StatusOr<Table> table, tl_table** out);
absl::Status Give(absl::StatusOr<std::string> partial, tl_string** out);

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_PARTIAL_ANSWERS_H_
