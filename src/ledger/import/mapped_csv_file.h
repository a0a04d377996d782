#ifndef THROUGHLINE_LEDGER_IMPORT_MAPPED_CSV_FILE_H_
#define THROUGHLINE_LEDGER_IMPORT_MAPPED_CSV_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "ledger/import/fact_file.h"
#include "ledger/import/mapping.h"

namespace throughline {

// A CSV file, read as `mapping` (borrowed) says. A row with a fault is put aside as a whole. Check
// answers INVALID_ARGUMENT for a column that the mapping names and the file does not have.
std::unique_ptr<FactFile> NewMappedCsvFile(std::string path, uint32_t number,
                                           const FileMapping* mapping, Mode default_mode);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_MAPPED_CSV_FILE_H_
