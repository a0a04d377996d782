#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

#include "commands.h"
#include "opened_ledger.h"
#include "progress_bar.h"
#include "throughline/export.h"
#include "words.h"

namespace throughline {
namespace {

// What a restoring that failed has made: nobody could do anything with it.
void RemoveLedger(const std::string& path) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end, ignored);
}

bool IsThere(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

absl::StatusOr<ExitCode> RunExport(const ExportArguments& arguments) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  ProgressBar bar;
  absl::StatusOr<ExportReport> report =
      arguments.csv.empty() ? ExportFile(**ledger, arguments.output, bar.AsFunction())
                            : ExportTables(**ledger, arguments.csv, bar.AsFunction());
  bar.Clear();
  if (!report.ok()) return report.status();
  if (arguments.csv.empty()) std::cerr << Counted(report->commits, "commit") << " and ";
  std::cerr << Counted(report->rows, "row") << " exported, as of commit " << report->seq << "\n";
  return kDone;
}

absl::StatusOr<ExitCode> RunRestore(const RestoreArguments& arguments) {
  const bool was_there = IsThere(arguments.ledger);
  SqliteOptions options;
  options.path = arguments.ledger;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore(options);
  if (!store.ok()) return CannotOpen(arguments.ledger, store.status());
  ProgressBar bar;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      RestoreFile(*std::move(store), arguments.file, {}, bar.AsFunction());
  bar.Clear();
  if (ledger.ok()) {
    absl::StatusOr<int64_t> seq = (*ledger)->store().LastSeq();
    if (!seq.ok()) return seq.status();
    std::cerr << "Restored " << arguments.ledger << ", as of commit " << *seq << "\n";
    return kDone;
  }
  // Whoever made it since then, it is not ours.
  const bool is_a_ledger = absl::IsAlreadyExists(ledger.status());
  if (!was_there && !is_a_ledger) RemoveLedger(arguments.ledger);
  if (absl::IsInvalidArgument(ledger.status())) {
    std::cerr << "throughline: " << std::string(ledger.status().message()) << "\n";
    return kDataWrong;
  }
  if (absl::IsNotFound(ledger.status()) && !IsThere(arguments.file)) return ledger.status();
  return CannotOpen(arguments.ledger, ledger.status());
}

}  // namespace throughline
