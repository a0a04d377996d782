#ifndef THROUGHLINE_TOOLS_EXIT_CODE_H_
#define THROUGHLINE_TOOLS_EXIT_CODE_H_

#include "absl/status/status.h"

namespace throughline {

// What scripts rely on.
enum ExitCode : int {
  kDone = 0,
  kDataWrong = 1,  // rejects were written, a check failed
  kUsage = 2,      // an argument is wrong, or names nothing
  kFailed = 3,     // the ledger or the machine
};

// What a failed call means for the caller of the command line: their input, or the ledger. A ledger
// that cannot be opened is no input: OpenLedger sees to it.
inline ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
      return kUsage;
    default:
      return kFailed;
  }
}

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_EXIT_CODE_H_
