#include <iostream>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/error.h"

namespace throughline {
namespace {

bool WasErased(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) && DetailOf(status).rule == "erased";
}

}  // namespace

absl::StatusOr<ExitCode> RunPerson(const PersonArguments& arguments) {
  absl::StatusOr<ContactRef> contact = ParseRef<ContactTag>(arguments.contact);
  if (!contact.ok()) return contact.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<std::string> json = (*ledger)->ExportPerson(*contact);
  if (!json.ok()) return json.status();
  std::cout << *json;
  return kDone;
}

// Of somebody who was erased before, it tries to finish what was pending.
absl::StatusOr<ExitCode> RunErase(const PersonArguments& arguments) {
  absl::StatusOr<ContactRef> contact = ParseRef<ContactTag>(arguments.contact);
  if (!contact.ok()) return contact.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kWrite);
  if (!ledger.ok()) return ledger.status();
  ContactErase erase;
  erase.contact = *contact;
  erase.reason = arguments.reason;
  const absl::StatusOr<Receipt> receipt = (*ledger)->Execute(erase, {});
  if (!receipt.ok() && !WasErased(receipt.status())) return receipt.status();
  absl::StatusOr<bool> done = (*ledger)->FinishErasures();
  if (!done.ok()) return done.status();
  std::cerr << (receipt.ok() ? "Erased " : "Erased before: ") << arguments.contact << "\n";
  if (*done) return kDone;
  std::cerr << "Pending: another reader keeps traces in the file; run this again when it has "
               "ended\n";
  return kFailed;
}

}  // namespace throughline
