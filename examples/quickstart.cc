// The README's example, whole: a ledger, a lead, and a refusal.

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "throughline/ledger.h"
#include "throughline/sqlite_store.h"

namespace throughline {
namespace {

int Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  return EXIT_FAILURE;
}

int Run() {
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore({.path = "quickstart.db"});
  if (!store.ok()) return Fail(store.status());
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Create(*std::move(store));
  if (!ledger.ok()) return Fail(ledger.status());

  absl::StatusOr<Receipt> acme = (*ledger)->Execute(AccountOpen{.name = "Acme"}, {});
  if (!acme.ok()) return Fail(acme.status());
  absl::StatusOr<Receipt> lead =
      (*ledger)->Execute(LeadOpen{.account = AccountId{acme->id}, .source = "webinar"}, {});
  if (!lead.ok()) return Fail(lead.status());

  absl::StatusOr<Receipt> refused =
      (*ledger)->Execute(LeadClose{LeadId{lead->id}, "dead", /*reason=*/""}, {});
  std::cout << refused.status() << "\n";  // FAILED_PRECONDITION: missing_reason: ...

  // A lead without a reason is not dead.
  absl::StatusOr<LeadRow> row = (*ledger)->GetLead(LeadId{lead->id});
  if (!row.ok()) return Fail(row.status());
  return row->kind == StageKind::kOpen && !refused.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace throughline

int main() {
  std::filesystem::remove("quickstart.db");
  return throughline::Run();
}
