#ifndef THROUGHLINE_TOOLS_TRACE_TABLE_H_
#define THROUGHLINE_TOOLS_TRACE_TABLE_H_

#include "absl/status/statusor.h"
#include "commands.h"
#include "throughline/table.h"

namespace throughline {

// The line of a record as a table, with its picture; `format` does not matter.
absl::StatusOr<Table> TraceTableOf(const TraceArguments& arguments);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_TRACE_TABLE_H_
