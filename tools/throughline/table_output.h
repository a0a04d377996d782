#ifndef THROUGHLINE_TOOLS_TABLE_OUTPUT_H_
#define THROUGHLINE_TOOLS_TABLE_OUTPUT_H_

#include <string>

#include "absl/status/statusor.h"
#include "exit_code.h"
#include "throughline/table.h"

// Where answers go: `output` is a path, or - for the standard output.

namespace throughline {

absl::StatusOr<ExitCode> PutText(const std::string& text, const std::string& output);

// As "csv", "json", "html", "markdown", or else as text, which is as wide as the terminal.
absl::StatusOr<ExitCode> PutTable(const Table& table, const std::string& format,
                                  const std::string& output);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_TABLE_OUTPUT_H_
