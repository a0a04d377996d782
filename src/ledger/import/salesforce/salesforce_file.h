#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_FILE_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_FILE_H_

#include <memory>

#include "ledger/import/fact_file.h"
#include "ledger/import/salesforce/export_context.h"
#include "ledger/import/salesforce/export_file.h"
#include "ledger/import/salesforce/export_values.h"

namespace throughline::salesforce {

// A file of an export as a file of facts. `context` and `values` are borrowed.
std::unique_ptr<FactFile> NewSalesforceFile(ExportFile file, const ExportValues* values,
                                            ExportContext* context);

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_SALESFORCE_FILE_H_
