#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_FILE_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/fact_record.h"
#include "ledger/import/rejects_file.h"
#include "ledger/import/text_encoding.h"
#include "throughline/command.h"

namespace throughline {

// Takes what a file holds. Any error ends the reading.
class FactSink {
 public:
  virtual ~FactSink() = default;
  virtual absl::Status Row() = 0;  // a row begins
  virtual absl::Status Fact(const FactPosition& position, const Command& command,
                            Context& context) = 0;
  virtual absl::Status Reject(const FactPosition& position, const RowFault& fault) = 0;
  virtual void Warn(const FactPosition& position, const Command& command,
                    std::string_view kind) = 0;
  // Something odd that does not stop the import: counted by kind, told in words.
  virtual void Warn(const FactPosition& position, std::string_view kind, std::string_view text) = 0;
  virtual void BytesRead(int64_t bytes) = 0;  // of this file
};

// A file of facts. Call Check, then Read, once each.
class FactFile {
 public:
  FactFile(std::string path, uint32_t number) : path_(std::move(path)), number_(number) {}
  virtual ~FactFile() = default;

  // Whether it is there and can be read, before anything is imported.
  virtual absl::Status Check() = 0;
  virtual absl::Status Read(FactSink& sink) = 0;

  // The column that a member of the fact is read from; the member, if it is none.
  virtual std::string ColumnOf(const FactPosition& position, std::string_view member) const;

  const std::string& path() const { return path_; }
  uint32_t number() const { return number_; }

 protected:
  // A file is checked and opened anew when its turn comes; a pipe has to stay open.
  bool MayReopen() const;

 private:
  std::string path_;
  uint32_t number_;
};

// Facts as JSON lines, or the export of another ledger than `own_ledger` (its id in hex).
std::unique_ptr<FactFile> NewJsonLinesFile(std::string path, uint32_t number, Mode default_mode,
                                           std::string own_ledger);

// The error with the path before it, unless it says it already.
absl::Status InFile(const std::string& path, const absl::Status& status);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_FILE_H_
