#ifndef THROUGHLINE_LEDGER_READ_RECORDS_H_
#define THROUGHLINE_LEDGER_READ_RECORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/row_access.h"
#include "throughline/error.h"
#include "throughline/ids.h"
#include "throughline/row.h"
#include "throughline/store.h"

// Records by id, by external id, by email and by domain, in one read transaction.

namespace throughline {

// The id of an external id; 0 if nobody has it.
absl::StatusOr<int64_t> FindExternalId(ReadTransaction& transaction, EntityKind kind,
                                       const ExternalId& external);

// The contact who had the external id and was erased; 0: nobody.
absl::StatusOr<int64_t> FindErasedContact(ReadTransaction& transaction, const ExternalId& external,
                                          std::string_view secret);

absl::StatusOr<std::vector<ExternalId>> ReadExternalIds(ReadTransaction& transaction,
                                                        EntityKind kind, int64_t id);

// INVALID_ARGUMENT if it names nothing, NOT_FOUND if nobody has the external id.
template <class Tag>
absl::StatusOr<Id<Tag>> ResolveRef(ReadTransaction& transaction, const Ref<Tag>& ref) {
  if (ref.id.value < 0) return InvalidField(Tag::kKind, "an id is positive");
  if (ref.id) return ref.id;
  if (!ref.external) return InvalidField(Tag::kKind, "is needed");
  EntityKind kind = EntityKind::kNone;
  FromName(Tag::kKind, kind);
  absl::StatusOr<int64_t> id = FindExternalId(transaction, kind, ref.external);
  if (!id.ok()) return id.status();
  if (*id != 0) return Id<Tag>{*id};
  return NotFoundField(Tag::kKind, absl::StrCat("no ", Tag::kKind, " has the external id ",
                                                ref.external.system, ":", ref.external.key));
}

// The row of the record that a reference names.
template <class Row, class Tag>
absl::StatusOr<Row> ReadRecord(ReadTransaction& transaction, const Ref<Tag>& ref) {
  absl::StatusOr<Id<Tag>> id = ResolveRef(transaction, ref);
  if (!id.ok()) return id.status();
  Row row;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(*id), row);
  if (!found.ok()) return found.status();
  if (*found) return row;
  return NotFoundField(Tag::kKind, absl::StrCat("no ", Tag::kKind, " ", id->value));
}

// NOT_FOUND also if it was erased.
absl::StatusOr<ContactProfileRow> ReadProfile(ReadTransaction& transaction,
                                              const ContactRef& contact);

absl::StatusOr<std::string> ReadNoteText(ReadTransaction& transaction, NoteId note);

absl::StatusOr<std::vector<ContactRow>> FindByEmail(ReadTransaction& transaction,
                                                    std::string_view email);
absl::StatusOr<std::vector<AccountRow>> FindByDomain(ReadTransaction& transaction,
                                                     std::string_view domain);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_READ_RECORDS_H_
