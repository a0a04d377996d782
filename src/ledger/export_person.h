#ifndef THROUGHLINE_LEDGER_EXPORT_PERSON_H_
#define THROUGHLINE_LEDGER_EXPORT_PERSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "throughline/ids.h"
#include "throughline/policy.h"
#include "throughline/store.h"

namespace throughline {

// All that the ledger knows of a person, as JSON (docs/erasure.md). The policy names the stages.
absl::StatusOr<std::string> ExportPerson(ReadTransaction& transaction, const ContactRef& contact,
                                         const Policy& policy);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_EXPORT_PERSON_H_
