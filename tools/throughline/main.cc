#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "attribute_options.h"
#include "command_options.h"
#include "commands.h"
#include "generator/generator.h"
#include "throughline/report.h"

// The command line. Every answer goes to the standard output, every word about it to the standard
// error. Exit codes: exit_code.h.

namespace throughline {
namespace {

void AddLimit(CLI::App* command, int64_t& limit, const std::string& of) {
  command->add_option("--limit", limit, "at most so many " + of + " (default: all)")
      ->check(CLI::Range(int64_t{1}, INT64_MAX, "POSITIVE"));
}

// All arguments, filled by the parser before the chosen action runs.
struct Arguments {
  InitArguments init;
  ImportArguments import;
  ReportArguments report;
  AttributeArguments attribute;
  ReviewArguments review;
  ReportArguments coverage{.name = "coverage"};
  DashboardArguments dashboard;
  ReportArguments publish;
  TimelineArguments timeline;
  TraceArguments trace;
  PersonArguments person, erase;
  LogArguments log;
  ExportArguments export_to;
  RestoreArguments restore;
  std::string verify, rebuild, policy;
  GenerateArguments generate;
};

void AddSalesforce(CLI::App* import, ImportArguments& a) {
  CLI::Option* from =
      import->add_option("--from", a.from, "FILE is a folder of that system's CSV exports")
          ->check(CLI::IsMember({"salesforce"}))
          ->excludes("--map");
  import->add_option("--time-zone", a.time_zone, "of times without one, e.g. Europe/Berlin")
      ->needs(from);
  import->add_option("--dates", a.dates, "how dates are written, e.g. '%d.%m.%Y %H:%M'")
      ->needs(from);
  import->add_option("--currency", a.currency, "of amounts without one, e.g. EUR")->needs(from);
  import->add_option("--decimal", a.decimal, "of numbers (default: .)")
      ->check(CLI::IsMember({".", ","}))
      ->needs(from);
  import->add_option("--thousands", a.thousands, "what parts thousands in numbers, e.g. ,")
      ->check(CLI::IsMember({".", ",", "'", "_", " "}))
      ->needs(from);
  import->add_option("--stages", a.stages, "JSON: which stage of the policy is which")->needs(from);
}

void AddWriting(CLI::App& app, Arguments& a, Action& chosen) {
  CLI::App* init =
      Subcommand(app, "init", "make a new ledger", chosen, [&] { return RunInit(a.init); });
  init->add_option("LEDGER", a.init.ledger, "file to create")->required();
  init->add_option("--policy", a.init.policy, "policy file (default: the built-in policy)");

  CLI::App* import =
      Subcommand(app, "import", "add facts from JSON lines, from CSV by a mapping, or an export",
                 chosen, [&] { return RunImport(a.import); });
  import->add_option("LEDGER", a.import.ledger)->required();
  import->add_option("FILE", a.import.files, "files to read; - is the standard input")->required();
  import->add_option("--map", a.import.map, "mapping file: the input is CSV");
  AddSalesforce(import, a.import);
  import->add_option("--rejects", a.import.rejects,
                     "where bad rows go (default: LEDGER.rejects.csv)");
  import->add_flag("--enforce", a.import.enforce, "refuse what the policy would refuse live");
  import->add_flag("--relaxed", a.import.relaxed,
                   "do not wait for the disk at each commit: faster, and as safe as the import, "
                   "which can be repeated");
}

void AddErasing(CLI::App& app, Arguments& a, Action& chosen) {
  CLI::App* erase = Subcommand(app, "erase", "erase what is known of a person, for good", chosen,
                               [&] { return RunErase(a.erase); });
  erase->add_option("LEDGER", a.erase.ledger)->required();
  erase->add_option("CONTACT", a.erase.contact, "their id, or system:key")->required();
  erase->add_option("--reason", a.erase.reason, "why, as a key");
}

// Which records a report counts, and how.
// "pipeline, funnel, ..."
std::string ReportNames() {
  std::string names;
  for (const ReportInfo& report : Reports()) {
    names += (names.empty() ? "" : ", ") + std::string(report.name);
  }
  return names;
}

void AddReports(CLI::App& app, Arguments& a, Action& chosen) {
  CLI::App* report = Subcommand(app, "report", "the numbers, or the records behind one of them",
                                chosen, [&] { return RunReportCommand(a.report); });
  report->add_option("LEDGER", a.report.ledger)->required();
  report->add_option("NAME", a.report.name, ReportNames())->required();
  AddFormat(report, a.report.format, {"table", "csv", "json", "markdown", "html"});
  report->add_flag("--html{html}", a.report.format, "a page with charts: as --format html")
      ->excludes("--format");
  report->add_option("-o,--output", a.report.output, "file to write; - is the standard output")
      ->capture_default_str();
  AddScope(report, a.report);
  report->add_option("--group-by", a.report.group_by, "a row for each value of these dimensions")
      ->type_name("DIMENSION,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  report->add_option("--last-days", a.report.last_days, "quarter_end: the end of a quarter (14)");
  report->add_option("--return-days", a.report.return_days,
                     "quarter_end: how soon a closed lead came back (90)");
  report->add_option("--late-days", a.report.late_days, "slippage: what is logged late (14)");
  report->add_option("--rows", a.report.rows, "the records behind a number: rows count from 1")
      ->type_name("ROW:COLUMN");

  CLI::App* dashboard = Subcommand(app, "dashboard", "the reports on one web page", chosen,
                                   [&] { return RunDashboard(a.dashboard); });
  dashboard->add_option("LEDGER", a.dashboard.report.ledger)->required();
  dashboard
      ->add_option("-o,--output", a.dashboard.report.output,
                   "file to write; - is the standard output")
      ->required();
  dashboard->add_option("--deal", a.dashboard.deal, "an opportunity whose line is shown, too")
      ->type_name("OPPORTUNITY");
  AddScope(dashboard, a.dashboard.report);

  CLI::App* publish =
      Subcommand(app, "publish", "the scorecard as a web page and as Markdown, in a folder", chosen,
                 [&] { return RunPublish(a.publish); });
  publish->add_option("LEDGER", a.publish.ledger)->required();
  publish->add_option("DIR", a.publish.output, "scorecard.html and scorecard.md are replaced there")
      ->required();
  AddScope(publish, a.publish);

  CLI::App* coverage =
      Subcommand(app, "coverage", "which reports the facts carry exactly, partly or not, and why",
                 chosen, [&] { return RunReportCommand(a.coverage); });
  coverage->add_option("LEDGER", a.coverage.ledger)->required();
  AddFormat(coverage, a.coverage.format, {"table", "csv", "json"});
  AddAsOf(coverage, a.coverage.as_of);
}

void AddReading(CLI::App& app, Arguments& a, Action& chosen) {
  CLI::App* review = Subcommand(app, "review", "pairs of accounts that may be one company", chosen,
                                [&] { return RunReview(a.review); });
  review->add_option("LEDGER", a.review.ledger)->required();
  review->add_flag("--all", a.review.all, "settled pairs, too");
  AddFormat(review, a.review.format, {"table", "csv", "json"});
  review->add_option("--distinct", a.review.distinct, "settle that these two are not the same")
      ->expected(2)
      ->type_name("A B");

  CLI::App* timeline = Subcommand(app, "timeline", "everything that happened to an account", chosen,
                                  [&] { return RunTimeline(a.timeline); });
  timeline->add_option("LEDGER", a.timeline.ledger)->required();
  timeline->add_option("ACCOUNT", a.timeline.account, "its id, or system:key")->required();
  AddFormat(timeline, a.timeline.format, {"table", "json"});
  AddAsOf(timeline, a.timeline.as_of);
  timeline->add_flag("--newest-first", a.timeline.newest_first, "the last event comes first");
  AddLimit(timeline, a.timeline.limit, "events");

  CLI::App* trace = Subcommand(app, "trace", "where a deal or a lead came from", chosen,
                               [&] { return RunTrace(a.trace); });
  trace->add_option("LEDGER", a.trace.ledger)->required();
  trace->add_option("RECORD", a.trace.record, "the deal's id, or system:key")->required();
  trace->add_flag("--lead", a.trace.of_lead, "it is a lead's");
  AddFormat(trace, a.trace.format, {"table", "json", "html"});
  AddAsOf(trace, a.trace.as_of);

  CLI::App* person = Subcommand(app, "person", "everything known of a person, as JSON", chosen,
                                [&] { return RunPerson(a.person); });
  person->add_option("LEDGER", a.person.ledger)->required();
  person->add_option("CONTACT", a.person.contact, "their id, or system:key")->required();

  CLI::App* log = Subcommand(app, "log", "the journal, commit by commit", chosen,
                             [&] { return RunLog(a.log); });
  log->add_option("LEDGER", a.log.ledger)->required();
  log->add_option("--after", a.log.after, "only commits after this number")
      ->check(CLI::NonNegativeNumber);
  AddLimit(log, a.log.limit, "commits");
  log->add_flag("--follow", a.log.follow, "go on with new commits until interrupted");
  AddFormat(log, a.log.format, {"table", "json"});
}

void AddExport(CLI::App& app, Arguments& a, Action& chosen) {
  CLI::App* command =
      Subcommand(app, "export", "the whole ledger as JSON lines, or its tables as CSV", chosen,
                 [&] { return RunExport(a.export_to); });
  command->add_option("LEDGER", a.export_to.ledger)->required();
  CLI::Option_group* output = command->add_option_group("output");
  output->require_option(1);
  output->add_option("-o,--output", a.export_to.output, "file to write; - is the standard output");
  output->add_option("--csv", a.export_to.csv, "folder for a CSV file of each table");

  CLI::App* restore = Subcommand(app, "restore", "make a new ledger of an export", chosen,
                                 [&] { return RunRestore(a.restore); });
  restore->add_option("LEDGER", a.restore.ledger, "file to create")->required();
  restore->add_option("FILE", a.restore.file, "the export; - is the standard input")->required();
}

void AddUpkeep(CLI::App& app, Arguments& a, Action& chosen) {
  Subcommand(app, "verify", "replay the journal and compare every derived row", chosen,
             [&] { return RunVerify(a.verify); })
      ->add_option("LEDGER", a.verify)
      ->required();
  Subcommand(app, "rebuild", "derive all rows from the journal anew", chosen,
             [&] { return RunRebuild(a.rebuild); })
      ->add_option("LEDGER", a.rebuild)
      ->required();
  CLI::App* policy = app.add_subcommand("policy", "policy files");
  policy->require_subcommand(1);
  Subcommand(*policy, "check", "say what is wrong with a policy file", chosen,
             [&] { return RunPolicyCheck(a.policy); })
      ->add_option("FILE", a.policy)
      ->required();
  CLI::App* generate = Subcommand(app, "generate", "write demo data as JSON lines", chosen,
                                  [&] { return RunGenerate(a.generate); });
  generate->add_option("--events", a.generate.events, "about how many facts")
      ->check(CLI::Range(kFewestEvents, kMostEvents))
      ->capture_default_str();
  generate->add_option("--seed", a.generate.seed, "the same seed gives the same facts")
      ->capture_default_str();
  generate->add_option("-o,--output", a.generate.output, "file to write; - is the standard output")
      ->required();
}

// What is wrong with the arguments. The parser says that a command is missing, but not which word
// it took for none.
ExitCode ExplainUsage(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  if (unknown.empty() || std::string(error.what()) != CLI::RequiredError::Subcommand(1).what()) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  std::cerr << "throughline: there is no command '" << unknown.front()
            << "'; --help lists those there are\n";
  return kUsage;
}

int Main(int argc, char** argv) {
  CLI::App app{"The life of every sales lead, from the first touch to won or lost.", "throughline"};
  app.require_subcommand(1);
  app.set_version_flag("--version", THROUGHLINE_VERSION);
  Arguments arguments;
  Action chosen;
  AddWriting(app, arguments, chosen);
  AddErasing(app, arguments, chosen);
  AddReports(app, arguments, chosen);
  AddAttribution(app, arguments.attribute, chosen);
  AddReading(app, arguments, chosen);
  AddExport(app, arguments, chosen);
  AddUpkeep(app, arguments, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return ExplainUsage(app, error);
  }
  const absl::StatusOr<ExitCode> code = chosen();
  if (!std::cout.flush()) {
    std::cerr << "throughline: cannot write to the standard output\n";
    return kFailed;
  }
  if (code.ok()) return *code;
  std::cerr << "throughline: " << std::string(code.status().message()) << "\n";
  return ExitCodeOf(code.status());
}

}  // namespace
}  // namespace throughline

int main(int argc, char** argv) {
  try {
    return throughline::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "throughline: " << error.what() << "\n";
    return throughline::kFailed;
  }
}
