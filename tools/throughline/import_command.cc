#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

#include "commands.h"
#include "opened_ledger.h"
#include "progress_bar.h"
#include "throughline/error.h"
#include "throughline/import.h"
#include "words.h"

namespace throughline {
namespace {

void PrintReport(const ImportReport& report, const std::string& rejects) {
  std::cout << Counted(report.rows, "row") << " read, " << Counted(report.facts, "fact") << ": "
            << report.imported << " imported, " << report.known << " known already; "
            << Counted(report.rejected, "fault") << "\n";
  std::cout << Counted(report.events, "event") << " in " << Counted(report.commits, "commit")
            << "\n";
  for (const auto& [warning, count] : report.warnings) {
    std::cout << "warning: " << warning << ": " << count << "\n";
  }
  for (const std::string& sample : report.samples) std::cerr << "  " << sample << "\n";
  if (report.rejected > 0) {
    std::cerr << "What has a fault was put aside: " << rejects << " lists it\n";
  }
}

// A fault that names a member is one of the mapping: its file is named too.
absl::Status FaultOfMapping(const std::string& map, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status) || DetailOf(status).field.empty()) return status;
  return absl::InvalidArgumentError(map + ": " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<ExitCode> RunImport(const ImportArguments& arguments) {
  std::string map;
  if (!arguments.map.empty()) {
    absl::StatusOr<std::string> text = ReadFile(arguments.map);
    if (!text.ok()) return text.status();
    map = *std::move(text);
  }
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      OpenLedger(arguments.ledger, arguments.relaxed ? Access::kRelaxedWrite : Access::kWrite);
  if (!ledger.ok()) return ledger.status();

  ImportOptions options;
  options.mode = arguments.enforce ? Mode::kEnforce : Mode::kObserve;
  options.rejects_path =
      arguments.rejects.empty() ? arguments.ledger + ".rejects.csv" : arguments.rejects;
  ProgressBar bar;
  options.progress = bar.AsFunction();
  std::error_code unreadable;
  const bool earlier = std::filesystem::exists(options.rejects_path, unreadable);
  absl::StatusOr<ImportReport> report = ImportFiles(**ledger, arguments.files, map, options);
  bar.Clear();
  if (!report.ok()) return FaultOfMapping(arguments.map, report.status());
  PrintReport(*report, options.rejects_path);
  if (earlier && !std::filesystem::exists(options.rejects_path, unreadable)) {
    std::cerr << "Removed " << options.rejects_path << ", the faults of an earlier import\n";
  }
  return report->rejected > 0 ? kDataWrong : kDone;
}

}  // namespace throughline
