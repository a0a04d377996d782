#ifndef THROUGHLINE_TOOLS_COMMANDS_H_
#define THROUGHLINE_TOOLS_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "exit_code.h"

// One function for each command of the command line, with its arguments. They print answers to the
// standard output, everything else to the standard error.

namespace throughline {

struct InitArguments {
  std::string ledger;
  std::string policy;  // path; empty: the built-in one
};
absl::StatusOr<ExitCode> RunInit(const InitArguments& arguments);

struct ImportArguments {
  std::string ledger;
  std::string map;                         // path; empty: JSON lines
  std::string from;                        // "salesforce": `files` is a folder of its CSV files
  std::string time_zone, dates, currency;  // of that
  std::string decimal, thousands;          // of its numbers; empty: the default
  std::string stages;                      // path of a map of its stages
  std::vector<std::string> files;
  std::string rejects;
  bool enforce = false;
  bool relaxed = false;  // synchronous=NORMAL
};
absl::StatusOr<ExitCode> RunImport(const ImportArguments& arguments);

// Which history to read, as texts; empty: everything.
struct AsOfArguments {
  std::string through;
  std::string known_at;
  std::optional<int64_t> seq;
};

struct ReportArguments {
  std::string ledger;
  std::string name;
  std::string format = "table";
  std::string output = "-";  // path, or - for the standard output
  AsOfArguments as_of;
  std::string source = "original";
  std::string from, to;              // days; empty: no bound
  std::vector<std::string> filters;  // DIMENSION=VALUE
  std::vector<std::string> group_by;
  std::string currency;  // empty: none
  std::optional<int64_t> last_days, return_days, late_days;
  std::string rows;  // ROW:COLUMN, whose records are asked for instead of the report
};
absl::StatusOr<ExitCode> RunReportCommand(const ReportArguments& arguments);

struct DashboardArguments {
  ReportArguments report;  // `name` and `format` do not matter
  std::string deal;        // an opportunity whose line is shown, too; empty: none
};
// One page of all reports worth one.
absl::StatusOr<ExitCode> RunDashboard(const DashboardArguments& arguments);
// The scorecard as scorecard.html and scorecard.md in the folder `output`.
absl::StatusOr<ExitCode> RunPublish(const ReportArguments& arguments);

struct AttributeArguments {
  ReportArguments report;  // ledger, format, output and what records are wanted
  std::string file;        // of plain paths, instead of a ledger
  std::vector<std::string> direct;
  std::string explain;              // an opportunity
  bool compare = false;             // models, side by side
  bool validate = false;            // models, by what they foretell
  std::vector<std::string> models;  // of both
  int resamples = 100;
  double held_out = 0.3;
  std::string model = "linear";
  std::vector<std::string> weights;  // MILESTONE=PERCENT
  double half_life_days = 60;
  int order = 1;
  double minimum_conversions = 10;
  int samples = 1'000;
  uint64_t seed = 1;
  std::string by = "channel", credit = "revenue", scope = "account", window = "chain";
  std::string side = "marketing", anchor = "close";
  int64_t window_days = 90, collapse_minutes = 30;
  std::optional<int64_t> aged_out_days;
  std::set<std::string> given;  // options, by name: "--by"
};
absl::StatusOr<ExitCode> RunAttribute(const AttributeArguments& arguments);

struct ReviewArguments {
  std::string ledger;
  bool all = false;  // settled pairs, too
  std::string format = "table";
  std::vector<std::string> distinct;  // two accounts
};
absl::StatusOr<ExitCode> RunReview(const ReviewArguments& arguments);

struct TimelineArguments {
  std::string ledger;
  std::string account;
  std::string format = "table";
  AsOfArguments as_of;
  bool newest_first = false;
  int64_t limit = INT64_MAX;  // 1 or more
};
absl::StatusOr<ExitCode> RunTimeline(const TimelineArguments& arguments);

struct TraceArguments {
  std::string ledger;
  std::string record;
  bool of_lead = false;  // else of an opportunity
  std::string format = "table";
  AsOfArguments as_of;
};
absl::StatusOr<ExitCode> RunTrace(const TraceArguments& arguments);

struct PersonArguments {
  std::string ledger;
  std::string contact;
  std::string reason;
};
absl::StatusOr<ExitCode> RunPerson(const PersonArguments& arguments);
absl::StatusOr<ExitCode> RunErase(const PersonArguments& arguments);

struct LogArguments {
  std::string ledger;
  int64_t after = 0;
  int64_t limit = INT64_MAX;  // 1 or more
  bool follow = false;
  std::string format = "table";
};
absl::StatusOr<ExitCode> RunLog(const LogArguments& arguments);

struct ExportArguments {
  std::string ledger;
  std::string output;  // path; empty: tables
  std::string csv;     // folder
};
absl::StatusOr<ExitCode> RunExport(const ExportArguments& arguments);

struct RestoreArguments {
  std::string ledger;
  std::string file;
};
absl::StatusOr<ExitCode> RunRestore(const RestoreArguments& arguments);

absl::StatusOr<ExitCode> RunVerify(const std::string& path);
absl::StatusOr<ExitCode> RunRebuild(const std::string& path);
absl::StatusOr<ExitCode> RunPolicyCheck(const std::string& path);

struct GenerateArguments {
  int64_t events = 10'000;
  uint64_t seed = 1;
  std::string output;
};
absl::StatusOr<ExitCode> RunGenerate(const GenerateArguments& arguments);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_COMMANDS_H_
