#include "command_options.h"

#include <utility>

namespace throughline {

CLI::App* Subcommand(CLI::App& app, const std::string& name, const std::string& about,
                     Action& chosen, Action action) {
  CLI::App* command = app.add_subcommand(name, about);
  command->callback([&chosen, action = std::move(action)] { chosen = action; });
  return command;
}

void AddFormat(CLI::App* command, std::string& format, const std::vector<std::string>& formats) {
  command->add_option("--format", format, "how to write the answer")
      ->check(CLI::IsMember(formats))
      ->capture_default_str();
}

void AddAsOf(CLI::App* command, AsOfArguments& as_of) {
  command->add_option("--through", as_of.through,
                      "only what happened by then (a day: by its end in UTC)");
  command->add_option("--known-at", as_of.known_at,
                      "as far as it was known then (a day: by its end in UTC)");
  command->add_option("--seq", as_of.seq, "from the commits up to this one");
}

void AddScope(CLI::App* command, ReportArguments& a) {
  AddAsOf(command, a.as_of);
  command->add_option("--source", a.source, "which of a record's sources counts")
      ->check(CLI::IsMember({"original", "first", "latest"}))
      ->capture_default_str();
  command->add_option("--from", a.from, "first day of the period");
  command->add_option("--to", a.to, "last day of the period");
  command->add_option("--filter", a.filters, "only records with this value; may be repeated")
      ->type_name("DIMENSION=VALUE")
      ->allow_extra_args(false);
  command->add_option("--currency", a.currency, "convert amounts into it, e.g. EUR");
}

}  // namespace throughline
