#ifndef THROUGHLINE_LEDGER_IMPORT_MAPPING_H_
#define THROUGHLINE_LEDGER_IMPORT_MAPPING_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/import/fact_template.h"
#include "ledger/import/value_template.h"
#include "nlohmann/json_fwd.hpp"

// The mapping file: which facts the rows of CSV files stand for. docs/import.md.

namespace throughline {

// How files of one kind are read.
struct FileMapping {
  std::string match;  // of their names: * stands for any text, ? for one character
  char delimiter = 0;
  std::string encoding;
  ColumnNames columns;
  std::vector<FactTemplate> facts;
};

struct Mapping {
  std::vector<FileMapping> files;

  // The first whose `match` fits the file's name, folders aside; null if there is none.
  const FileMapping* Find(std::string_view path) const;
};

// INVALID_ARGUMENT names the path of the fault, e.g. "files[0].facts[2].at".
absl::StatusOr<Mapping> ParseMapping(std::string_view json);

bool MatchesGlob(std::string_view glob, std::string_view text);

// The JSON Schema of a mapping file (docs/mapping.schema.json).
nlohmann::ordered_json MappingSchema();

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_MAPPING_H_
