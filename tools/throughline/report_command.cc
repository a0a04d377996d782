#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "commands.h"
#include "opened_ledger.h"
#include "report_request.h"
#include "table_output.h"
#include "throughline/matching.h"
#include "throughline/report.h"

namespace throughline {
namespace {

// What the dashboard shows, in this order.
constexpr std::string_view kDashboard[] = {"scorecard", "pipeline",     "movement", "funnel",
                                           "fall_off",  "velocity",     "sources",  "campaigns",
                                           "follow_up", "resurrection", "reps"};

absl::StatusOr<Table> OneTable(const ReportArguments& arguments) {
  const absl::StatusOr<ReportRequest> request = ParseReportRequest(arguments);
  if (!request.ok()) return request.status();
  const absl::StatusOr<CellPlace> cell = ParseCellPlace(arguments.rows);
  if (!cell.ok()) return cell.status();
  const auto snapshot = TakeSnapshot(arguments.ledger, request->as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<Table> table = RunReport(**snapshot, arguments.name, *request);
  if (!table.ok() || cell->column.empty()) return table;
  if (cell->row > table->rows.size()) {
    return absl::InvalidArgumentError(absl::StrCat("--rows: row ", cell->row, " is not one of the ",
                                                   table->rows.size(), " that there are"));
  }
  return ReportRows(**snapshot, arguments.name, *request, cell->row - 1, cell->column);
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
  const absl::StatusOr<Table> table = OneTable(arguments);
  if (!table.ok()) return table.status();
  return PutTable(*table, arguments.format, arguments.output);
}

absl::StatusOr<ExitCode> RunDashboard(const ReportArguments& arguments) {
  const absl::StatusOr<ReportRequest> request = ParseReportRequest(arguments);
  if (!request.ok()) return request.status();
  const auto snapshot = TakeSnapshot(arguments.ledger, request->as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  std::vector<Table> tables;
  for (const std::string_view name : kDashboard) {
    absl::StatusOr<Table> table = RunReport(**snapshot, name, *request);
    if (!table.ok()) return table.status();
    tables.push_back(*std::move(table));
  }
  const std::string ledger = std::filesystem::path(arguments.ledger).stem().string();
  return PutText(ToHtml(tables, "Leads and deals: " + ledger), arguments.output);
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
  return PutTable(*table, arguments.format, "-");
}

}  // namespace throughline
