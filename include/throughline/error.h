#ifndef THROUGHLINE_ERROR_H_
#define THROUGHLINE_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

// What a status says beside its code and message (docs/errors.md). The codes:
//   INVALID_ARGUMENT     the input is malformed: `field` names it
//   NOT_FOUND            no such record: `field` names the reference
//   ALREADY_EXISTS       an external id or request id is taken: `id` is the holder's, if it has one
//   FAILED_PRECONDITION  the policy said no: `rule` names the rule
//   ABORTED              the expected version is not the current one: `version` is
//   UNAVAILABLE          the store failed; outcome unknown: retry with the same request id
//   OUT_OF_RANGE         a sum or a split of money beyond kMaxMinor
//   RESOURCE_EXHAUSTED, PERMISSION_DENIED, DATA_LOSS, INTERNAL  as the store says

namespace throughline {

// What is to be known of a failure beside its status.
struct ErrorDetail {
  std::string field;  // e.g. "lead", "external_ids[2].key"
  std::string rule;   // e.g. "transition", "missing_reason"
  int64_t account = 0;
  int64_t version = 0;  // current version, with ABORTED
  int64_t id = 0;       // existing id, with ALREADY_EXISTS
  friend bool operator==(const ErrorDetail&, const ErrorDetail&) = default;
};

// The detail that a status of this library carries; empty if it has none.
ErrorDetail DetailOf(const absl::Status& status);

// Attaches a detail to an error.
absl::Status WithDetail(absl::Status status, const ErrorDetail& detail);

// INVALID_ARGUMENT "<field>: <why>" and so on, with the detail filled.
absl::Status InvalidField(std::string_view field, std::string_view why);
absl::Status NotFoundField(std::string_view field, std::string_view why);
absl::Status RefusedByRule(std::string_view rule, std::string_view why);

}  // namespace throughline

#endif  // THROUGHLINE_ERROR_H_
