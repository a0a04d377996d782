#ifndef THROUGHLINE_LEDGER_IMPORT_EXPORTED_LEDGER_H_
#define THROUGHLINE_LEDGER_IMPORT_EXPORTED_LEDGER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/import/fact_file.h"
#include "throughline/export.h"

namespace throughline {

// Gives the sink the facts of an export: what happened in another ledger, for this one to decide
// anew. What no fact can say is rejected, or warned of. `own_ledger` is the id of the ledger that
// imports, in hex.
//
// INVALID_ARGUMENT if the file is damaged or cut short, or of this very ledger, which knows all of
// it by other names; FAILED_PRECONDITION if a later version wrote it. Holds the vault of the export
// in memory: an event cites it, and may come long after it.
absl::Status ReadExportedLedger(const ByteSource& source, const FactFile& file,
                                std::string_view own_ledger, FactSink& sink);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_EXPORTED_LEDGER_H_
