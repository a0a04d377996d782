#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/matching.h"
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

void Print(const Table& table, const std::string& format) {
  if (format == "csv") {
    std::cout << ToCsv(table);
  } else if (format == "json") {
    std::cout << ToJson(table) << "\n";
  } else {
    std::cout << ToText(table, TerminalWidth());
  }
}

absl::StatusOr<ExitCode> SettleDistinct(Ledger& ledger, const std::vector<std::string>& pair) {
  absl::StatusOr<AccountRef> account = ParseRef<AccountTag>(pair[0]);
  if (!account.ok()) return account.status();
  absl::StatusOr<AccountRef> other = ParseRef<AccountTag>(pair[1]);
  if (!other.ok()) return other.status();
  absl::StatusOr<Receipt> receipt = ledger.Execute(AccountDistinct{*account, *other}, {});
  if (!receipt.ok()) return receipt.status();
  std::cerr << "accounts " << pair[0] << " and " << pair[1] << " are two companies\n";
  return kDone;
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
  Print(*table, arguments.format);
  return kDone;
}

absl::StatusOr<ExitCode> RunReview(const ReviewArguments& arguments) {
  const bool settles = !arguments.distinct.empty();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      OpenLedger(arguments.ledger, settles ? Access::kWrite : Access::kRead);
  if (!ledger.ok()) return ledger.status();
  if (settles) return SettleDistinct(**ledger, arguments.distinct);
  absl::StatusOr<Table> table =
      ReviewTable(**ledger, arguments.all ? ReviewState::kNone : ReviewState::kOpen);
  if (!table.ok()) return table.status();
  Print(*table, arguments.format);
  return kDone;
}

}  // namespace throughline
