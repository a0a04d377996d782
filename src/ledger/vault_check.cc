#include "ledger/vault_check.h"

#include <variant>

#include "core/digest.h"
#include "ledger/row_access.h"
#include "ledger/row_text.h"

namespace throughline {
namespace {

template <class Row, class EntityId, class Digest>
absl::StatusOr<std::string> Check(ReadTransaction& transaction, EntityId id, const VaultRef& ref,
                                  Digest&& digest) {
  Row row;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(id, ref.revision), row);
  if (!found.ok()) return found.status();
  if (!*found || ref.digest.empty() || digest(row) == ref.digest) return std::string();
  return NameOfRow(row) + " does not match its digest";
}

absl::StatusOr<std::string> CheckProfile(ReadTransaction& transaction, ContactId contact,
                                         const VaultRef& ref) {
  return Check<ContactProfileRow>(transaction, contact, ref, ProfileDigest);
}

}  // namespace

absl::StatusOr<std::string> FaultInVault(ReadTransaction& transaction,
                                         const EventPayload& payload) {
  if (const auto* e = std::get_if<ContactAdded>(&payload)) {
    return CheckProfile(transaction, e->contact, e->profile);
  }
  if (const auto* e = std::get_if<ContactUpdated>(&payload)) {
    return CheckProfile(transaction, e->contact, e->profile);
  }
  if (const auto* e = std::get_if<ContactMoved>(&payload)) {
    return CheckProfile(transaction, e->contact, e->profile);
  }
  if (const auto* e = std::get_if<NoteAdded>(&payload)) {
    return Check<NoteRow>(transaction, e->note, e->text, NoteDigest);
  }
  return std::string();
}

}  // namespace throughline
