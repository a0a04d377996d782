#include "attribute_options.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "report_request.h"
#include "throughline/attribution.h"
#include "throughline/ledger_paths.h"

namespace throughline {
namespace {

// The names of an enum, for an option that takes one.
template <class Enum>
std::vector<std::string> ChoicesOf() {
  std::vector<std::string> names;
  names.reserve(std::size(EnumNames<Enum>::kValues));
  for (const auto& [value, name] : EnumNames<Enum>::kValues) names.emplace_back(name);
  return names;
}

template <class Enum>
void AddChoice(CLI::App* command, const std::string& option, std::string& value,
               const std::string& about) {
  command->add_option(option, value, about)
      ->check(CLI::IsMember(ChoicesOf<Enum>()))
      ->capture_default_str();
}

void AddModel(CLI::App* command, AttributeArguments& a) {
  AddChoice<AttributionModel>(command, "--model", a.model, "how credit is shared");
  command->add_option("--weights", a.weights, "of the model custom: first=30,middle=70")
      ->type_name("MILESTONE=PERCENT,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--half-life-days", a.half_life_days, "of the model time_decay")
      ->capture_default_str();
  command->add_option("--order", a.order, "of the model markov: 1, 2 or 3")->capture_default_str();
  command
      ->add_option("--minimum-conversions", a.minimum_conversions,
                   "with fewer, models that go by the data fall back to linear")
      ->capture_default_str();
  command
      ->add_option("--samples", a.samples, "orders of keys that shapley_rate draws above 20 keys")
      ->capture_default_str();
  command->add_option("--seed", a.seed, "the same seed gives the same draws")
      ->capture_default_str();
}

void AddComparison(CLI::App* command, AttributeArguments& a) {
  CLI::Option* compare = command->add_flag("--compare", a.compare, "the models side by side");
  command->add_flag("--validate", a.validate, "how well the models foretell what converts")
      ->excludes(compare);
  command->add_option("--models", a.models, "of --compare and --validate (default: all)")
      ->type_name("NAME,...")
      ->check(CLI::IsMember(ChoicesOf<AttributionModel>()))
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--resamples", a.resamples, "of --compare: data drawn for the intervals")
      ->capture_default_str();
  command->add_option("--held-out", a.held_out, "of --validate: the share that is tried")
      ->capture_default_str();
}

// The options that were given, by name.
void TakeGiven(const CLI::App& command, std::set<std::string>& given) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() > 0) given.insert(option->get_name());
  }
}

void AddPathScope(CLI::App* command, AttributeArguments& a) {
  AddChoice<AttributionKey>(command, "--by", a.by, "what rows go by");
  AddChoice<AttributionCredit>(command, "--credit", a.credit, "what is credited");
  AddChoice<TouchScope>(command, "--scope", a.scope, "whose touches earn");
  AddChoice<TouchWindow>(command, "--window", a.window, "from when on touches earn");
  command->add_option("--window-days", a.window_days, "of --window days")->capture_default_str();
  AddChoice<TouchSide>(command, "--side", a.side, "whose side's touches earn");
  AddChoice<AttributionAnchor>(command, "--anchor", a.anchor, "until when touches earn");
  command
      ->add_option("--collapse-minutes", a.collapse_minutes,
                   "repeats within so many minutes count once; 0: all count")
      ->capture_default_str();
  command->add_option("--aged-out-days", a.aged_out_days,
                      "companies untouched for so long came to nothing (default: by the policy)");
}

// --- What is given for nothing. ---

constexpr const char* kOfLedgers[] = {"--by",
                                      "--credit",
                                      "--scope",
                                      "--window",
                                      "--window-days",
                                      "--side",
                                      "--anchor",
                                      "--collapse-minutes",
                                      "--aged-out-days",
                                      "--through",
                                      "--known-at",
                                      "--seq",
                                      "--source",
                                      "--from",
                                      "--to",
                                      "--filter",
                                      "--currency",
                                      "--explain"};

struct OptionUse {
  std::string option;
  bool counts = false;
  std::string why;  // what it would be for
};

bool Asks(const AttributeArguments& a, const std::string& model) {
  if (!a.compare && !a.validate) return a.model == model;
  return a.models.empty() || std::ranges::find(a.models, model) != a.models.end();
}

std::vector<OptionUse> UsesByModel(const AttributeArguments& a) {
  const bool explains = !a.explain.empty();
  const bool by_data = Asks(a, "markov") || Asks(a, "shapley") || Asks(a, "shapley_ordered") ||
                       Asks(a, "shapley_rate");
  const bool draws = a.compare || a.validate || Asks(a, "shapley_rate");
  return {{"--weights", Asks(a, "custom") || explains, "is of the model custom"},
          {"--half-life-days", Asks(a, "time_decay"), "is of the model time_decay"},
          {"--order", Asks(a, "markov"), "is of the model markov"},
          {"--samples", Asks(a, "shapley_rate"), "is of the model shapley_rate"},
          {"--seed", draws, "is of the model shapley_rate, of --compare and of --validate"},
          {"--direct", Asks(a, "last_non_direct"), "is of the model last_non_direct"},
          {"--minimum-conversions", by_data && !explains, "is of models that go by the data"}};
}

std::vector<OptionUse> UsesByAnswer(const AttributeArguments& a) {
  const bool explains = !a.explain.empty(), several = a.compare || a.validate;
  return {{"--compare", !explains, "is not of one deal: leave out --explain"},
          {"--validate", !explains, "is not of one deal: leave out --explain"},
          {"--model", !several, "is one: --models names those of --compare and --validate"},
          {"--models", several, "is of --compare and --validate"},
          {"--resamples", a.compare, "is of --compare"},
          {"--held-out", a.validate, "is of --validate"}};
}

std::vector<OptionUse> UsesByPaths(const AttributeArguments& a) {
  const bool explains = !a.explain.empty(), filters = !a.report.filters.empty();
  const bool ages = !explains && !filters && a.credit != "losses";
  return {{"--window-days", a.window == "days", "is of --window days"},
          {"--anchor", explains || a.credit != "leads", "is not of leads: it is their creation"},
          {"--source", filters, "is of --filter"},
          {"--aged-out-days", ages, "is not of --filter, --explain or --credit losses"}};
}

}  // namespace

void AddAttribution(CLI::App& app, AttributeArguments& a, Action& chosen) {
  CLI::App* command =
      Subcommand(app, "attribute", "which touches earned what was won", chosen, [&] {
        const CLI::App& given = *app.get_subcommand("attribute");
        TakeGiven(given, a.given);
        TakeGiven(*given.get_subcommand("paths"), a.given);
        return RunAttribute(a);
      });
  command->add_option("LEDGER", a.report.ledger);
  AddModel(command, a);
  AddComparison(command, a);
  AddFormat(command, a.report.format, {"table", "csv", "json", "markdown", "html"});
  command->add_option("-o,--output", a.report.output, "file to write; - is the standard output")
      ->capture_default_str();
  AddPathScope(command, a);
  AddScope(command, a.report);
  command->add_option("--explain", a.explain, "one deal, touch by touch: its id, or system:key")
      ->type_name("OPPORTUNITY");
  // Options behind FILE are those of `attribute`.
  CLI::App* paths = command->add_subcommand("paths", "of a CSV file of paths, without a ledger");
  paths->fallthrough();
  paths->add_option("FILE", a.file, "- is the standard input")->required();
  paths->add_option("--direct", a.direct, "channels of direct traffic")
      ->delimiter(',')
      ->allow_extra_args(false);
}

absl::Status CheckAttributeOptions(const AttributeArguments& a) {
  if (!a.file.empty()) {
    for (const char* option : kOfLedgers) {
      if (a.given.contains(option)) return BadOption(option, "takes a ledger");
    }
  }
  for (const std::vector<OptionUse>& uses : {UsesByModel(a), UsesByAnswer(a), UsesByPaths(a)}) {
    for (const OptionUse& use : uses) {
      if (!use.counts && a.given.contains(use.option)) return BadOption(use.option, use.why);
    }
  }
  return absl::OkStatus();
}

}  // namespace throughline
