#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/report.h"

namespace throughline {
namespace {

int TerminalWidth() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

SourceChoice ChoiceOf(const std::string& name) {
  if (name == "first") return SourceChoice::kFirst;
  return name == "latest" ? SourceChoice::kLatest : SourceChoice::kOriginal;
}

}  // namespace

absl::StatusOr<ExitCode> RunReportCommand(const ReportArguments& arguments) {
  absl::StatusOr<AsOfRequest> as_of = ParseAsOf(arguments.as_of);
  if (!as_of.ok()) return as_of.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot =
      Snapshot::Take((*ledger)->store(), as_of->seq);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<Table> table =
      RunReport(**snapshot, arguments.name, {*as_of, ChoiceOf(arguments.source)});
  if (!table.ok()) return table.status();
  if (arguments.format == "csv") {
    std::cout << ToCsv(*table);
  } else if (arguments.format == "json") {
    std::cout << ToJson(*table) << "\n";
  } else {
    std::cout << ToText(*table, TerminalWidth());
  }
  return kDone;
}

}  // namespace throughline
