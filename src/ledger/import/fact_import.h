#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_IMPORT_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_IMPORT_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/fact_file.h"
#include "throughline/import.h"
#include "throughline/ledger.h"

namespace throughline {

using FactFiles = std::vector<std::unique_ptr<FactFile>>;  // each has its place as its number

// Reads, sorts and writes the facts of files that were checked already.
absl::StatusOr<ImportReport> ImportFactFiles(Ledger& ledger, const FactFiles& files,
                                             const ImportOptions& options);

// INVALID_ARGUMENT if rejects would be written over what is still to be read.
absl::Status CheckRejectsPath(const std::string& rejects, std::span<const std::string> paths);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_IMPORT_H_
