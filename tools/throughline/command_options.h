#ifndef THROUGHLINE_TOOLS_COMMAND_OPTIONS_H_
#define THROUGHLINE_TOOLS_COMMAND_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "commands.h"

// Options that several commands have.

namespace throughline {

using Action = std::function<absl::StatusOr<ExitCode>()>;

// A command that, if the words name it, is `chosen`.
CLI::App* Subcommand(CLI::App& app, const std::string& name, const std::string& about,
                     Action& chosen, Action action);

void AddFormat(CLI::App* command, std::string& format, const std::vector<std::string>& formats);
void AddAsOf(CLI::App* command, AsOfArguments& as_of);
// Which records of a ledger, as of when.
void AddScope(CLI::App* command, ReportArguments& a);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_COMMAND_OPTIONS_H_
