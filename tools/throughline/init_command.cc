#include <iostream>

#include "commands.h"
#include "opened_ledger.h"

namespace throughline {

absl::StatusOr<ExitCode> RunInit(const InitArguments& arguments) {
  std::string policy;
  if (!arguments.policy.empty()) {
    absl::StatusOr<std::string> text = ReadFile(arguments.policy);
    if (!text.ok()) return text.status();
    // A fault in the policy is to be found before there is a file.
    if (absl::Status s = Policy::Parse(*text).status(); !s.ok()) {
      return absl::InvalidArgumentError(arguments.policy + ": " + std::string(s.message()));
    }
    policy = *std::move(text);
  }
  SqliteOptions options;
  options.path = arguments.ledger;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore(options);
  if (!store.ok()) return CannotOpen(arguments.ledger, store.status());
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Create(*std::move(store), {}, policy);
  if (!ledger.ok()) return CannotOpen(arguments.ledger, ledger.status());
  std::cerr << "Made the ledger " << arguments.ledger << "\n";
  return kDone;
}

absl::StatusOr<ExitCode> RunPolicyCheck(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(*text);
  if (!policy.ok()) {
    std::cerr << path << ": " << std::string(policy.status().message()) << "\n";
    return kDataWrong;
  }
  std::cout << path << ": a policy with " << (*policy)->stages().size() << " stages\n";
  return kDone;
}

}  // namespace throughline
