#include "ledger/read_records.h"

#include <algorithm>
#include <utility>

#include "core/digest.h"
#include "model/text.h"
#include "store/schema.h"

namespace throughline {
namespace {

// The rows with these ids, in their order and each once; ids without a row are left out.
template <class Row, class IdType>
absl::StatusOr<std::vector<Row>> ReadAll(ReadTransaction& transaction, std::vector<IdType> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Row> rows;
  for (const IdType id : ids) {
    Row row;
    absl::StatusOr<bool> found = GetRow(transaction, KeyValues(id), row);
    if (!found.ok()) return found.status();
    if (*found) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

absl::StatusOr<int64_t> FindExternalId(ReadTransaction& transaction, EntityKind kind,
                                       const ExternalId& external) {
  if (kind == EntityKind::kContact) {
    ContactExternalIdRow row;
    absl::StatusOr<bool> found = GetRow(transaction, KeyValues(external.system, external.key), row);
    if (!found.ok()) return found.status();
    return *found ? row.contact.value : 0;
  }
  ExternalIdRow row;
  absl::StatusOr<bool> found =
      GetRow(transaction, KeyValues(kind, external.system, external.key), row);
  if (!found.ok()) return found.status();
  return *found ? row.id : 0;
}

absl::StatusOr<int64_t> FindErasedContact(ReadTransaction& transaction, const ExternalId& external,
                                          std::string_view secret) {
  const std::string identity = ExternalIdentity(external.system, external.key, secret);
  ErasedIdentityRow row;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(identity), row);
  if (!found.ok()) return found.status();
  return *found ? row.contact.value : 0;
}

absl::StatusOr<std::vector<ExternalId>> ReadExternalIds(ReadTransaction& transaction,
                                                        EntityKind kind, int64_t id) {
  std::vector<ExternalId> ids;
  const auto add = [&](auto&& row) { ids.push_back({std::move(row.system), std::move(row.key)}); };
  const absl::Status status =
      kind == EntityKind::kContact
          ? ScanPrefix<ContactExternalIdRow>(transaction, ContactExternalIdIndex::kByContact,
                                             KeyValues(id), add)
          : ScanPrefix<ExternalIdRow>(transaction, ExternalIdIndex::kById, KeyValues(kind, id),
                                      add);
  if (!status.ok()) return status;
  return ids;
}

absl::StatusOr<ContactProfileRow> ReadProfile(ReadTransaction& transaction,
                                              const ContactRef& contact) {
  absl::StatusOr<ContactRow> row = ReadRecord<ContactRow>(transaction, contact);
  if (!row.ok()) return row.status();
  ContactProfileRow profile;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(row->contact, row->revision), profile);
  if (!found.ok()) return found.status();
  if (*found) return profile;
  const std::string when =
      row->erased_at ? absl::StrCat(" on ", FormatDate(DateOf(*row->erased_at))) : "";
  return NotFoundField(
      "contact", absl::StrCat("the data of contact ", row->contact.value, " was erased", when));
}

absl::StatusOr<std::string> ReadNoteText(ReadTransaction& transaction, NoteId note) {
  const auto key = KeyValues(note);
  Scan newest;
  newest.prefix = key;
  newest.descending = true;
  std::string text;
  bool found = false;
  const absl::Status status = ScanRowsOf<NoteRow>(transaction, newest, [&](NoteRow row) {
    text = std::move(row.text);
    found = true;
    return false;
  });
  if (!status.ok()) return status;
  if (found) return text;
  return NotFoundField("note", absl::StrCat("no note ", note.value, ", or it was erased"));
}

absl::StatusOr<std::vector<ContactRow>> FindByEmail(ReadTransaction& transaction,
                                                    std::string_view email) {
  const std::string key = EmailKey(email);
  if (key.empty()) return InvalidField("email", "is not an email address");
  std::vector<ContactId> ids;
  const absl::Status status = ScanPrefix<ContactProfileRow>(
      transaction, ContactProfileIndex::kByEmailKey, KeyValues(key),
      [&](const ContactProfileRow& row) { ids.push_back(row.contact); });
  if (!status.ok()) return status;
  return ReadAll<ContactRow>(transaction, std::move(ids));
}

absl::StatusOr<std::vector<AccountRow>> FindByDomain(ReadTransaction& transaction,
                                                     std::string_view domain) {
  const std::string key = NormalDomain(domain);
  if (key.empty()) return InvalidField("domain", "is not a domain");
  std::vector<AccountId> ids;
  const absl::Status status = ScanPrefix<AccountDomainRow>(
      transaction, AccountDomainIndex::kByDomain, KeyValues(key),
      [&](const AccountDomainRow& row) { ids.push_back(row.account); });
  if (!status.ok()) return status;
  return ReadAll<AccountRow>(transaction, std::move(ids));
}

}  // namespace throughline
