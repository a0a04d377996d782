#include <memory>
#include <utility>

#include "ledger/bulk_writer.h"
#include "ledger/read_records.h"
#include "ledger/row_access.h"
#include "ledger/settings.h"

namespace throughline {
namespace {

template <class Row>
absl::StatusOr<AccountId> AccountOfRow(ReadTransaction& transaction, int64_t id) {
  Row row;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(id), row);
  if (!found.ok()) return found.status();
  return *found ? row.account : kNoAccount;
}

class StoreHomeFinder final : public HomeFinder {
 public:
  StoreHomeFinder(std::unique_ptr<ReadTransaction> transaction, std::string secret)
      : transaction_(std::move(transaction)), secret_(std::move(secret)) {}

  absl::StatusOr<AccountId> Find(EntityKind kind, const ExternalId& external) override {
    absl::StatusOr<int64_t> id = FindExternalId(*transaction_, kind, external);
    if (!id.ok()) return id.status();
    if (*id == 0 && kind == EntityKind::kContact) {
      id = FindErasedContact(*transaction_, external, secret_);
      if (!id.ok()) return id.status();
    }
    if (*id == 0) return kNoAccount;
    return kind == EntityKind::kAccount ? AccountId{*id} : Find(kind, *id);
  }

  absl::StatusOr<AccountId> Find(EntityKind kind, int64_t id) override {
    switch (kind) {
      case EntityKind::kAccount:
        return AccountOfRow<AccountRow>(*transaction_, id);
      case EntityKind::kContact:
        return AccountOfRow<ContactRow>(*transaction_, id);
      case EntityKind::kLead:
        return AccountOfRow<LeadRow>(*transaction_, id);
      case EntityKind::kOpportunity:
        return AccountOfRow<OpportunityRow>(*transaction_, id);
      default:
        return kNoAccount;
    }
  }

 private:
  std::unique_ptr<ReadTransaction> transaction_;
  const std::string secret_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HomeFinder>> HomeFinder::Begin(Ledger& ledger) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = ledger.store().BeginRead();
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<std::string> secret = ReadSetting(**transaction, kRequestKeySetting);
  if (!secret.ok()) return secret.status();
  return std::make_unique<StoreHomeFinder>(*std::move(transaction), *std::move(secret));
}

}  // namespace throughline
