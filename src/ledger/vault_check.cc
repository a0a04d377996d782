#include "ledger/vault_check.h"

#include <variant>

#include "absl/strings/str_cat.h"
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

std::string LeftText(const std::string& what, ContactId contact) {
  return absl::StrCat(what, " is left of contact ", contact.value, ", who was erased");
}

}  // namespace

absl::StatusOr<std::string> VaultCheck::FaultOfProfile(ContactId contact, const VaultRef& ref) {
  return Check<ContactProfileRow>(transaction_, contact, ref, ProfileDigest);
}

// Nobody, if it is about something else.
ContactId VaultCheck::SubjectOf(const NoteAdded& note) const {
  if (note.about == EntityKind::kContact) return ContactId{note.about_id};
  if (note.about != EntityKind::kLead) return {};
  const auto lead = leads_.find(LeadId{note.about_id});
  return lead == leads_.end() ? ContactId{} : lead->second;
}

absl::StatusOr<bool> VaultCheck::WasErasedAfter(Time recorded_at, ContactId contact) {
  ContactRow row;
  absl::StatusOr<bool> found = GetRow(transaction_, KeyValues(contact), row);
  if (!found.ok()) return found.status();
  return *found && row.erased_at && recorded_at < *row.erased_at;
}

absl::StatusOr<std::string> VaultCheck::FaultOfNote(const RecordedEvent& event,
                                                    const NoteAdded& note) {
  const ContactId subject = SubjectOf(note);
  if (subject) {
    absl::StatusOr<bool> gone = WasErasedAfter(event.recorded_at, subject);
    if (!gone.ok()) return gone.status();
    NoteRow row;
    absl::StatusOr<bool> found = false;
    if (*gone) found = GetRow(transaction_, KeyValues(note.note, note.text.revision), row);
    if (!found.ok()) return found.status();
    if (*found) return LeftText(NameOfRow(row), subject);
  }
  return Check<NoteRow>(transaction_, note.note, note.text, NoteDigest);
}

absl::StatusOr<std::string> VaultCheck::LeftOf(ContactId contact) {
  std::string left;
  const auto note = [&](const auto& row) { left = LeftText(NameOfRow(row), contact); };
  const auto key = KeyValues(contact);
  absl::Status status = ScanPrefix<ContactProfileRow>(transaction_, kPrimaryKey, key, note);
  // Its key would tell who it was.
  status.Update(ScanPrefix<ContactExternalIdRow>(
      transaction_, ContactExternalIdIndex::kByContact, key,
      [&](const ContactExternalIdRow&) { left = LeftText("an external id", contact); }));
  if (!status.ok()) return status;
  return left;
}

absl::StatusOr<std::string> VaultCheck::FaultAt(const RecordedEvent& event) {
  const EventPayload& payload = event.event.payload;
  if (const auto* e = std::get_if<ContactAdded>(&payload)) {
    return FaultOfProfile(e->contact, e->profile);
  }
  if (const auto* e = std::get_if<ContactUpdated>(&payload)) {
    return FaultOfProfile(e->contact, e->profile);
  }
  if (const auto* e = std::get_if<ContactMoved>(&payload)) {
    return FaultOfProfile(e->contact, e->profile);
  }
  if (const auto* e = std::get_if<LeadOpened>(&payload)) {
    if (e->contact) leads_[e->lead] = e->contact;
  }
  if (const auto* e = std::get_if<NoteAdded>(&payload)) return FaultOfNote(event, *e);
  if (const auto* e = std::get_if<ContactErased>(&payload)) return LeftOf(e->contact);
  return std::string();
}

}  // namespace throughline
