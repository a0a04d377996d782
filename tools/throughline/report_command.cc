#include <filesystem>
#include <iostream>
#include <span>

#include "absl/strings/str_cat.h"
#include "commands.h"
#include "opened_ledger.h"
#include "report_request.h"
#include "table_output.h"
#include "throughline/attribution.h"
#include "throughline/ledger_paths.h"
#include "throughline/matching.h"
#include "throughline/report.h"
#include "trace_table.h"

namespace throughline {
namespace {

constexpr std::string_view kAttribution = "attribution";  // by channel, linear: no report's name

// What the dashboard shows, in this order.
constexpr std::string_view kDashboard[] = {
    "scorecard", "pipeline",    "movement", "funnel",       "cohorts",    "cohort_curves",
    "fall_off",  "velocity",    "sources",  "campaigns",    kAttribution, "follow_up",
    "win_rate",  "quarter_end", "slippage", "resurrection", "reps",       "coverage"};

// Who reads a file that is there already sees the old one or the new one whole.
absl::StatusOr<ExitCode> Replace(const std::string& text, const std::filesystem::path& path) {
  const std::string beside = path.string() + ".new";
  absl::StatusOr<ExitCode> put = PutText(text, beside);
  if (!put.ok()) return put;
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) return absl::UnavailableError(absl::StrCat(path.string(), ": ", error.message()));
  return kDone;
}

absl::StatusOr<Table> TableCalled(std::string_view name, const Snapshot& snapshot,
                                  const ReportRequest& request) {
  if (name != kAttribution) return RunReport(snapshot, name, request);
  const auto paths = AssemblePaths(snapshot, {.report = request});
  if (!paths.ok()) return paths.status();
  return AttributePaths(**paths, {});
}

absl::StatusOr<std::vector<Table>> Tables(const ReportArguments& arguments,
                                          std::span<const std::string_view> names) {
  const absl::StatusOr<ReportRequest> request = ParseReportRequest(arguments);
  if (!request.ok()) return request.status();
  const auto snapshot = TakeSnapshot(arguments.ledger, request->as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  std::vector<Table> tables;
  for (const std::string_view name : names) {
    absl::StatusOr<Table> table = TableCalled(name, **snapshot, *request);
    if (!table.ok()) return table.status();
    tables.push_back(*std::move(table));
  }
  return tables;
}

std::string TitleOf(const ReportArguments& arguments) {
  return "Leads and deals: " + std::filesystem::path(arguments.ledger).stem().string();
}

absl::StatusOr<Table> OneTable(const ReportArguments& arguments) {
  const absl::StatusOr<ReportRequest> request = ParseReportRequest(arguments);
  if (!request.ok()) return request.status();
  const absl::StatusOr<CellPlace> cell = ParseCellPlace(arguments.rows);
  if (!cell.ok()) return cell.status();
  const auto snapshot = TakeSnapshot(arguments.ledger, request->as_of.seq);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<Table> table = RunReport(**snapshot, arguments.name, *request);
  if (!table.ok() || cell->column.empty()) return table;
  if (cell->row > table->rows()) {
    return absl::InvalidArgumentError(absl::StrCat("--rows: row ", cell->row, " is not one of the ",
                                                   table->rows(), " that there are"));
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

absl::StatusOr<ExitCode> RunDashboard(const DashboardArguments& arguments) {
  absl::StatusOr<std::vector<Table>> tables = Tables(arguments.report, kDashboard);
  if (!tables.ok()) return tables.status();
  if (!arguments.deal.empty()) {
    absl::StatusOr<Table> line = TraceTableOf({.ledger = arguments.report.ledger,
                                               .record = arguments.deal,
                                               .as_of = arguments.report.as_of});
    if (!line.ok()) return line.status();
    tables->insert(tables->begin() + 1, *std::move(line));
  }
  return PutText(ToHtml(*tables, TitleOf(arguments.report)), arguments.report.output);
}

absl::StatusOr<ExitCode> RunPublish(const ReportArguments& arguments) {
  static constexpr std::string_view kScorecard[] = {"scorecard"};
  const absl::StatusOr<std::vector<Table>> tables = Tables(arguments, kScorecard);
  if (!tables.ok()) return tables.status();
  const std::filesystem::path folder(arguments.output);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat(arguments.output, ": ", error.message()));
  const std::string title = TitleOf(arguments);
  const absl::StatusOr<ExitCode> page = Replace(ToHtml(*tables, title), folder / "scorecard.html");
  if (!page.ok()) return page.status();
  return Replace(absl::StrCat("# ", title, "\n\n", ToMarkdown(tables->front())),
                 folder / "scorecard.md");
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
