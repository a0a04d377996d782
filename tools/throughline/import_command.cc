#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

#include "absl/strings/match.h"
#include "commands.h"
#include "opened_ledger.h"
#include "progress_bar.h"
#include "throughline/error.h"
#include "throughline/import.h"
#include "throughline/salesforce.h"
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

bool IsCsv(const std::string& path) { return absl::EndsWithIgnoreCase(path, ".csv"); }

// A fault that names a member of the mapping, or of the map of stages: its file is named too.
absl::Status FaultOfMapping(const ImportArguments& arguments, const absl::Status& status) {
  const std::string field = DetailOf(status).field;
  const std::string& map = arguments.from.empty() ? arguments.map : arguments.stages;
  if (!absl::IsInvalidArgument(status) || field.empty() || map.empty()) return status;
  if (!arguments.from.empty() && !field.starts_with("stages")) return status;
  return absl::InvalidArgumentError(map + ": " + std::string(status.message()));
}

// The text of the file; empty if none was named.
absl::StatusOr<std::string> ReadIfNamed(const std::string& path) {
  return path.empty() ? std::string() : ReadFile(path);
}

// `map`: the text of the mapping, or of the map of stages.
absl::StatusOr<ImportReport> ImportInput(Ledger& ledger, const ImportArguments& arguments,
                                         const std::string& map, const ImportOptions& options) {
  if (arguments.from.empty()) return ImportFiles(ledger, arguments.files, map, options);
  SalesforceOptions salesforce;
  salesforce.time_zone = arguments.time_zone;
  salesforce.dates = arguments.dates;
  salesforce.currency = arguments.currency;
  if (!arguments.decimal.empty()) salesforce.decimal = arguments.decimal.front();
  if (!arguments.thousands.empty()) salesforce.thousands = arguments.thousands.front();
  salesforce.stages_json = map;
  if (arguments.files.size() != 1) {
    return absl::InvalidArgumentError("--from salesforce reads one folder at a time");
  }
  return ImportSalesforce(ledger, arguments.files.front(), salesforce, options);
}

}  // namespace

absl::StatusOr<ExitCode> RunImport(const ImportArguments& arguments) {
  if (arguments.from.empty() && arguments.map.empty() &&
      std::ranges::any_of(arguments.files, IsCsv)) {
    return absl::InvalidArgumentError(
        "CSV takes a mapping: --map MAP.json; an export of Salesforce: --from salesforce FOLDER");
  }
  const std::string& map_path = arguments.from.empty() ? arguments.map : arguments.stages;
  const absl::StatusOr<std::string> map = ReadIfNamed(map_path);
  if (!map.ok()) return map.status();
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
  absl::StatusOr<ImportReport> report = ImportInput(**ledger, arguments, *map, options);
  bar.Clear();
  if (!report.ok()) return FaultOfMapping(arguments, report.status());
  PrintReport(*report, options.rejects_path);
  if (earlier && !std::filesystem::exists(options.rejects_path, unreadable)) {
    std::cerr << "Removed " << options.rejects_path << ", the faults of an earlier import\n";
  }
  return report->rejected > 0 ? kDataWrong : kDone;
}

}  // namespace throughline
