#ifndef THROUGHLINE_TOOLS_REPORT_REQUEST_H_
#define THROUGHLINE_TOOLS_REPORT_REQUEST_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "commands.h"
#include "throughline/report.h"

// What the command line asks of reports. INVALID_ARGUMENT names the option.

namespace throughline {

absl::Status BadOption(std::string_view option, std::string_view why);

absl::StatusOr<ReportRequest> ParseReportRequest(const ReportArguments& arguments);

// A number of a report.
struct CellPlace {
  size_t row = 0;      // from 1
  std::string column;  // empty: none is asked for
};

// "2:won", or "" for none.
absl::StatusOr<CellPlace> ParseCellPlace(const std::string& text);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_REPORT_REQUEST_H_
