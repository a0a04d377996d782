#include <iostream>

#include "commands.h"
#include "generator/generator.h"
#include "opened_ledger.h"
#include "words.h"

namespace throughline {

absl::StatusOr<ExitCode> RunVerify(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(path, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<VerifyReport> report = (*ledger)->Verify();
  if (!report.ok()) return report.status();
  std::cout << Counted(report->commits, "commit") << ", " << Counted(report->events, "event")
            << ", " << Counted(report->rows, "row")
            << " compared: " << Counted(report->differences, "difference") << "\n";
  for (const std::string& sample : report->samples) std::cout << "  " << sample << "\n";
  return report->differences == 0 ? kDone : kDataWrong;
}

absl::StatusOr<ExitCode> RunRebuild(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(path, Access::kWrite);
  if (!ledger.ok()) return ledger.status();
  if (absl::Status s = (*ledger)->Rebuild(); !s.ok()) return s;
  std::cerr << "Rebuilt the rows of " << path << " from its journal\n";
  return kDone;
}

absl::StatusOr<ExitCode> RunGenerate(const GenerateArguments& arguments) {
  absl::StatusOr<GeneratedTotals> totals =
      WriteFacts({arguments.events, arguments.seed}, arguments.output);
  if (!totals.ok()) return totals.status();
  std::cerr << totals->facts << " facts about " << totals->accounts << " accounts\n";
  return kDone;
}

}  // namespace throughline
