#ifndef THROUGHLINE_LEDGER_IMPORT_IMPORT_LOG_H_
#define THROUGHLINE_LEDGER_IMPORT_IMPORT_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ledger/import/fact_record.h"
#include "ledger/import/rejects_file.h"
#include "throughline/command.h"
#include "throughline/import.h"

namespace throughline {

// Who knows the names of what is imported.
class InputNames {
 public:
  virtual ~InputNames() = default;
  virtual std::string FileOf(const FactPosition& position) const = 0;
  // The column that a member of the fact was read from; the member, if it was none.
  virtual std::string ColumnOf(const FactPosition& position, std::string_view member) const = 0;
};

// What an import has to tell: counts, rejects, warnings, progress.
class ImportLog {
 public:
  // `names` is borrowed.
  ImportLog(const ImportOptions& options, const InputNames* names);

  ImportReport& report() { return report_; }

  // Errors are those of the rejects file.
  absl::Status Reject(const FactPosition& position, const RowFault& fault);
  // A fact that the ledger refused.
  absl::Status Refuse(const FactPosition& position, const Command& command, const Context& context,
                      const absl::Status& why);
  void Warn(const FactPosition& position, const Command& command, std::string_view kind);
  void Warn(const FactPosition& position, std::string_view kind, std::string_view text);
  void Warn(const FactPosition& position, const Command& command, uint32_t breaches);
  void Progress(std::string_view step, int64_t done, int64_t total) const;

  absl::Status Close() { return rejects_.Close(); }

 private:
  std::string PlaceOf(const FactPosition& position) const;

  const InputNames& names_;
  std::function<void(std::string_view, int64_t, int64_t)> progress_;
  RejectsFile rejects_;
  ImportReport report_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_IMPORT_LOG_H_
